# Une option de plus à la fin de la section du partage : c'est la dernière qui compte, quoi que le candidat ait écrit avant.
set -eu
testparm -s --section-name=gabarits >/dev/null 2>&1
testparm -s --section-name=gabarits --parameter-name='read only' 2>/dev/null | grep -qi yes && exit 0
awk '
  /^[[:space:]]*\[/ { if (dedans) print "    read only = yes"; dedans = tolower($0) ~ /^[[:space:]]*\[gabarits\]/ }
  { print }
  END { if (dedans) print "    read only = yes" }
' /etc/samba/smb.conf > /etc/samba/smb.conf.nouveau
cat /etc/samba/smb.conf.nouveau > /etc/samba/smb.conf
rm /etc/samba/smb.conf.nouveau
smbcontrol all reload-config
