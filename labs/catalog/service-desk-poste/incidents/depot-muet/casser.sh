# Le service du dépôt est arrêté, et ne redémarre plus avec le serveur.
set -eu
systemctl disable --now --quiet depot.service
! nc -z -w 1 127.0.0.1 80
