#!/bin/sh
# Ce que le poste ne devrait pas avoir : un service qui publie un dossier, un compte qui ne sert plus.
set -eu

install -d -m 0755 /srv/partage-web
echo "Plannings et tarifs 2023" > /srv/partage-web/index.txt
cat > /etc/systemd/system/partage-web.service <<'EOF'
[Unit]
Description=Partage web des plannings
After=network.target

[Service]
ExecStart=/usr/bin/python3 -m http.server 8000 --directory /srv/partage-web
DynamicUser=yes
Restart=on-failure

[Install]
WantedBy=multi-user.target
EOF
systemctl daemon-reload
systemctl enable --quiet --now partage-web.service

if ! getent passwd stagiaire > /dev/null; then
    useradd --create-home --shell /bin/bash --comment 'Stagiaire ete' stagiaire
    printf 'stagiaire:%s\n' "$(head -c 18 /dev/urandom | base64 -w 0)" | chpasswd
fi

for _ in $(seq 60); do
    nc -z -w 1 127.0.0.1 8000 && exit 0
    sleep 1
done
echo "le partage web ne répond pas" >&2
exit 1
