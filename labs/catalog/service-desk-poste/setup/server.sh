#!/bin/sh
# Dans chaque poste d'examen, au moment où il est fait : les mots de passe de la session. Environ une seconde.
set -eu
umask 077

# SHA-512 et non yescrypt : le mot de passe ne vaut qu'une session, et yescrypt prend deux secondes sur une machine émulée.
printf 'technicien:%s\n' "$TECHNICIEN" | chpasswd -c SHA512 -s 5000

# Les mots de passe de l'annuaire, par l'outil en C : samba-tool en mettrait dix fois plus.
passe() { # dn mot de passe
    printf 'dn: %s,DC=kerbras,DC=lan\nchangetype: modify\nreplace: unicodePwd\nunicodePwd:: %s\n\n' \
        "$1" "$(printf '"%s"' "$2" | iconv -f UTF-8 -t UTF-16LE | base64 -w 0)"
}
{
    passe CN=Administrator,CN=Users "$ADMINISTRATEUR"
    for dn in 'CN=Yann Le Bihan,OU=Accueil' 'CN=Soizic Lagadec,OU=Accueil' 'CN=Gwen Tanguy,OU=Atelier' \
        'CN=Marie Kervella,OU=Direction'; do
        passe "$dn,OU=Kerbras" "$EXISTANTS"
    done
} > /run/comptes.ldif
# Par le serveur en marche si possible : il a déjà lu le schéma, l'outil seul le relit.
ldbmodify -H ldapi://%2Fvar%2Flib%2Fsamba%2Fprivate%2Fldap_priv%2Fldapi /run/comptes.ldif > /dev/null 2>&1 ||
  ldbmodify -H /var/lib/samba/private/sam.ldb /run/comptes.ldif > /dev/null
rm /run/comptes.ldif

# Les boîtes qui existent déjà. Récrites en place : le fichier garde son propriétaire et ses droits.
passe=$(printf '%s' "$EXISTANTS" | openssl passwd -6 -stdin)
entete=$(grep '^#' /etc/dovecot/boites)
{
    printf '%s\n' "$entete"
    for nom in yann.lebihan soizic.lagadec gwen.tanguy marie.kervella centre-services; do
        printf '%s@kerbras.lan:{SHA512-CRYPT}%s\n' "$nom" "$passe"
    done
} > /etc/dovecot/boites
