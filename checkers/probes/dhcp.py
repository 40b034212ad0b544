"""What a machine's DHCP server is told, as it runs and as it is saved."""

from __future__ import annotations

import re
from ipaddress import IPv4Interface
from typing import ClassVar, Literal

from checkers.facts import Raw
from checkers.parsers import dnsmasq, kea
from checkers.parsers import parts as cut
from checkers.parsers.dhcp_config import DhcpConfig
from checkers.parsers.parts import SHELL, starting
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

KEA_FILE = "/etc/kea/kea-dhcp4.conf"
_PROGRAM = re.compile(r'\("([^"]{1,64})"')

_COMMAND = f"""{SHELL}
s listen; ss -Hulnp 'sport = :67'
f={KEA_FILE}
for p in $(pidof kea-dhcp4); do
  s running kea; c=$(tr '\\0' '\\n' <"/proc/$p/cmdline" | sed -n '/^-c$/{{n;p;q}}')
  [ -n "$c" ] && f=$c
done
s file; head -c 100000 "$f"
sed -n 's/.*<?include *"\\([^"]*\\)" *?>.*/\\1/p' "$f" | head -n 8 |
  while read -r i; do s "include $i"; head -c 20000 "$i"; done
for k in $(sed -n 's/.*"socket-name" *: *"\\([^"]*\\)".*/\\1/p' "$f") /run/kea/*; do
  [ -S "$k" ] || continue
  s "socket $k"; printf '{{"command":"config-get"}}' | timeout 4 nc -U -w 3 "$k" | head -c 100000
done
for p in $(pidof dnsmasq | head -c 60); do
  s "dnsmasq $p"; tr '\\0' '\\n' <"/proc/$p/cmdline" | head -c 8000
  s "started $p"; stat -c %Y "/proc/$p"
  s "changed $p"; stat -c %Y /etc/dnsmasq.conf /etc/dnsmasq.d/* | sort -n | tail -n 1
done
s dnsmasq.conf; [ -e /etc/dnsmasq.conf ] && cat /etc/dnsmasq.conf /etc/dnsmasq.d/* | grep -v '^ *#' | head -c 60000
s address; ip -4 -o addr show scope global | awk '{{print $4}}'
exit 0"""


class DhcpValue(Value):
    """listening: the program on UDP port 67, "" when none. known: whether its configuration is of a kind read here.

    running: what it works with now. saved: what it would read at its next start. trouble: why one of them is missing.
    """

    listening: str
    program: Literal["kea", "dnsmasq", "other", "none"]
    running: DhcpConfig | None = None
    saved: DhcpConfig | None = None
    trouble: str = ""


class Dhcp(Probe[DhcpValue]):
    """The configuration of the machine's DHCP server, running (Kea's control socket) and saved (its file)."""

    name: ClassVar[str] = "dhcp-config"
    about: ClassVar[Text] = Text("configuration du serveur DHCP", "configuration of the DHCP server")
    value: ClassVar[type[Value]] = DhcpValue
    timeout_s: ClassVar[int] = 20

    def command(self) -> str:
        return _COMMAND

    def parse(self, raw: Raw) -> DhcpValue:
        parts = cut.parts(raw.stdout)
        if "listen" not in parts or "address" not in parts:
            raise Unreadable(Text("la configuration DHCP n'a pas pu être lue", "the DHCP configuration was not read"))
        match = _PROGRAM.search(parts["listen"])
        listening = match[1] if match else ""
        if listening.startswith("kea") or (
            not listening and ("running kea" in parts or not starting(parts, "dnsmasq"))
        ):
            return _kea(parts, listening)
        if listening == "dnsmasq" or not listening:
            return _dnsmasq(parts, listening)
        return DhcpValue(listening=listening, program="other")


def _kea(parts: dict[str, str], listening: str) -> DhcpValue:
    running = saved = None
    trouble: list[str] = []
    for answer in starting(parts, "socket").values():
        try:
            running = running or kea.parse(answer)
        except ValueError as error:
            trouble.append(f"config-get: {error}"[:300])
    try:
        saved = kea.parse(parts.get("file", ""), starting(parts, "include"))
    except ValueError as error:
        trouble.append(f"file: {error}"[:300])
    return DhcpValue(listening=listening, program="kea", running=running, saved=saved, trouble="; ".join(trouble)[:600])


def _dnsmasq(parts: dict[str, str], listening: str) -> DhcpValue:
    (pid, line), *_ = starting(parts, "dnsmasq").items()
    interfaces = [IPv4Interface(word) for word in parts["address"].split()[:64]]
    try:
        options = dnsmasq.arguments(line) + dnsmasq.settings(parts.get("dnsmasq.conf", "").splitlines())
        saved = dnsmasq.parse(options, interfaces)
    except ValueError as error:
        return DhcpValue(listening=listening, program="dnsmasq", trouble=str(error)[:300])
    # dnsmasq reads its files once, when it starts: they tell what runs unless they changed since.
    changed = int(parts.get(f"changed {pid}") or 0)
    fresh = changed <= int(parts.get(f"started {pid}") or 0)
    return DhcpValue(listening=listening, program="dnsmasq", running=saved if fresh else None, saved=saved)
