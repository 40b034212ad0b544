set -eu
annuaire=ldapi://%2Fvar%2Flib%2Fsamba%2Fprivate%2Fldap_priv%2Fldapi
dn=$(ldbsearch -H "$annuaire" -b DC=kerbras,DC=lan '(sAMAccountName=azenor.cloarec)' dn | sed -n 's/^dn: //p')
printf 'dn: %s\nchangetype: modify\nreplace: accountExpires\naccountExpires: 0\n' "$dn" | ldbmodify -H "$annuaire"
