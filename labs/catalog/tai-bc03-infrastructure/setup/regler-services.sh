#!/bin/sh
# Le DHCP de l'ancien local, un partage ouvert à tous sous un mauvais nom, un pare-feu qui n'interdit que ce qu'il nomme, un
# tunnel en service (les clés de la session viendront plus tard).
set -eu
umask 022

cat > /etc/kea/kea-dhcp4.conf <<'FIN'
{
  "Dhcp4": {
    "interfaces-config": { "interfaces": ["eth1"] },
    "control-socket": { "socket-type": "unix", "socket-name": "/run/kea/kea4-ctrl-socket" },
    "lease-database": { "type": "memfile", "name": "/var/lib/kea/kea-leases4.csv", "lfc-interval": 3600 },
    "valid-lifetime": 3600,
    "subnet4": [
      {
        "id": 1,
        "subnet": "192.168.50.0/24",
        "pools": [
          { "pool": "192.168.50.40 - 192.168.50.199" }
        ],
        "option-data": [
          { "name": "routers", "data": "192.168.50.1" },
          { "name": "domain-name-servers", "data": "192.168.50.1" },
          { "name": "domain-name", "data": "kerbras.local" }
        ],
        "reservations": [
          { "hw-address": "52:54:00:60:00:54", "ip-address": "192.168.50.41", "hostname": "traceur" }
        ]
      }
    ]
  }
}
FIN
chgrp _kea /etc/kea/kea-dhcp4.conf
chmod 0640 /etc/kea/kea-dhcp4.conf
systemctl enable -q kea-dhcp4-server
systemctl restart kea-dhcp4-server

install -d -m 0777 -o root -g root /srv/partages/gabarits
chmod 0777 /srv/partages/gabarits
for voile in grand-voile genois spi; do
    [ -e "/srv/partages/gabarits/$voile.dxf" ] || echo "Gabarit $voile" > "/srv/partages/gabarits/$voile.dxf"
done
chmod 0666 /srv/partages/gabarits/*
grep -q '^\[commun\]' /etc/samba/smb.conf ||
    printf '\n[commun]\n    path = /srv/partages/gabarits\n    read only = no\n    guest ok = yes\n' >> /etc/samba/smb.conf
smbcontrol all reload-config

cat > /etc/nftables.conf <<'FIN'
#!/usr/sbin/nft -f
flush ruleset

table inet pare-feu {
  chain input {
    type filter hook input priority filter; policy accept;
    ct state established,related accept
    iif lo accept
    # Essais du fournisseur
    iifname "eth1" tcp dport 22 accept
    iifname "eth1" tcp dport { 139, 445 } drop
  }
}
FIN
chmod 0755 /etc/nftables.conf
systemctl enable -q nftables
nft -f /etc/nftables.conf
systemctl start nftables

umask 077
if [ ! -e /etc/wireguard/wg0.conf ]; then
    printf '[Interface]\nAddress = 10.60.0.1/24\nListenPort = 51820\nPrivateKey = %s\n' "$(wg genkey)" > /etc/wireguard/wg0.conf
fi
systemctl enable -q wg-quick@wg0
systemctl start wg-quick@wg0

for n in $(seq 60); do
    ss -Hlun 'sport = :67' | grep -q . && exit 0
    sleep 1
done
echo "le service DHCP n'écoute pas" >&2
exit 1
