#!/bin/sh
# Dans chaque poste d'examen, au moment où il est fait : les mots de passe et les clés de la session. Environ une seconde.
set -eu
umask 077

printf 'technicien:%s\n' "$TECHNICIEN" | chpasswd

# Le mot de passe de l'annuaire, par l'outil en C : samba-tool en mettrait dix fois plus.
ldbmodify -H /var/lib/samba/private/sam.ldb > /dev/null <<EOF
dn: CN=Administrator,CN=Users,DC=kerbras,DC=lan
changetype: modify
replace: unicodePwd
unicodePwd:: $(printf '"%s"' "$ADMINISTRATEUR" | iconv -f UTF-8 -t UTF-16LE | base64 -w 0)
EOF

install -d -m 0700 /etc/wireguard/cles
printf '%s\n' "$VPN_SERVEUR" > /etc/wireguard/cles/serveur.key
printf '%s\n' "$VPN_SERVEUR_PUBLIC" > /etc/wireguard/cles/serveur.pub
printf '%s\n' "$VPN_POSTE_PUBLIC" > /etc/wireguard/cles/poste.pub
printf '%s\n' "$VPN_NOMADE_PUBLIC" > /etc/wireguard/cles/nomade.pub
