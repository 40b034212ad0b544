# The firm's own depot of packages, signed: three small programs, and newer versions of two of them. The machine is as it
# was before these came out. The private key is thrown away.
depot=/srv/depot work=$(mktemp -d)
mkdir -p "$depot/pool" "$depot/dists/stable/main/binary-amd64"

# package NAME VERSION SUMMARY, with CHANGES on the standard input
package() {
    tree=$work/$1_$2
    mkdir -p "$tree/DEBIAN" "$tree/usr/bin" "$tree/usr/share/$1"
    printf '#!/bin/sh\necho "%s %s"\n' "$1" "$2" > "$tree/usr/bin/$1"
    chmod 0755 "$tree/usr/bin/$1"
    cat > "$tree/usr/share/$1/changements.txt"
    cat > "$tree/DEBIAN/control" <<EOF
Package: $1
Version: $2
Architecture: all
Maintainer: Cabinet Vasseur <informatique@vasseur.lan>
Section: misc
Priority: optional
Description: $3
EOF
    dpkg-deb --root-owner-group -Zxz -b "$tree" "$depot/pool/$1_$2_all.deb" > /dev/null
}

package vasseur-releves 2.3.1 "Import des relevés de terrain" <<'EOF'
2.3.1 : première version livrée au cabinet.
EOF
package vasseur-traceur 5.0.4 "Pilote du traceur de plans" <<'EOF'
5.0.4 : dernière version pour le traceur du cabinet.
EOF
package vasseur-modeles 1.2.0 "Modèles de documents du cabinet" <<'EOF'
1.2.0 : nouveaux en-têtes.
EOF
dpkg -i "$depot"/pool/*.deb > /dev/null
package vasseur-releves 2.3.4 "Import des relevés de terrain" <<'EOF'
2.3.4 : correctif de sécurité. Un fichier de relevés piégé pouvait faire exécuter des commandes.
EOF
package vasseur-traceur 6.0.0 "Pilote du traceur de plans" <<'EOF'
6.0.0 : nouveaux traceurs seulement. N'imprime plus sur le traceur du cabinet.
EOF

cd "$depot"
for deb in pool/*.deb; do
    dpkg-deb -f "$deb"
    printf 'Filename: %s\nSize: %s\nSHA256: %s\n\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
done > dists/stable/main/binary-amd64/Packages
cd dists/stable
cat > "$work/Release" <<EOF
Origin: Vasseur
Label: Vasseur
Suite: stable
Codename: stable
Date: $(LC_ALL=C date -u -R)
Architectures: amd64
Components: main
SHA256:
 $(sha256sum main/binary-amd64/Packages | cut -d' ' -f1) $(stat -c %s main/binary-amd64/Packages) main/binary-amd64/Packages
EOF
GNUPGHOME=$work/gnupg
export GNUPGHOME
mkdir -m 0700 "$GNUPGHOME"
gpg --batch --quiet --passphrase '' --quick-generate-key 'Depot du cabinet Vasseur <informatique@vasseur.lan>' ed25519 sign never
gpg --batch --quiet --clearsign -o InRelease "$work/Release"
gpg --batch --export > /usr/share/keyrings/depot-vasseur.gpg
gpgconf --kill gpg-agent
rm -rf "$work"
cat > /etc/apt/sources.list.d/vasseur.sources <<'EOF'
# Dépôt du cabinet : tout ce qui s'installe sur ses machines en vient.
Types: deb
URIs: file:/srv/depot
Suites: stable
Components: main
Signed-By: /usr/share/keyrings/depot-vasseur.gpg
EOF
