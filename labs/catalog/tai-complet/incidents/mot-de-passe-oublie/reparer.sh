set -eu
annuaire=ldapi://%2Fvar%2Flib%2Fsamba%2Fprivate%2Fldap_priv%2Fldapi
dn=$(ldbsearch -H "$annuaire" -b DC=kerbras,DC=lan '(sAMAccountName=gwen.tanguy)' dn | sed -n 's/^dn: //p')
secret=$(printf '"%s"' "$INITIAL" | iconv -f UTF-8 -t UTF-16LE | base64 -w 0)
ldbmodify -H "$annuaire" <<FIN
dn: $dn
changetype: modify
replace: unicodePwd
unicodePwd:: $secret
-
replace: pwdLastSet
pwdLastSet: 0
FIN
