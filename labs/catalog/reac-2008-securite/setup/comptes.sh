#!/bin/sh
# Le personnel du cabinet. Les numéros sont fixes : les anciennes sauvegardes les portent.
set -eu
groupe() { getent group "$1" > /dev/null || groupadd -g "$2" "$1"; }
# personne IDENTIFIANT NUMÉRO GROUPE NOM
personne() {
  getent passwd "$1" > /dev/null && return
  useradd -u "$2" -m -k /dev/null -s /bin/bash -c "$4" -U ${3:+-G "$3"} "$1"
  chmod 0700 "/home/$1"
}
groupe geometres 3001
groupe compta 3002
personne helene.vasseur 3101 '' 'Helene Vasseur'
personne alice.perrin 3102 geometres 'Alice Perrin'
personne karim.benali 3103 geometres 'Karim Benali'
personne sylvie.martel 3104 compta 'Sylvie Martel'
personne tom.girard 3105 '' 'Tom Girard, stagiaire'
personne hugo.lefevre 3106 sudo 'Hugo Lefevre'
printf 'hugo.lefevre:%s\n' "$(head -c 18 /dev/urandom | base64 -w 0)" | chpasswd -c SHA512 -s 5000
