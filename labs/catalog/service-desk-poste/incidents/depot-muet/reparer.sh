set -eu
systemctl enable --now --quiet depot.service
for _ in $(seq 20); do
    nc -z -w 1 127.0.0.1 80 && exit 0
    sleep 1
done
echo "le dépôt ne répond pas" >&2
exit 1
