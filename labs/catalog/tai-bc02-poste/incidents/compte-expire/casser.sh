set -eu
chage -E 2025-12-31 katell
