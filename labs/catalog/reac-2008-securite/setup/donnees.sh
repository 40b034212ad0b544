#!/bin/sh
# La grappe des données (deux disques en miroir), montée au démarrage, et les dossiers du cabinet.
set -eu
systemctl start disques.service
if [ ! -e /dev/md0 ]; then
  mdadm --create /dev/md0 --run --quiet --level=1 --raid-devices=2 --metadata=1.2 --name=donnees --bitmap=none \
    /dev/sda /dev/sdb
  mkfs.ext4 -q -L donnees /dev/md0
fi
mdadm --wait /dev/md0 || true
grep -q '^ARRAY' /etc/mdadm/mdadm.conf ||
  printf 'ARRAY /dev/md0 metadata=1.2 UUID=%s\n' "$(mdadm --detail --export /dev/md0 | sed -n 's/^MD_UUID=//p')" \
    >> /etc/mdadm/mdadm.conf
grep -q /srv/donnees /etc/fstab || echo 'LABEL=donnees /srv/donnees ext4 defaults,nofail 0 2' >> /etc/fstab
systemctl daemon-reload
mkdir -p /srv/donnees
mountpoint -q /srv/donnees || mount /srv/donnees
cd /srv/donnees
rm -rf lost+found

# mesures FICHIER POINTS DÉPART : un relevé, toujours le même pour les mêmes nombres
mesures() {
  point=0
  echo 'point;x;y;z'
  while [ "$point" -lt "$1" ]; do
    point=$((point + 1))
    echo "$point;$(($2 + point * 137 % 9973)).$((point * 31 % 100));$(($2 * 2 + point * 211 % 9967)).$((point * 17 % 100));$((point * 7 % 431)).$((point * 13 % 100))"
  done
}
mkdir -p releves/2026-038-pont-de-vence releves/2026-041-combe-noire releves/2026-044-lotissement comptabilite modeles tampon
mesures 120 41000 > releves/2026-038-pont-de-vence/mesures.csv
mesures 300 52000 > releves/2026-041-combe-noire/mesures.csv
mesures 90 63000 > releves/2026-044-lotissement/mesures.csv
for dossier in 2026-038-pont-de-vence 2026-041-combe-noire 2026-044-lotissement; do
  printf 'Dossier %s\nLevé contradictoire, signé sur place.\n' "$dossier" > "releves/$dossier/proces-verbal.txt"
done
mesures 60 7000 > comptabilite/factures-2026.csv
printf 'Salaires 2026\nConfidentiel\n' > comptabilite/salaires-2026.txt
printf 'Devis type\n' > modeles/devis.txt
printf 'Procès-verbal type\n' > modeles/proces-verbal.txt
head -c 300000 /dev/zero | tr '\0' 'z' > tampon/export-1.tmp
head -c 300000 /dev/zero | tr '\0' 'y' > tampon/export-2.tmp

# Comme les années l'ont fait : tout est à qui l'a écrit, et ouvert à tous.
chown -R alice.perrin:geometres releves
chown -R karim.benali:geometres releves/2026-044-lotissement
chown -R sylvie.martel:compta comptabilite
chown -R root:root modeles
chown root:root . releves comptabilite tampon
find releves comptabilite modeles -type f -exec chmod 0644 {} +
find . -mindepth 1 -type d -exec chmod 0755 {} +
chmod 0777 releves comptabilite
chmod 1777 tampon
find . -exec touch -h -d '2026-10-09 18:02' {} +
