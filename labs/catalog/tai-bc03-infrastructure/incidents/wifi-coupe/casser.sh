set -eu
printf 'set wifi.enabled non\napply\n' | netbox
