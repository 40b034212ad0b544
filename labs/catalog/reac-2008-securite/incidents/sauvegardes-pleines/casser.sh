# Une copie faite à la main a pris toute la place des sauvegardes. Réservée sans être écrite.
set -eu
copie=/srv/sauvegardes/copie-photos.img
[ ! -e "$copie" ] || exit 0
umask 077
fallocate -l "$(($(stat -f -c '%a * %S' /srv/sauvegardes)))" "$copie"
