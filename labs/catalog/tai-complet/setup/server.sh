#!/bin/sh
# Dans chaque poste d'examen, au moment où il est fait : les mots de passe et les clés de la session. Environ une seconde.
set -eu
umask 077

# SHA-512 et non yescrypt : le mot de passe ne vaut qu'une session, et yescrypt prend deux secondes sur une machine émulée.
printf 'technicien:%s\n' "$TECHNICIEN" | chpasswd -c SHA512 -s 5000

# Le mot de passe de l'annuaire, par l'outil en C : samba-tool en mettrait dix fois plus.
cat > /run/administrateur.ldif <<EOF
dn: CN=Administrator,CN=Users,DC=kerbras,DC=lan
changetype: modify
replace: unicodePwd
unicodePwd:: $(printf '"%s"' "$ADMINISTRATEUR" | iconv -f UTF-8 -t UTF-16LE | base64 -w 0)
EOF
# Par le serveur en marche si possible : il a déjà lu le schéma, l'outil seul le relit.
ldbmodify -H ldapi://%2Fvar%2Flib%2Fsamba%2Fprivate%2Fldap_priv%2Fldapi /run/administrateur.ldif > /dev/null 2>&1 ||
  ldbmodify -H /var/lib/samba/private/sam.ldb /run/administrateur.ldif > /dev/null
rm /run/administrateur.ldif

install -d -m 0700 /etc/wireguard/cles
printf '%s\n' "$VPN_SERVEUR" > /etc/wireguard/cles/serveur.key
printf '%s\n' "$VPN_SERVEUR_PUBLIC" > /etc/wireguard/cles/serveur.pub
printf '%s\n' "$VPN_POSTE_PUBLIC" > /etc/wireguard/cles/poste.pub
printf '%s\n' "$VPN_NOMADE_PUBLIC" > /etc/wireguard/cles/nomade.pub
