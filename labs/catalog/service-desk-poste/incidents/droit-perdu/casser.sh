# Le groupe de l’accueil n'est plus dans le groupe qui porte les droits du dossier.
set -eu
annuaire=ldapi://%2Fvar%2Flib%2Fsamba%2Fprivate%2Fldap_priv%2Fldapi
dn() { ldbsearch -H "$annuaire" -b DC=kerbras,DC=lan "(sAMAccountName=$1)" dn | sed -n 's/^dn: //p'; }
droits=$(dn DL-Accueil-Modification) gens=$(dn GG-Accueil)
[ -n "$droits" ] && [ -n "$gens" ]
ldbsearch -H "$annuaire" -b DC=kerbras,DC=lan "(&(sAMAccountName=DL-Accueil-Modification)(member=$gens))" dn |
  grep -q '^dn: ' || exit 0
printf 'dn: %s\nchangetype: modify\ndelete: member\nmember: %s\n' "$droits" "$gens" | ldbmodify -H "$annuaire"
