# L'heure du contrôleur de domaine, que l'annuaire donne à qui la demande (RFC 4512, 5.1 ; currentTime chez Active Directory).
set -eu
vue=$(ldbsearch -H ldap://192.168.50.10 -s base -b '' currentTime | sed -n 's/^currentTime: \([0-9]\{14\}\).*/\1/p')
date -u -s "$(echo "$vue" | sed 's/\(....\)\(..\)\(..\)\(..\)\(..\)\(..\)/\1-\2-\3 \4:\5:\6/')"
