#!/bin/sh
# Ce que le prédécesseur a fait aux mises à jour : tout arrêté, une version figée, un dépôt d'on ne sait où.
set -eu
cat > /etc/apt/apt.conf.d/99-pas-de-maj <<'EOF'
// HL : les mises à jour ralentissent le serveur
APT::Periodic::Enable "0";
APT::Periodic::Update-Package-Lists "0";
APT::Periodic::Unattended-Upgrade "0";
EOF
cat > /etc/apt/sources.list.d/logiciels-gratuits.list <<'EOF'
deb [trusted=yes] http://depot.logiciels-gratuits.example/debian ./
EOF
apt-mark hold vasseur-releves > /dev/null
