set -eu
rm -f /srv/sauvegardes/*.en-cours
