# Un essai tapé au clavier et jamais enregistré : une table de plus, qui ne survivra pas à un redémarrage.
set -eu
nft list table inet essais >/dev/null 2>&1 && exit 0
nft -f - <<'FIN'
table inet essais {
  chain entree {
    type filter hook input priority -10; policy accept;
    iifname "eth0" tcp dport { 139, 445 } drop
  }
}
FIN
