#!/bin/sh
# Dans chaque poste d'examen, au moment où il est fait : les mots de passe et les clés de la session. Environ une seconde.
set -eu
umask 077

# SHA-512 et non yescrypt : le mot de passe ne vaut qu'une session, et yescrypt prend deux secondes sur une machine émulée.
printf 'technicien:%s\n' "$TECHNICIEN" | chpasswd -c SHA512 -s 5000

install -d -m 0700 /etc/wireguard/cles
printf '%s\n' "$VPN_POSTE" > /etc/wireguard/cles/poste.key
printf '%s\n' "$VPN_POSTE_PUBLIC" > /etc/wireguard/cles/poste.pub
printf '%s\n' "$VPN_SERVEUR_PUBLIC" > /etc/wireguard/cles/serveur.pub
