#!/bin/sh
# Dans chaque poste d'examen, au moment où il est fait : le mot de passe du candidat.
set -eu

# SHA-512 et non yescrypt : le mot de passe ne vaut qu'une session, et yescrypt prend deux secondes sur une machine émulée.
printf 'technicien:%s\n' "$TECHNICIEN" | chpasswd -c SHA512 -s 5000
