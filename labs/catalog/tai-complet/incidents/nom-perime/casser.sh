# Une ligne d'avant le changement de serveur, restée dans le fichier des noms du poste.
set -eu
grep -q '^192\.168\.50\.11[[:space:]]' /etc/hosts ||
  printf '192.168.50.11\tsrv-kerbras.kerbras.lan srv-kerbras intranet.kerbras.lan\n' >> /etc/hosts
resolvectl flush-caches || true
getent ahostsv4 srv-kerbras.kerbras.lan | grep -q '^192\.168\.50\.11 '
