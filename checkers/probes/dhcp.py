"""What a machine's DHCP server is told, as it runs and as it is saved."""

from __future__ import annotations

import re
from ipaddress import IPv4Interface
from typing import ClassVar, Literal

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers import dnsmasq, kea, parts
from checkers.parsers.dhcp_config import DhcpConfig
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

KEA_FILE = "/etc/kea/kea-dhcp4.conf"
_PROGRAM = re.compile(r'\("([^"]{1,64})"')

_COMMAND = f"""{parts.SHELL}
s listen; l=$(ss -Hulnp 'sport = :67'); printf '%s\\n' "$l"
p=${{l#*pid=}}; p=${{p%%[!0-9]*}}
[ -n "$l" ] || p=$(pidof -s kea-dhcp4 || pidof -s dnsmasq)
[ -n "$p" ] && read -r program <"/proc/$p/comm" && s "running $program"
s command; [ -n "$p" ] && tr '\\0' '\\n' <"/proc/$p/cmdline" | head -c 8000
f={KEA_FILE}
case $program in kea*) c=$(tr '\\0' '\\n' <"/proc/$p/cmdline" | sed -n '/^-c$/{{n;p;q}}'); f=${{c:-$f}};; esac
s file; [ -e "$f" ] && {{
  c=$(head -c 100000 "$f"); printf '%s\\n' "$c"
  case $c in *'<?include'*) printf '%s\\n' "$c" | sed -n 's/.*<?include *"\\([^"]*\\)" *?>.*/\\1/p' | head -n 8 |
    while read -r i; do s "include $i"; head -c 20000 "$i"; done;; esac
  own=$(printf '%s\\n' "$c" | sed -n 's/.*"socket-name" *: *"\\([^"]*\\)".*/\\1/p')
}}
for k in $own /run/kea/*; do
  [ -S "$k" ] && s "socket $k" && printf '{{"command":"config-get"}}' | timeout 4 nc -U -w 3 "$k" | head -c 100000
done
case $program in dnsmasq)
  s started; stat -c %Y "/proc/$p"
  s changed; stat -c %Y /etc/dnsmasq.conf /etc/dnsmasq.d/* | sort -n | tail -n 1
  s dnsmasq.conf; cat /etc/dnsmasq.conf /etc/dnsmasq.d/* | grep -v '^ *#' | head -c 60000;;
esac
s address; ip -4 -o addr show scope global
exit 0"""


class DhcpValue(Value):
    """listening: the program on UDP port 67, "" when none. known: whether its configuration is of a kind read here.

    running: what it works with now. saved: what it would read at its next start. trouble: why one of them is missing.
    authorised: False when the directory of its domain does not let it serve; None where nobody asks for that.
    """

    listening: str
    program: Literal["kea", "dnsmasq", "windows", "other", "none"]
    running: DhcpConfig | None = None
    saved: DhcpConfig | None = None
    trouble: str = ""
    authorised: bool | None = Field(default=None, exclude_if=lambda authorised: authorised is None)

    def not_seen(self) -> frozenset[str]:
        unread = self.program in ("other", "dnsmasq") or bool(self.trouble)
        missing = {"running": self.running is None, "saved": self.saved is None}
        return frozenset(name for name, none in missing.items() if unread and none)


class Dhcp(Probe[DhcpValue]):
    """The configuration of the machine's DHCP server, running (Kea's control socket) and saved (its file)."""

    name: ClassVar[str] = "dhcp-config"
    about: ClassVar[Text] = Text("configuration du serveur DHCP", "configuration of the DHCP server")
    value: ClassVar[type[Value]] = DhcpValue
    timeout_s: ClassVar[int] = 20

    def command(self) -> str:
        return _COMMAND

    def parse(self, raw: Raw) -> DhcpValue:
        found = parts.parts(raw.stdout)
        if "listen" not in found or "address" not in found:
            raise Unreadable(Text("la configuration DHCP n'a pas pu être lue", "the DHCP configuration was not read"))
        match = _PROGRAM.search(found["listen"])
        listening = match[1] if match else ""
        program = next(iter(parts.starting(found, "running")), listening)
        if program == "dnsmasq":
            return _dnsmasq(found, listening)
        if not program or program.startswith("kea"):
            return _kea(found, listening)
        return DhcpValue(listening=listening, program="other")


def _kea(found: dict[str, str], listening: str) -> DhcpValue:
    running = saved = None
    trouble: list[str] = []
    for answer in parts.starting(found, "socket").values():
        try:
            running = running or kea.parse(answer)
        except ValueError as error:
            trouble.append(f"config-get: {error}"[:300])
    try:
        saved = kea.parse(found.get("file", ""), parts.starting(found, "include"))
    except ValueError as error:
        trouble.append(f"file: {error}"[:300])
    return DhcpValue(listening=listening, program="kea", running=running, saved=saved, trouble="; ".join(trouble)[:600])


def _dnsmasq(found: dict[str, str], listening: str) -> DhcpValue:
    interfaces = [IPv4Interface(line.split()[3]) for line in found["address"].splitlines()[:64]]
    try:
        options = dnsmasq.arguments(found["command"]) + dnsmasq.settings(found.get("dnsmasq.conf", "").splitlines())
        saved = dnsmasq.parse(options, interfaces)
    except ValueError as error:
        return DhcpValue(listening=listening, program="dnsmasq", trouble=str(error)[:300])
    # dnsmasq reads its files once, when it starts: they tell what runs unless they changed since.
    fresh = int(found.get("changed") or 0) <= int(found.get("started") or 0)
    return DhcpValue(listening=listening, program="dnsmasq", running=saved if fresh else None, saved=saved)
