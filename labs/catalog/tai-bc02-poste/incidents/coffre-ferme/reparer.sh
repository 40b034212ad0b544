set -eu
if mountpoint -q /srv/confidentiel; then exit 0; fi
[ -e /dev/mapper/confidentiel ] || printf '%s' "$COFFRE" | cryptsetup open --key-file - /srv/confidentiel.img confidentiel
mount /dev/mapper/confidentiel /srv/confidentiel
