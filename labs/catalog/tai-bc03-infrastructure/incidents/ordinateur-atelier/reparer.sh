set -eu
annuaire=ldapi://%2Fvar%2Flib%2Fsamba%2Fprivate%2Fldap_priv%2Fldapi
ldbsearch -H "$annuaire" -b DC=kerbras,DC=lan '(sAMAccountName=POSTE-ATELIER$)' dn | grep -q '^dn: ' && exit 0
ldbmodify -H "$annuaire" <<FIN
dn: CN=POSTE-ATELIER,OU=$VARIANTS_UNITE,OU=Voilerie,DC=kerbras,DC=lan
changetype: add
objectClass: computer
sAMAccountName: POSTE-ATELIER\$
userAccountControl: 4096
FIN
