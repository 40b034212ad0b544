# Le programme a été recopié depuis un autre poste : il n'est plus exécutable.
chmod a-x /usr/local/sbin/sauvegarde
