set -eu
printf 'set wifi.key %s\napply\n' "$WIFI" | netbox
