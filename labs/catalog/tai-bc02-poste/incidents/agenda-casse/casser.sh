# Une installation interrompue : le paquet est dépaqueté, pas configuré ; ce dont il dépend n'est plus là.
set -eu
dpkg --purge --force-depends agenda-commun
dpkg --unpack /srv/depot/agenda-cabinet_1.4_all.deb
dpkg-query -W -f='${db:Status-Status}' agenda-cabinet | grep -qx unpacked
