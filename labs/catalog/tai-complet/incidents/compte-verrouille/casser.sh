# De vrais essais ratés : l'annuaire verrouille le compte lui-même, au seuil que le candidat a réglé.
set -eu
annuaire=ldapi://%2Fvar%2Flib%2Fsamba%2Fprivate%2Fldap_priv%2Fldapi
verrouille() {
  ldbsearch -H "$annuaire" -b DC=kerbras,DC=lan '(&(sAMAccountName=ronan.guivarch)(lockoutTime>=1))' dn | grep -q '^dn: '
}
for serie in 1 2; do
  verrouille && exit 0
  for essai in 1 2 3 4 5; do
    echo Bateau2025 | kinit -c MEMORY: ronan.guivarch@KERBRAS.LAN || true
  done
done
verrouille
