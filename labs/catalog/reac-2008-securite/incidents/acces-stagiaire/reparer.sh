set -eu
cd /srv/donnees/releves
setfacl -m u:tom.girard:x .
setfacl -R -m u:tom.girard:rX -m d:u:tom.girard:rX 2026-044-lotissement
