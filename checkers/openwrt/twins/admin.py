"""Whether the administrator's password of an OpenWrt device is set, and whether it is the expected one.

From the factory it has none: SSH lets anybody in, and so does the page, whatever is typed. The page's own login
(``rpcd``) is asked, with a word that is nobody's and with the expected one, so no hash leaves the device.
"""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.dialect import Twin
from checkers.facts import Raw
from checkers.probe import Probe, Unreadable
from checkers.probes.access_point import AccessPointAdmin, AdminValue
from labs.text import Text

_TRY = r"""
try() {
  p=$(printf %s "$2" | sed 's/[\\"]/\\&/g')
  a=$(ubus -S call session login "{\"username\":\"root\",\"password\":\"$p\",\"timeout\":5}" 2>/dev/null); c=$?
  i=$(printf %s "$a" | sed -n 's/.*"ubus_rpc_session":"\([0-9a-f]*\)".*/\1/p')
  [ -z "$i" ] || ubus call session destroy "{\"ubus_rpc_session\":\"$i\"}" >/dev/null 2>&1
  case $c in 0) echo "$1=yes";; 6) echo "$1=no";; *) echo "$1=error $c";; esac
}
while IFS=: read -r u h _; do
  [ "$u" = root ] || continue
  case $h in '') echo shadow=none;; '!'*|'*'*|x) echo shadow=locked;; *) echo shadow=set;; esac
done </etc/shadow
grep -q "password[[:space:]]*['\"]*\$p\$root['\"]*[[:space:]]*\$" /etc/config/rpcd && echo page=shadow
try any "epreuve-$$-nobody"
"""


NOT_CHECKED = Text(
    "le mot de passe de l'appareil n'a pas pu être vérifié", "the device's password could not be checked"
)


class AccessPointAdminTwin(Twin[AdminValue]):
    """root's password, on the page (LuCI) and over SSH; the two are one unless somebody has parted them."""

    probe: ClassVar[type[Probe[Any]]] = AccessPointAdmin

    def command(self, probe: AccessPointAdmin) -> str:
        wanted = f'try wanted "${{SECRET_{probe.secret.upper()}}}"\n' if probe.secret else ""
        return f"{_TRY}{wanted}echo end"

    def parse(self, probe: AccessPointAdmin, raw: Raw) -> AdminValue:
        given = dict(line.split("=", 1) for line in raw.stdout.splitlines()[:20] if "=" in line)
        asked = {"any", "wanted"} if probe.secret else {"any"}
        known = given.get("shadow") in ("none", "locked", "set") and given.get("page") == "shadow"
        if not known or not raw.stdout.endswith("end\n") or any(given.get(one) not in ("yes", "no") for one in asked):
            raise Unreadable(NOT_CHECKED)
        open_to_all = given["any"] == "yes"
        expected = given["wanted"] == "yes" and not open_to_all if probe.secret else None
        return AdminValue(
            page_default=open_to_all,
            page_expected=expected,
            console_default=given["shadow"] == "none",
            console_expected=expected,
        )
