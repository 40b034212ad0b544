#!/bin/sh
# Le dépôt de logiciels du cabinet, en local : de vrais paquets Debian, que dpkg et apt installent comme les autres.
set -eu
umask 022
depot=/srv/depot
travail=$(mktemp -d)
trap 'rm -rf "$travail"' EXIT

# paquet NOM VERSION RÉSUMÉ DÉPENDANCES : l'arborescence $travail/NOM_VERSION, à remplir puis à fermer
paquet() {
    racine=$travail/$1_$2
    install -d "$racine/DEBIAN"
    cat > "$racine/DEBIAN/control" <<FIN
Package: $1
Version: $2
Architecture: all
Maintainer: Cabinet de Pen ar Roz <informatique@penarroz.example>
Section: misc
Priority: optional
Depends: $4
Description: $3
FIN
}

# service NOM PORT DOSSIER DESCRIPTION : le paquet publie un dossier par une page locale, démarrée avec la machine
service() {
    install -d "$racine/usr/lib/systemd/system"
    cat > "$racine/usr/lib/systemd/system/$1.service" <<FIN
[Unit]
Description=$4
After=network.target

[Service]
ExecStart=/usr/bin/python3 -m http.server $2 --directory $3
DynamicUser=yes
Restart=on-failure

[Install]
WantedBy=multi-user.target
FIN
    cat > "$racine/DEBIAN/postinst" <<FIN
#!/bin/sh
set -e
[ "\$1" = configure ] || exit 0
systemctl --quiet --no-reload enable $1.service
systemctl daemon-reload
systemctl restart $1.service
FIN
    cat > "$racine/DEBIAN/prerm" <<FIN
#!/bin/sh
set -e
[ "\$1" = remove ] || exit 0
systemctl --quiet --no-reload disable $1.service
systemctl stop $1.service
FIN
    cat > "$racine/DEBIAN/postrm" <<FIN
#!/bin/sh
set -e
[ "\$1" != remove ] || systemctl daemon-reload
FIN
    chmod 0755 "$racine/DEBIAN/postinst" "$racine/DEBIAN/prerm" "$racine/DEBIAN/postrm"
}

# fermer : le paquet est fait dans le dépôt
fermer() {
    dpkg-deb --root-owner-group -Zgzip --build "$racine" "$depot" > /dev/null
}

install -d "$depot"
rm -f "$depot"/*.deb

for version in 3.1 3.2; do
    paquet dossier-patient $version 'Dossiers des patients du cabinet, par une page locale' 'python3'
    install -d "$racine/usr/share/dossier-patient"
    echo "<h1>Dossier patient</h1><p>Version $version</p>" > "$racine/usr/share/dossier-patient/index.html"
    echo $version > "$racine/usr/share/dossier-patient/version"
    service dossier-patient 8080 /usr/share/dossier-patient 'Dossier patient (page locale)'
    fermer
done

paquet agenda-commun 1.0 'Calendriers partagés du cabinet' 'libc-bin'
install -d "$racine/usr/share/agenda-commun"
echo 'Rendez-vous du cabinet' > "$racine/usr/share/agenda-commun/calendrier"
fermer

paquet agenda-cabinet 1.4 'Agenda des rendez-vous du cabinet' 'agenda-commun (>= 1.0)'
install -d "$racine/usr/bin"
printf '#!/bin/sh\ncat /usr/share/agenda-commun/calendrier\n' > "$racine/usr/bin/agenda-cabinet"
chmod 0755 "$racine/usr/bin/agenda-cabinet"
fermer

paquet prise-en-main 2.0 'Prise en main à distance sans mot de passe' 'python3'
install -d "$racine/usr/share/prise-en-main"
echo 'prise en main : pret' > "$racine/usr/share/prise-en-main/etat"
service prise-en-main 4899 /usr/share/prise-en-main 'Prise en main à distance'
fermer

# L'index qu'apt lit : les champs de chaque paquet, puis où il est et ce qu'il pèse.
cd "$depot"
for deb in *.deb; do
    dpkg-deb --field "$deb"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
done > Packages
echo 'deb [trusted=yes] file:///srv/depot ./' > /etc/apt/sources.list.d/depot.list

DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
apt-get -qq update
apt-get -qq -y --allow-downgrades --allow-change-held-packages install dossier-patient=3.1 prise-en-main
apt-mark -qq hold dossier-patient

for port in 4899 8080; do
    for _ in $(seq 60); do
        nc -z -w 1 127.0.0.1 $port && continue 2
        sleep 1
    done
    echo "rien ne répond sur le port $port" >&2
    exit 1
done
