# Un disque de la grappe des données est sorti de son logement, puis remis : la grappe l'a exclu.
set -eu
disque=$(mdadm --detail /dev/md0 | sed -n 's/.*active sync.* \(\/dev\/sd[b-e]\)$/\1/p' | tail -n 1)
[ -n "$disque" ] || { echo "la grappe n'a pas de deuxième disque" >&2; exit 1; }
mdadm --quiet /dev/md0 --fail "$disque" --remove "$disque"
