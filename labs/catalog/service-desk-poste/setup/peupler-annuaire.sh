#!/bin/sh
# L'entreprise avant l'épreuve. Les commandes ldb* vont droit à la base : une seconde au lieu d'une minute de samba-tool.
set -eu
base=DC=kerbras,DC=lan
sam=/var/lib/samba/private/sam.ldb

existe() { ldbsearch -H "$sam" -b "$base" "$1" dn 2>/dev/null | grep -q '^dn:'; }

if existe '(&(objectClass=organizationalUnit)(ou=Kerbras))'; then
    echo "annuaire déjà peuplé"
    exit 0
fi

# Les mots de passe peuvent être changés tout de suite : chaque poste d'examen pose les siens.
ldbmodify -H "$sam" >/dev/null <<EOT
dn: $base
changetype: modify
replace: minPwdAge
minPwdAge: 0
EOT

# Un mot de passe au hasard que personne ne connaît, dans la forme que l'annuaire attend (entre guillemets, UTF-16).
hasard() {
    printf '"%s-Kb"' "$(head -c 18 /dev/urandom | base64 -w 0)" | iconv -f UTF-8 -t UTF-16LE | base64 -w 0
}

compte() { # identifiant prénom nom unité
    cat <<EOT
dn: CN=$2 $3,OU=$4,OU=Kerbras,$base
objectClass: user
cn: $2 $3
givenName: $2
sn: $3
displayName: $2 $3
sAMAccountName: $1
userPrincipalName: $1@kerbras.lan
mail: $1@kerbras.lan
unicodePwd:: $(hasard)
userAccountControl: 512

EOT
}

groupe() { # nom membre…
    printf 'dn: CN=%s,OU=Groupes,OU=Kerbras,%s\nobjectClass: group\nsAMAccountName: %s\ngroupType: -2147483646\n' "$1" "$base" "$1"
    shift
    for membre; do printf 'member: CN=%s,OU=Kerbras,%s\n' "$membre" "$base"; done
    echo
}

{
    for dn in OU=Kerbras OU=Accueil,OU=Kerbras OU=Atelier,OU=Kerbras OU=Direction,OU=Kerbras OU=Groupes,OU=Kerbras; do
        printf 'dn: %s,%s\nobjectClass: organizationalUnit\n\n' "$dn" "$base"
    done
    compte yann.lebihan Yann 'Le Bihan' Accueil
    compte soizic.lagadec Soizic Lagadec Accueil
    compte gwen.tanguy Gwen Tanguy Atelier
    compte marie.kervella Marie Kervella Direction
    groupe GG-Accueil 'Yann Le Bihan,OU=Accueil' 'Soizic Lagadec,OU=Accueil'
    groupe GG-Atelier 'Gwen Tanguy,OU=Atelier'
    groupe GG-Direction 'Marie Kervella,OU=Direction'
} | ldbadd -H "$sam" >/dev/null
echo "annuaire peuplé"
