set -eu
grep -q '^contact@kerbras\.lan ' /etc/postfix/redirections ||
    echo 'contact@kerbras.lan accueil@kerbras.lan' >> /etc/postfix/redirections
postfix reload 2> /dev/null
