install -d -m 0755 /srv/partages
install -d -m 0750 -o root -g _kea /etc/kea
chown root:_kea /etc/kea/kea-dhcp4.conf
chmod 0640 /etc/kea/kea-dhcp4.conf
# Winbind names in getent, ls and setfacl.
sed -i -E 's/^(passwd|group):.*/\1:         files winbind/' /etc/nsswitch.conf
pam-auth-update --package --disable winbind
