# The browser of the menus. NetSurf's package registers no alternative.
update-alternatives --quiet --install /usr/bin/x-www-browser x-www-browser /usr/bin/netsurf-gtk 40

# The candidate's home was made before there was a desktop; accounts to come get the same.
install -d /etc/skel/.config/netsurf
printf '%s\n' homepage_url:about:blank accept_language:fr,en > /etc/skel/.config/netsurf/Choices
cp -r /etc/skel/.config /home/technicien/
chown -R technicien: /home/technicien/.config
