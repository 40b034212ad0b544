# Deux chiffres inversés dans la passerelle, où que le candidat l'ait écrite.
set -eu
sed -i 's/192\.168\.50\.254/192.168.50.245/g' $(grep -rlF 192.168.50.254 /etc/kea)
systemctl restart kea-dhcp4-server
for n in $(seq 30); do
  ss -Hlun 'sport = :67' | grep -q . && exit 0
  sleep 1
done
exit 1
