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

# Historique court et verrouillage au troisième essai : la politique que le candidat doit changer. Verrouillage sans fin,
# pour que le compte bloqué le soit encore à la dernière minute de l'épreuve.
ldbmodify -H "$sam" >/dev/null <<EOF
dn: $base
changetype: modify
replace: minPwdLength
minPwdLength: 7
-
replace: pwdHistoryLength
pwdHistoryLength: 3
-
replace: lockoutThreshold
lockoutThreshold: 3
-
replace: lockoutDuration
lockoutDuration: 0
-
replace: minPwdAge
minPwdAge: 0
EOF

# Un mot de passe au hasard que personne ne connaît, dans la forme que l'annuaire attend (entre guillemets, UTF-16).
hasard() {
    printf '"%s-Kb"' "$(head -c 18 /dev/urandom | base64 -w 0)" | iconv -f UTF-8 -t UTF-16LE | base64 -w 0
}

compte() { # identifiant prénom nom unité
    cat <<EOF
dn: CN=$2 $3,OU=$4,OU=Kerbras,$base
objectClass: user
cn: $2 $3
givenName: $2
sn: $3
displayName: $2 $3
sAMAccountName: $1
userPrincipalName: $1@kerbras.lan
unicodePwd:: $(hasard)
userAccountControl: 512

EOF
}

{
    for dn in OU=Kerbras OU=Atelier,OU=Kerbras OU=Direction,OU=Kerbras; do
        printf 'dn: %s,%s\nobjectClass: organizationalUnit\n\n' "$dn" "$base"
    done
    compte yann.lebihan Yann 'Le Bihan' Atelier
    compte gwen.tanguy Gwen Tanguy Atelier
    compte marie.kervella Marie Kervella Direction
    compte ronan.guivarch Ronan Guivarch Direction
    cat <<EOF
dn: CN=GG-Atelier,OU=Atelier,OU=Kerbras,$base
objectClass: group
sAMAccountName: GG-Atelier
groupType: -2147483646
member: CN=Yann Le Bihan,OU=Atelier,OU=Kerbras,$base
member: CN=Gwen Tanguy,OU=Atelier,OU=Kerbras,$base
EOF
} | ldbadd -H "$sam" >/dev/null

# Trois vrais essais ratés : l'annuaire verrouille le compte lui-même.
for _ in 1 2 3 4; do
    echo mauvais | kinit -c MEMORY: marie.kervella@KERBRAS.LAN >/dev/null 2>&1 || true
done
existe '(&(sAMAccountName=marie.kervella)(lockoutTime>=1))' || {
    echo "le compte marie.kervella n'est pas verrouillé" >&2
    exit 1
}
echo "annuaire peuplé"
