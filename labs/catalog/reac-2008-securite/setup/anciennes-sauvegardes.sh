#!/bin/sh
# Trois archives du prédécesseur. Le fichier est complet dans la deuxième, plus court dans la première, absent de la
# dernière : il avait déjà été supprimé.
set -eu
place=/srv/anciennes-sauvegardes perdu=srv/donnees/releves/2026-041-combe-noire/mesures.csv
[ ! -e "$place/donnees-2026-10-16.tar.gz" ] || exit 0
mkdir -p -m 0700 "$place"
cd /
archive() {
  tar -czf "$place/donnees-$1.tar.gz" --exclude=srv/donnees/tampon srv/donnees
  touch -d "$1 22:31" "$place/donnees-$1.tar.gz"
}
archive 2026-10-09
cp -p "$perdu" /run/complet
sed -n 1,181p /run/complet > "$perdu"
touch -d '2026-10-02 17:40' "$perdu"
archive 2026-10-02
rm "$perdu" /run/complet
archive 2026-10-16
