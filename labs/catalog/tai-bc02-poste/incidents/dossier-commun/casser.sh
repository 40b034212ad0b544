# Le groupe n'a plus le dossier : un « chmod -R » passé trop largement.
set -eu
chmod 0700 /srv/commun
chmod g-s /srv/commun
chgrp root /srv/commun
