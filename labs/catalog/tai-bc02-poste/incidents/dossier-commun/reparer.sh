set -eu
chgrp secretariat /srv/commun
chmod 2770 /srv/commun
