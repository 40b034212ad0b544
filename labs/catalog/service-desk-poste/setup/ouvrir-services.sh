#!/bin/sh
# Le dossier de l'accueil, partagé et ouvert à tous (le candidat doit y mettre de l'ordre), et le serveur DHCP en marche.
set -eu

install -d -m 0777 -o root -g root /srv/partages/accueil
[ -e /srv/partages/accueil/LISEZ-MOI.txt ] ||
    echo "Dossier de l'accueil : fiches des visiteurs, modèles de lettres." > /srv/partages/accueil/LISEZ-MOI.txt
if ! testparm -s --section-name=accueil > /dev/null 2>&1; then
    printf '\n[accueil]\n    path = /srv/partages/accueil\n    read only = no\n' >> /etc/samba/smb.conf
    smbcontrol all reload-config
fi

cat > /etc/kea/kea-dhcp4.conf <<'EOT'
{
  "Dhcp4": {
    "interfaces-config": { "interfaces": ["eth0"] },
    "control-socket": { "socket-type": "unix", "socket-name": "/run/kea/kea4-ctrl-socket" },
    "lease-database": { "type": "memfile", "name": "/var/lib/kea/kea-leases4.csv", "lfc-interval": 3600 },
    "valid-lifetime": 28800,
    "subnet4": [
      {
        "id": 1,
        "subnet": "192.168.50.0/24",
        "pools": [{ "pool": "192.168.50.100 - 192.168.50.199" }],
        "option-data": [
          { "name": "routers", "data": "192.168.50.254" },
          { "name": "domain-name-servers", "data": "192.168.50.10" },
          { "name": "domain-name", "data": "kerbras.lan" }
        ]
      }
    ]
  }
}
EOT
chgrp _kea /etc/kea/kea-dhcp4.conf
systemctl enable --quiet kea-dhcp4-server
systemctl restart kea-dhcp4-server

# Les adresses qui ont une boîte. Leurs mots de passe sont posés dans chaque poste d'examen.
for nom in yann.lebihan soizic.lagadec gwen.tanguy marie.kervella centre-services; do
    grep -q "^$nom@kerbras.lan " /etc/postfix/boites || echo "$nom@kerbras.lan oui" >> /etc/postfix/boites
done
postfix reload 2> /dev/null
echo "services ouverts"
