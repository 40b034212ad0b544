set -eu
sed -i 's/^#\(accueil@kerbras\.lan:\)/\1/' /etc/dovecot/boites
for _ in $(seq 20); do
    doveadm auth test accueil@kerbras.lan "$INITIAL" > /dev/null 2>&1 && exit 0
    sleep 1
done
echo "la boîte ne s'ouvre pas" >&2
exit 1
