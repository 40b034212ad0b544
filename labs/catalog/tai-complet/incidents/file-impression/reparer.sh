set -eu
cancel -a Compta-Laser
cupsenable Compta-Laser
cupsaccept Compta-Laser
