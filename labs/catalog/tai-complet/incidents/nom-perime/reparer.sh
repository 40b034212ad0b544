set -eu
sed -i '/^192\.168\.50\.11[[:space:]]/d' /etc/hosts
resolvectl flush-caches || true
getent ahostsv4 srv-kerbras.kerbras.lan | grep -q '^192\.168\.50\.10 '
