# La fin du contrat précédent, restée dans le compte (100 ns depuis 1601).
set -eu
annuaire=ldapi://%2Fvar%2Flib%2Fsamba%2Fprivate%2Fldap_priv%2Fldapi
dn=$(ldbsearch -H "$annuaire" -b DC=kerbras,DC=lan '(sAMAccountName=azenor.cloarec)' dn | sed -n 's/^dn: //p')
[ -n "$dn" ]
hier=$((($(date +%s) / 86400 + 134774) * 864000000000))
printf 'dn: %s\nchangetype: modify\nreplace: accountExpires\naccountExpires: %s\n' "$dn" "$hier" | ldbmodify -H "$annuaire"
