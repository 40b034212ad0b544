set -eu
annuaire=ldapi://%2Fvar%2Flib%2Fsamba%2Fprivate%2Fldap_priv%2Fldapi
ldbsearch -H "$annuaire" -b DC=kerbras,DC=lan '(sAMAccountName=POSTE-COUPE$)' dn | grep -q '^dn: ' && exit 0
ldbmodify -H "$annuaire" <<'FIN'
dn: CN=POSTE-COUPE,OU=Coupe,OU=Voilerie,DC=kerbras,DC=lan
changetype: add
objectClass: computer
sAMAccountName: POSTE-COUPE$
userAccountControl: 4096
FIN
