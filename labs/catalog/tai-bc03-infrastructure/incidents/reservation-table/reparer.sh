# Une réservation de plus, devant la première de la configuration.
set -eu
grep -q '52:54:00:60:00:46' /etc/kea/kea-dhcp4.conf ||
  sed -i '0,/"reservations": *\[/s//&\n { "hw-address": "52:54:00:60:00:46", "ip-address": "192.168.50.46" },/' /etc/kea/kea-dhcp4.conf
systemctl restart kea-dhcp4-server
for n in $(seq 30); do
  ss -Hlun 'sport = :67' | grep -q . && exit 0
  sleep 1
done
exit 1
