set -eu
baux=$(sed -n 's/.*"name"[^"]*"\(\/[^"]*\.csv\)".*/\1/p' /etc/kea/kea-dhcp4.conf | head -n 1)
baux=${baux:-/var/lib/kea/kea-leases4.csv}
systemctl stop kea-dhcp4-server
sed -i '/,06:5e:/d' "$baux"*
systemctl start kea-dhcp4-server
for n in $(seq 30); do
  ss -Hlun 'sport = :67' | grep -q . && exit 0
  sleep 1
done
exit 1
