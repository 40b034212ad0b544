set -eu
cd /srv/donnees
setfacl -R -d -m u::rwX,g::rwX,o::- comptabilite
setfacl -R -m u:helene.vasseur:rX -m d:u:helene.vasseur:rX comptabilite
