# Accounts of the device. The factory password is a known default of this kind of device (admin/admin), set by
# netbox-apply at the first start from the factory settings, and part of the exam.
groupadd --system netbox
useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --gid netbox netbox-web
install -d -m 0755 /var/lib/netbox
useradd --no-create-home --home-dir /var/lib/netbox --shell /usr/bin/netbox --comment 'NETBOX' --gid netbox admin
passwd --quiet --lock admin
install -d -m 2770 -o root -g netbox /etc/netbox
chmod 0440 /etc/sudoers.d/netbox
chmod 0700 /usr/lib/epreuve/radio-witness /usr/lib/epreuve/radio-lease
# The technician works on this machine through the device's own interfaces.
usermod --shell /usr/sbin/nologin technicien
deluser --quiet technicien sudo 2> /dev/null || gpasswd --delete technicien sudo
python3 -m compileall -q /usr/lib/netbox/netbox
printf 'NETBOX AC-1200\n\n' > /etc/issue
printf 'NETBOX AC-1200\n' > /etc/issue.net
: > /etc/motd
