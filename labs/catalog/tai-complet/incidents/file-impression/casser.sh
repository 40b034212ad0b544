# Deux travaux attendent derrière une file mise en pause.
set -eu
LC_ALL=C lpstat -p Compta-Laser | grep -q disabled && exit 0
cupsdisable -r 'Bourrage papier bac 2' Compta-Laser
for titre in 'Bilan trimestriel' 'Factures fournisseurs'; do
  printf 'Atelier Kerbras\n%s\n' "$titre" | runuser -u technicien -- lp -d Compta-Laser -t "$titre"
done
