#!/bin/sh
# La voilerie avant l'épreuve. Les commandes ldb* vont droit à la base : une seconde au lieu d'une minute de samba-tool.
set -eu
base=DC=kerbras,DC=lan
sam=/var/lib/samba/private/sam.ldb

if ldbsearch -H "$sam" -b "$base" '(ou=Voilerie)' dn 2>/dev/null | grep -q '^dn:'; then
    echo "annuaire déjà peuplé"
    exit 0
fi

# Sans durée minimale, un mot de passe peut être changé deux fois dans l'heure de l'épreuve.
ldbmodify -H "$sam" >/dev/null <<FIN
dn: $base
changetype: modify
replace: minPwdAge
minPwdAge: 0
FIN

# Un mot de passe au hasard que personne ne connaît, dans la forme que l'annuaire attend (entre guillemets, UTF-16).
hasard() {
    printf '"%s-Kb"' "$(head -c 18 /dev/urandom | base64 -w 0)" | iconv -f UTF-8 -t UTF-16LE | base64 -w 0
}

compte() { # identifiant prénom nom unité
    cat <<FIN
dn: CN=$2 $3,$4,$base
objectClass: user
cn: $2 $3
givenName: $2
sn: $3
displayName: $2 $3
sAMAccountName: $1
userPrincipalName: $1@kerbras.lan
unicodePwd:: $(hasard)
userAccountControl: 512

FIN
}

groupe() { # nom membres (noms relatifs), un par argument
    printf 'dn: CN=%s,OU=Groupes,OU=Voilerie,%s\nobjectClass: group\nsAMAccountName: %s\ngroupType: -2147483646\n' "$1" "$base" "$1"
    shift
    printf "member: %s,$base\n" "$@"
    echo
}

{
    for dn in OU=Chantier OU=Voilerie OU=Bureau,OU=Voilerie OU=Groupes,OU=Voilerie; do
        printf 'dn: %s,%s\nobjectClass: organizationalUnit\n\n' "$dn" "$base"
    done
    compte titouan.lefloch Titouan 'Le Floch' OU=Chantier
    compte loig.kervarec Loig Kervarec OU=Chantier
    compte rozenn.gourmelon Rozenn Gourmelon OU=Bureau,OU=Voilerie
    compte enora.salaun Enora Salaun OU=Bureau,OU=Voilerie
    compte azenor.cloarec Azenor Cloarec OU=Voilerie
    compte goulven.abgrall Goulven Abgrall OU=Voilerie
    groupe GG-Voiliers 'CN=Azenor Cloarec,OU=Voilerie' 'CN=Goulven Abgrall,OU=Voilerie'
    groupe GG-Bureau 'CN=Rozenn Gourmelon,OU=Bureau,OU=Voilerie' 'CN=Enora Salaun,OU=Bureau,OU=Voilerie'
    groupe GG-Magasin 'CN=Azenor Cloarec,OU=Voilerie' 'CN=Enora Salaun,OU=Bureau,OU=Voilerie'
} | ldbadd -H "$sam" >/dev/null
echo "annuaire peuplé"
