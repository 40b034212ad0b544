set -eu
sed -i 's/192\.168\.50\.245/192.168.50.254/g' $(grep -rlF 192.168.50.245 /etc/kea)
systemctl restart kea-dhcp4-server
for n in $(seq 30); do
  ss -Hlun 'sport = :67' | grep -q . && exit 0
  sleep 1
done
exit 1
