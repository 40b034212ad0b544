rm -f /srv/sauvegardes/copie-photos.img
