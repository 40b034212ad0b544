#!/bin/sh
# Dans chaque poste d'examen, au moment où il est fait : les mots de passe et les clés de la session. Environ une seconde.
set -eu
umask 077

# SHA-512 et non yescrypt : le mot de passe ne vaut qu'une session, et yescrypt prend deux secondes sur une machine émulée.
printf 'technicien:%s\n' "$TECHNICIEN" | chpasswd -c SHA512 -s 5000

# Les mots de passe de l'annuaire, par l'outil en C : samba-tool en mettrait dix fois plus.
secret() { # nom distinctif, mot de passe
    printf 'dn: %s,DC=kerbras,DC=lan\nchangetype: modify\nreplace: unicodePwd\nunicodePwd:: %s\n\n' \
        "$1" "$(printf '"%s"' "$2" | iconv -f UTF-8 -t UTF-16LE | base64 -w 0)"
}
{
    secret CN=Administrator,CN=Users "$ADMINISTRATEUR"
    secret 'CN=Titouan Le Floch,OU=Chantier' "$ESSAI"
    secret 'CN=Loig Kervarec,OU=Chantier' "$ESSAI"
    secret 'CN=Rozenn Gourmelon,OU=Bureau,OU=Voilerie' "$ESSAI"
} > /run/mots-de-passe.ldif
# Par le serveur en marche si possible : il a déjà lu le schéma, l'outil seul le relit.
ldbmodify -H ldapi://%2Fvar%2Flib%2Fsamba%2Fprivate%2Fldap_priv%2Fldapi /run/mots-de-passe.ldif > /dev/null 2>&1 ||
  ldbmodify -H /var/lib/samba/private/sam.ldb /run/mots-de-passe.ldif > /dev/null
rm /run/mots-de-passe.ldif

# Le tunnel de l'entreprise avec les clés de la session, en service et dans son fichier.
install -d -m 0700 /etc/wireguard/cles
printf '%s\n' "$VPN_COMMERCIALE_PUBLIC" > /etc/wireguard/cles/commerciale.pub
cat > /etc/wireguard/wg0.conf <<FIN
[Interface]
Address = 10.60.0.1/24
ListenPort = 51820
PrivateKey = $VPN_SERVEUR

# Portable de la direction
[Peer]
PublicKey = $VPN_DIRECTION_PUBLIC
AllowedIPs = 10.60.0.2/32

# Portable de Goulven
[Peer]
PublicKey = $VPN_GOULVEN_PUBLIC
AllowedIPs = 10.60.0.5/32
FIN
grep -v '^Address' /etc/wireguard/wg0.conf > /run/wg0.conf
wg setconf wg0 /run/wg0.conf
rm /run/wg0.conf
