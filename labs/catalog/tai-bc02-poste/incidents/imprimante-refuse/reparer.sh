set -eu
cupsaccept Secretariat-Laser
lpadmin -d Secretariat-Laser
lpadmin -x Essai 2> /dev/null || true
