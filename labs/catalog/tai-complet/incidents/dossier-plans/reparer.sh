set -eu
testparm -s --section-name=plans >/dev/null 2>&1 ||
  printf '\n[plans]\n    path = /srv/partages/plans\n    read only = no\n    guest ok = no\n' >> /etc/samba/smb.conf
gid=$(wbinfo --sid-to-gid "$(wbinfo --name-to-sid 'KERBRAS\GG-Atelier' | cut -d ' ' -f 1)")
install -d -m 2770 -g "$gid" /srv/partages/plans
setfacl -m 'd:u::rwx,d:g::rwx,d:o::-' /srv/partages/plans
smbcontrol all reload-config
