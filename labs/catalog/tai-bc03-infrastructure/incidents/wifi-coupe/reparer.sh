set -eu
printf 'set wifi.enabled oui\napply\n' | netbox
