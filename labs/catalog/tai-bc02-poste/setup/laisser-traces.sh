#!/bin/sh
# Ce que le prestataire a réglé en préparant le poste : des accès trop larges, un compte qui ne sert plus.
set -eu
umask 022

cat > /etc/ssh/sshd_config.d/10-prestataire.conf <<'FIN'
# Le temps de la préparation
PermitRootLogin yes
PasswordAuthentication yes
FIN
systemctl reload ssh.service

if ! getent passwd stagiaire > /dev/null; then
    useradd --create-home --shell /bin/bash --comment 'Stagiaire du prestataire' stagiaire
    printf 'stagiaire:%s\n' "$(head -c 18 /dev/urandom | base64 -w 0)" | chpasswd
fi

# La clé publique du service d'assistance, à installer par le candidat.
install -d /usr/local/share/assistance
cat > /usr/local/share/assistance/assistance.pub <<'FIN'
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF+iV1bszX2koybnk5d/pyakgZdfvgnXtRcfymEma120 assistance@penarroz
FIN

cat > /usr/local/sbin/sauvegarde-poste <<'FIN'
#!/bin/sh
# Copie les documents des utilisateurs du poste.
set -eu
umask 077
install -d /srv/sauvegardes
exec tar -C /home -czf "/srv/sauvegardes/poste-$(date +%u).tar.gz" --exclude=.cache .
FIN
chmod 0755 /usr/local/sbin/sauvegarde-poste

systemctl --quiet enable cups.service
systemctl start cups.service
