#!/bin/sh
# Dans chaque poste d'examen, au moment où il est fait : les mots de passe de la session. Environ une seconde.
set -eu
umask 077
# SHA-512 et non yescrypt : le mot de passe ne vaut qu'une session, et yescrypt prend deux secondes sur une machine émulée.
printf 'technicien:%s\n' "$TECHNICIEN" | chpasswd -c SHA512 -s 5000
printf '%s\n' "$SAUVEGARDE" > /root/mot-de-passe-sauvegarde
