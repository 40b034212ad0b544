set -eu
mountpoint -q /srv/confidentiel || exit 0
nom=$(findmnt -no SOURCE --mountpoint /srv/confidentiel)
umount /srv/confidentiel
cryptsetup close "$nom"
