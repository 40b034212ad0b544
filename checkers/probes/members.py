"""Whether a machine is a member of a domain: what its join left behind, and whether its secure channel works.

A join by Samba (``net ads join``, ``realm join`` with winbind) leaves the machine's password in secrets.tdb; one by
adcli or ``realm join`` with sssd leaves it in the keytab only. Either is right.
"""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from checkers.facts import Raw
from checkers.parsers import sections
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

_MAX = 100
_SECRET = re.compile(r'^SECRETS/MACHINE_(?:PASSWORD|DOMAIN_INFO)/([^"/\\]{1,80})')
_PRINCIPAL = re.compile(r"^\s*[0-9]+\s+(\S+)@(\S+)")
_OPTION = re.compile(r"^\s*([a-z][a-z ]*[a-z])\s*=\s*(.*)$")
_REFUSED = re.compile(
    r"ACCESS_DENIED|LOGON_FAILURE|WRONG_PASSWORD|NO_TRUST_SAM_ACCOUNT|NO_TRUST_LSA_SECRET|TRUSTED_RELATIONSHIP_FAILURE"
    r"|TRUSTED_DOMAIN_FAILURE|INVALID_COMPUTER_NAME|ACCOUNT_DISABLED|NO_SUCH_USER|Preauthentication failed"
    r"|not found in Kerberos database|credentials have been revoked|Access denied|Logon failure"
)

# Of secrets.tdb only the names of the entries leave the machine.
_COMMAND = r"""
echo '== host'; uname -n
echo '== smb'; testparm -s 2>/dev/null | grep -iE '^[[:space:]]*(realm|workgroup|security|netbios name) ='
echo '== secrets'
s=$(tdbdump /var/lib/samba/private/secrets.tdb 2>/dev/null |
  sed -n 's/^key([0-9]*) = "\(.*\)"$/\1/p' | grep '^SECRETS/MACHINE_')
printf '%s\n' "$s"
echo '== keytab'; k=$([ ! -e /etc/krb5.keytab ] || klist -k /etc/krb5.keytab 2>/dev/null); printf '%s\n' "$k"
echo '== sssd'; grep -shE '^ *(ad_domain|krb5_realm|domains) *=' /etc/sssd/sssd.conf /etc/sssd/conf.d/*.conf
echo '== channel'
if [ -n "$s" ]; then
  timeout 10 wbinfo -t 2>&1 && { echo works; exit 0; }
  timeout 20 net ads testjoin 2>&1 && echo works
elif [ -z "$k" ]; then
  echo none
elif command -v adcli >/dev/null; then
  timeout 15 adcli testjoin 2>&1 && echo works
else
  KRB5CCNAME=MEMORY: timeout 12 kinit -k "$(uname -n | cut -d. -f1 | tr a-z A-Z)\$" 2>&1 && echo works
fi
exit 0
""".strip()


Channel = Literal["works", "refused", "unreachable", "unknown", "absent"]


class MembershipValue(Value):
    """What a machine has of a domain.

    realm, workgroup, security: of smb.conf. computer: the NetBIOS name. secrets: domains for which there is a machine
    password. principals: ``name@REALM`` of the keytab. sssd: realms that sssd serves. channel: what a domain controller
    said to the machine's own credentials; detail: in its words.
    """

    computer: str
    realm: str
    workgroup: str
    security: str
    secrets: tuple[str, ...]
    principals: tuple[str, ...]
    sssd: tuple[str, ...]
    channel: Channel
    detail: str

    def not_seen(self) -> frozenset[str]:
        return frozenset({"channel"} if self.channel in ("unreachable", "unknown") else ())


class Membership(Probe[MembershipValue]):
    """The machine's membership of a domain."""

    name: ClassVar[str] = "domain-membership"
    about: ClassVar[Text] = Text("appartenance à un domaine", "membership of a domain")
    value: ClassVar[type[Value]] = MembershipValue
    timeout_s: ClassVar[int] = 45

    def command(self) -> str:
        return _COMMAND

    def parse(self, raw: Raw) -> MembershipValue:
        parts = sections.split(raw.stdout)
        if "channel" not in parts or not parts.get("host", "").strip():
            raise Unreadable(
                Text("l'appartenance au domaine n'a pas pu être lue", "the domain membership could not be read")
            )
        options = {m[1].lower(): m[2].strip() for m in map(_OPTION.match, parts["smb"].split("\n")) if m is not None}
        secrets = {m[1].upper() for m in map(_SECRET.match, parts["secrets"].split("\n")) if m is not None}
        principals = {f"{m[1]}@{m[2]}" for m in map(_PRINCIPAL.match, parts["keytab"].split("\n")) if m is not None}
        served = re.findall(r"=\s*(.+)", parts["sssd"])
        host = parts["host"].strip().split(".")[0]
        return MembershipValue(
            computer=clip(options.get("netbios name", host).upper()),
            realm=clip(options.get("realm", "")),
            workgroup=clip(options.get("workgroup", "WORKGROUP").upper()),
            security=clip(options.get("security", "AUTO").upper()),
            secrets=tuple(clip(name) for name in sorted(secrets)[:_MAX]),
            principals=tuple(clip(name) for name in sorted(principals)[:_MAX]),
            sssd=tuple(clip(name.strip().lower()) for line in served[:_MAX] for name in line.split(",")),
            channel=_channel(parts["channel"]),
            detail=clip(parts["channel"].strip(), 400),
        )


def _channel(text: str) -> Channel:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if "works" in lines:
        return "works"
    if lines == ["none"]:
        return "absent"
    if _REFUSED.search(text[:8192]):
        return "refused"
    return "unreachable" if lines else "unknown"
