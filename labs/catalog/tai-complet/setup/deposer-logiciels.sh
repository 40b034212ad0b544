#!/bin/sh
# Le dépôt de l'entreprise sur le poste : un logiciel à installer, un antivirus installé dans une version dépassée.
# Les paquets sont faits sur place : il n'y a pas d'autre réseau que celui de l'épreuve.
set -eu
depot=/srv/depot
atelier=$(mktemp -d)
trap 'rm -rf "$atelier"' EXIT
install -d -m 0755 "$depot"

# paquet NOM VERSION DESCRIPTION : le programme est lu sur l'entrée standard ; dit le fichier du paquet
paquet() {
    dossier="$atelier/$1_$2"
    install -d -m 0755 "$dossier/DEBIAN" "$dossier/usr/bin"
    cat > "$dossier/usr/bin/$1"
    chmod 0755 "$dossier/usr/bin/$1"
    cat > "$dossier/DEBIAN/control" <<FIN
Package: $1
Version: $2
Architecture: all
Maintainer: Atelier Kerbras <informatique@kerbras.lan>
Section: admin
Priority: optional
Description: $3
FIN
    dpkg-deb --build --root-owner-group -Zgzip "$dossier" "$atelier/$1_$2_all.deb" > /dev/null
    echo "$atelier/$1_$2_all.deb"
}

antivirus() { # version, nombre de signatures
    paquet kerbras-antivirus "$1" "antivirus des postes de l'Atelier Kerbras" <<FIN
#!/bin/sh
# Cherche des fichiers suspects dans un dossier, par leur nom.
echo "kerbras-antivirus $1, $2 signatures"
exec find "\${1:-\$HOME}" -xdev -type f \( -iname '*.vbs' -o -iname '*.scr' -o -iname '*.pdf.exe' \)
FIN
}

if [ "$(dpkg-query -W -f '${Version}' kerbras-antivirus 2> /dev/null || true)" != 2.3.1 ]; then
    dpkg --install "$(antivirus 2.3.1 1840)" > /dev/null
fi
cp "$(antivirus 2.4.0 2217)" "$depot/"

fichier=$(paquet kerbras-inventaire 1.2 "fiche d'inventaire du poste, pour la gestion de parc" <<'FIN'
#!/bin/sh
# Ce que la gestion de parc veut savoir d'un poste.
. /etc/os-release
printf 'nom : %s\nsystème : %s\nnoyau : %s\n' "$(uname -n)" "$PRETTY_NAME" "$(uname -r)"
FIN
)
cp "$fichier" "$depot/"

# La liste que lit apt : ses chemins sont relatifs au dossier.
cd "$depot"
for fichier in *.deb; do
    dpkg-deb --field "$fichier"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$fichier" "$(stat -c %s "$fichier")" "$(sha256sum < "$fichier" | cut -d ' ' -f 1)"
done > Packages
chmod 0644 ./*

# Les dépôts de Debian sont sur Internet, où aucune machine de l'épreuve ne va : apt les attendrait pour rien.
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
cat > /etc/apt/sources.list.d/kerbras.sources <<'FIN'
Types: deb
URIs: file:/srv/depot
Suites: ./
Trusted: yes
FIN
rm -f /var/lib/apt/lists/*_Packages /var/lib/apt/lists/*Release
echo "dépôt prêt"
