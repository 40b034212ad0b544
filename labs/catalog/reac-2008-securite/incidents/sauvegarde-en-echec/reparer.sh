chmod 0755 /usr/local/sbin/sauvegarde
