#!/bin/sh
# L'ancien agenda, installé autrefois à la main, et le script des mises à jour, que rien ne lance.
set -eu

if ! dpkg-query -W kerbras-agenda > /dev/null 2>&1; then
    travail=$(mktemp -d)
    install -d -m 0755 "$travail/a" "$travail/a/DEBIAN" "$travail/a/usr/bin" "$travail/a/etc/kerbras"
    cat > "$travail/a/DEBIAN/control" <<'EOT'
Package: kerbras-agenda
Version: 1.8
Section: misc
Priority: optional
Architecture: all
Maintainer: Informatique Kerbras <centre-services@kerbras.lan>
Description: Kerbras Agenda
 Ancien agenda partagé, remplacé.
EOT
    echo /etc/kerbras/agenda.conf > "$travail/a/DEBIAN/conffiles"
    echo 'serveur = ancien' > "$travail/a/etc/kerbras/agenda.conf"
    printf '#!/bin/sh\necho "Kerbras Agenda 1.8"\n' > "$travail/a/usr/bin/kerbras-agenda"
    chmod 0755 "$travail/a/usr/bin/kerbras-agenda"
    dpkg-deb --root-owner-group -Zgzip --build "$travail/a" "$travail/a.deb" > /dev/null
    dpkg -i "$travail/a.deb" > /dev/null
    rm -rf "$travail"
fi

cat > /usr/local/sbin/maj-poste <<'EOT'
#!/bin/sh
# Mises à jour du poste, sans question.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
apt-get -q -y upgrade
EOT
chmod 0755 /usr/local/sbin/maj-poste
echo "poste préparé"
