# La file refuse les nouveaux travaux, comme après un essai du prestataire, et une autre est devenue celle par défaut.
set -eu
cupsreject -r 'Essai du prestataire' Secretariat-Laser
lpadmin -p Essai -E -v ipp://192.168.20.99/ipp/print
lpadmin -d Essai
