#!/bin/sh
# Ce que seul samba-tool sait faire : la zone inverse, l'enregistrement périmé du traceur, la stratégie liée à la mauvaise unité.
# L'administrateur n'a pas encore de mot de passe : un mot de passe de passage, que celui de la session remplacera.
set -eu
sam=/var/lib/samba/private/sam.ldb
ldbsearch -H "$sam" -b DC=kerbras,DC=lan '(displayName=GPO-Ecran)' dn 2>/dev/null | grep -q '^dn:' && exit 0

passage=$(head -c 18 /dev/urandom | base64 -w 0)-Kb
ldbmodify -H "$sam" >/dev/null <<FIN
dn: CN=Administrator,CN=Users,DC=kerbras,DC=lan
changetype: modify
replace: unicodePwd
unicodePwd:: $(printf '"%s"' "$passage" | iconv -f UTF-8 -t UTF-16LE | base64 -w 0)
FIN

cat > /run/ecran.json <<'FIN'
[{
  "keyname": "Software\\Policies\\Microsoft\\Windows\\Control Panel\\Desktop", "valuename": "ScreenSaveTimeOut",
  "class": "USER", "type": "REG_SZ", "data": "600"
}]
FIN
PASSAGE="$passage" python3 - <<'FIN'
import io, os, re, sys
from samba.netcmd.main import samba_tool

compte = ["-U", "Administrator", "--password=" + os.environ["PASSAGE"]]

def outil(*ordre):
    sortie = io.StringIO()
    if samba_tool(*ordre, *compte, outf=sortie):
        sys.exit("échec : " + " ".join(ordre) + sortie.getvalue())
    return sortie.getvalue()

serveur = "srv-kerbras.kerbras.lan"
outil("dns", "zonecreate", serveur, "50.168.192.in-addr.arpa")
outil("dns", "add", serveur, "50.168.192.in-addr.arpa", "10", "PTR", serveur)
outil("dns", "add", serveur, "kerbras.lan", "traceur", "A", "192.168.50.41")
guid = re.search(r"\{[0-9A-F-]{36}\}", outil("gpo", "create", "GPO-Ecran"))[0]
outil("gpo", "load", guid, "--content=/run/ecran.json")
outil("gpo", "setlink", "OU=Bureau,OU=Voilerie,DC=kerbras,DC=lan", guid)
FIN
rm /run/ecran.json
echo "zone inverse et stratégie faites"
