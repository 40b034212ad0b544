set -eu
chage -E -1 katell
