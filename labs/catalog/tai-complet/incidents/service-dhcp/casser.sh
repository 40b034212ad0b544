set -eu
systemctl disable --now -q kea-dhcp4-server
