#!/bin/sh
# Le dossier à partager, le script de sauvegarde à planifier, l'exemple de stratégie.
set -eu

install -d -m 0755 -o root -g root /srv/partages /srv/partages/compta
[ -e /srv/partages/compta/LISEZ-MOI.txt ] ||
    echo "Dossier de la comptabilité. À partager sous le nom compta." > /srv/partages/compta/LISEZ-MOI.txt

# Lisible par tous : c'est l'état que le candidat doit corriger.
install -d -m 0755 -o root -g root /srv/sauvegardes

cat > /usr/local/sbin/sauvegarde-compta <<'EOF'
#!/bin/sh
# Sauvegarde du dossier de la comptabilité : une archive par jour, quatorze jours gardés.
set -eu
archive=/srv/sauvegardes/compta-$(date +%F).tar.gz
tar -C /srv/partages -czf "$archive.en-cours" compta
mv "$archive.en-cours" "$archive"
find /srv/sauvegardes -name 'compta-*.tar.gz' -mtime +14 -delete
EOF
chmod 0755 /usr/local/sbin/sauvegarde-compta

install -d -m 0755 /usr/local/share/modeles
cat > /usr/local/share/modeles/strategie.json <<'EOF'
[
    {
        "keyname": "Software\\Policies\\Exemple\\Dossier",
        "valuename": "Reglage",
        "class": "MACHINE",
        "type": "REG_SZ",
        "data": "texte"
    }
]
EOF
echo "fichiers déposés"
