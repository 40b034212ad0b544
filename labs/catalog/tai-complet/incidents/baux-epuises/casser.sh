# Quatre-vingt-dix appareils de passage ont pris toute l'étendue, pour huit heures.
set -eu
conf=/etc/kea/kea-dhcp4.conf
baux=$(sed -n 's/.*"name"[^"]*"\(\/[^"]*\.csv\)".*/\1/p' "$conf" | head -n 1)
baux=${baux:-/var/lib/kea/kea-leases4.csv}
reseau=$(tr -d '\n' < "$conf" | sed -n 's/.*"subnet4"[^]]*"id"[^0-9]*\([0-9]*\).*/\1/p')
[ -s "$baux" ]
grep -q ',06:5e:' "$baux" && exit 0
systemctl stop kea-dhcp4-server
fin=$(($(date +%s) + 27000))
for n in $(seq 100 199); do
  case $n in 15?) continue ;; esac
  printf '192.168.50.%d,06:5e:%02x:%02x:%02x:%02x,,28800,%d,%d,0,0,,0,,0\n' \
    "$n" $((n * 7 % 256)) $((n * 31 % 256)) $((n * 113 % 256)) $((n * 59 % 256)) $((fin + n * 13)) "${reseau:-1}"
done >> "$baux"
systemctl start kea-dhcp4-server
for n in $(seq 30); do
  ss -Hlun 'sport = :67' | grep -q . && exit 0
  sleep 1
done
exit 1
