# Quelqu'un a « remis au propre » les droits de la comptabilité : les listes d'accès ont disparu.
set -eu
cd /srv/donnees
setfacl -R -b comptabilite
chgrp -R compta comptabilite
chmod -R u=rwX,g=rwX,o= comptabilite
