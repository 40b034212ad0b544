set -eu
systemctl disable --now -q winbind
