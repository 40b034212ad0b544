set -eu
sed -i '/^[[:space:]]*\[gabarits\]/I,/^[[:space:]]*\[/ { /^    read only = yes$/d }' /etc/samba/smb.conf
smbcontrol all reload-config
