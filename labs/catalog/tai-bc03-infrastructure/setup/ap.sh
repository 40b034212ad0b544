#!/bin/sh
# Dans chaque poste d'examen : la borne garde sa nouvelle adresse quand elle perd l'ancienne, les deux étant du même réseau
# (sans cela le noyau retire la seconde avec la première, et il faudrait appliquer deux fois).
set -eu
echo 'net.ipv4.conf.all.promote_secondaries = 1' > /etc/sysctl.d/92-adresses.conf
sysctl -q -p /etc/sysctl.d/92-adresses.conf
