set -eu
printf 'set wifi.key Kerbras-Loctudy-2024\napply\n' | netbox
