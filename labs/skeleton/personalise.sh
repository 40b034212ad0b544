#!/bin/sh
# Sur chaque poste d'examen, au moment où il est fait, en root : les mots de passe de la session. Une seconde au plus.
# Les secrets de lab.yml sont là, en majuscules : technicien devient $TECHNICIEN.
set -eu
umask 077

# SHA-512 et non yescrypt : le mot de passe ne vaut qu'une session, et yescrypt est lent sur une machine émulée.
printf 'technicien:%s\n' "$TECHNICIEN" | chpasswd -c SHA512 -s 5000
