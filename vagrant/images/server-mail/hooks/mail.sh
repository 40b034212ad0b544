# One account owns every mailbox; who may open which is decided in /etc/dovecot/boites. There are no mailboxes yet.
useradd --system --home-dir /srv/courrier --shell /usr/sbin/nologin boites
install -d -m 0700 -o boites -g boites /srv/courrier
install -m 0640 -o root -g dovecot /dev/null /etc/dovecot/boites
cat > /etc/dovecot/boites <<'EOT'
# Les boîtes aux lettres, une par ligne : adresse:mot de passe chiffré
# Le mot de passe chiffré s'obtient par la commande : doveadm pw -s SHA512-CRYPT
EOT
cat > /etc/postfix/boites <<'EOT'
# Les adresses qui ont une boîte, une par ligne : adresse  boîte
# Après une modification : postfix reload
EOT
cat > /etc/postfix/redirections <<'EOT'
# Les redirections (alias), une par ligne : adresse  destinataire[, destinataire…]
# Après une modification : postfix reload
EOT
echo 'root: root@localhost' > /etc/aliases
newaliases -oA/etc/aliases 2> /dev/null || postalias /etc/aliases

# Sending from a workstation: encrypted, with the mailbox's password.
postconf -M 'submission/inet=submission inet n - y - - smtpd'
postconf -P submission/inet/smtpd_tls_security_level=encrypt submission/inet/smtpd_sasl_auth_enable=yes

# Its folders, in which Dovecot has sockets: Postfix would make them when it starts, and Dovecot may start first.
postfix check 2> /dev/null
test -d /var/spool/postfix/private

# An elliptic-curve certificate: a handshake costs little on an emulated processor.
install -d -m 0755 /etc/ssl/courrier
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
    -subj /CN=srv-kerbras.kerbras.lan -addext subjectAltName=DNS:srv-kerbras.kerbras.lan \
    -keyout /etc/ssl/courrier/cle.pem -out /etc/ssl/courrier/certificat.pem 2> /dev/null
chmod 0600 /etc/ssl/courrier/cle.pem

install -d -m 0755 /srv/www/depot
