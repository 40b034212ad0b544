# La boîte de l'accueil est en commentaire dans la liste des boîtes de Dovecot : son mot de passe n'est plus accepté.
set -eu
sed -i 's/^accueil@kerbras\.lan:/#&/' /etc/dovecot/boites
! doveadm auth test accueil@kerbras.lan "$INITIAL" > /dev/null 2>&1
