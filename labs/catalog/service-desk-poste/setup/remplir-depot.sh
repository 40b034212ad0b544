#!/bin/sh
# Le dépôt de paquets de l'entreprise : deux versions de Kerbras Devis, signées par une clé faite ici.
set -eu
depot=/srv/www/depot
[ ! -e $depot/dists/stable/InRelease ] || exit 0
export GNUPGHOME=/root/.cle-depot
umask 022
travail=$(mktemp -d)
trap 'gpgconf --kill gpg-agent 2> /dev/null || true; rm -rf "$travail"' EXIT

paquet() { # nom version libellé
    racine=$travail/$1
    rm -rf "$racine"
    install -d "$racine/DEBIAN" "$racine/usr/bin" "$racine/usr/share/applications"
    cat > "$racine/DEBIAN/control" <<EOT
Package: $1
Version: $2
Section: misc
Priority: optional
Architecture: all
Maintainer: Informatique Kerbras <centre-services@kerbras.lan>
Description: $3
 Logiciel métier de l'entreprise Kerbras.
EOT
    printf '#!/bin/sh\necho "%s %s"\n' "$3" "$2" > "$racine/usr/bin/$1"
    chmod 0755 "$racine/usr/bin/$1"
    printf '[Desktop Entry]\nType=Application\nName=%s\nExec=lxterminal -e %s\n' "$3" "$1" \
        > "$racine/usr/share/applications/$1.desktop"
    dpkg-deb --root-owner-group -Zgzip --build "$racine" "$depot/pool/$1_$2_all.deb" > /dev/null
}

install -d $depot/pool $depot/dists/stable/main/binary-amd64
paquet kerbras-devis 2.3.0 "Kerbras Devis"
paquet kerbras-devis 2.4.1 "Kerbras Devis"
paquet kerbras-devis 3.0.0 "Kerbras Devis"

cd $depot
apt-ftparchive packages pool > dists/stable/main/binary-amd64/Packages
gzip -kf dists/stable/main/binary-amd64/Packages
apt-ftparchive -o APT::FTPArchive::Release::Origin=Kerbras -o APT::FTPArchive::Release::Label=Kerbras \
    -o APT::FTPArchive::Release::Suite=stable -o APT::FTPArchive::Release::Codename=stable \
    -o APT::FTPArchive::Release::Architectures=amd64 -o APT::FTPArchive::Release::Components=main \
    release dists/stable > "$travail/Release"
install -d -m 0700 "$GNUPGHOME"
gpg --batch --quiet --passphrase '' --quick-gen-key 'Depot Kerbras <centre-services@kerbras.lan>' ed25519 sign never
gpg --batch --quiet --armor --export > cle-depot.asc
gpg --batch --quiet --clearsign --output dists/stable/InRelease "$travail/Release"
install -m 0644 "$travail/Release" dists/stable/Release
echo "dépôt rempli"
