"""What a DNS server answers, asked on itself and from the wire, and where it forwards."""

from __future__ import annotations

import re
import shlex
from ipaddress import IPv4Address, ip_address
from typing import ClassVar, Literal

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers import dig, parts
from checkers.parsers.dig import Dig
from checkers.probe import Probe, Unreadable, Value, Vantage
from labs.text import Text

RecordType = Literal["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SRV", "TXT"]

SERVERS = ("samba", "named", "dnsmasq", "windows")
"""The DNS servers whose configuration can be read."""

_PRINT = "+noall +comments +question +answer"


def _read(raw: Raw) -> Dig:
    try:
        return dig.parse(raw.stdout)
    except ValueError:
        raise Unreadable(Text("la question DNS n'a pas pu être posée", "the DNS question could not be asked")) from None


class DnsLocal(Probe[Dig]):
    """What the machine's own DNS server knows of a name by itself (no recursion): the zone, the record, an alias."""

    name: ClassVar[str] = "dns-record"
    about: ClassVar[Text] = Text("réponse du serveur DNS sur lui-même", "answer of the DNS server on itself")
    value: ClassVar[type[Value]] = Dig
    timeout_s: ClassVar[int] = 12

    zone: str
    fqdn: str
    type: RecordType

    def command(self) -> str:
        name, zone = shlex.quote(self.fqdn), shlex.quote(self.zone)
        types = [self.type] + (["A"] if self.type == "CNAME" else [])
        queries = " ".join(f"-q {name} -t {type_}" for type_ in types)
        # On the loopback; where the server does not listen there, on the address where it does listen for others
        # (127.0.0.53 is resolved's stub, not a server of the machine's own).
        return (
            f'ask() {{ dig @"$1" +norecurse {_PRINT} +tries=2 +time=2 -q {zone} -t SOA {queries} 2>&1; }}\n'
            "said=$(ask 127.0.0.1) || {\n"
            "  to=$(ss -Hlun 'sport = :53' | awk '$4 !~ /^127|:.*:/ {sub(/(%.*)?:53$/, \"\", $4); print $4; exit}')\n"
            '  [ -n "$to" ] && said=$(ask "$to")\n}\nprintf "%s\\n" "$said"'
        )

    def parse(self, raw: Raw) -> Dig:
        return _read(raw)


class DnsWire(Probe[Dig]):
    """What a DNS server answers to the witness on the bench's wire."""

    name: ClassVar[str] = "dns-resolves"
    about: ClassVar[Text] = Text("réponse DNS obtenue depuis le réseau", "DNS answer obtained on the wire")
    vantage: ClassVar[Vantage] = "wire"
    value: ClassVar[type[Value]] = Dig
    timeout_s: ClassVar[int] = 12

    server: IPv4Address
    fqdn: str
    type: RecordType

    def command(self) -> str:
        return f"dig @{self.server} {_PRINT} +tries=3 +time=2 -q {shlex.quote(self.fqdn)} -t {self.type} 2>&1"

    def parse(self, raw: Raw) -> Dig:
        return _read(raw)


class ForwarderValue(Value):
    """program: the DNS server (one of ``SERVERS``), "" when none listens. forwarders: in order.

    off: it is told to forward nothing, whatever they are.
    """

    program: str
    forwarders: tuple[str, ...]
    off: bool = Field(default=False, exclude_if=lambda off: not off)

    def not_seen(self) -> frozenset[str]:
        return frozenset({"forwarders"} if self.program not in ("", *SERVERS) else ())


# testparm reads what other files add, and only there: it costs ten times what reading one file does.
_FORWARDER = f"""{parts.SHELL}
s listen; l=$(ss -Hlunp 'sport = :53'); printf '%s\\n' "$l"
case $l in
*'"named"'*) s named; named-checkconf -p | sed -n '/^options {{/,/^}};/p' | head -c 40000;;
*'"dnsmasq"'*) s dnsmasq; cat /etc/dnsmasq.conf /etc/dnsmasq.d/* | grep '^ *server' | head -c 8000;;
*) if grep -qi '^[[:blank:]]*\\(include\\|config\\|registry\\)' /etc/samba/smb.conf; then
  s testparm; testparm -s --parameter-name='dns forwarder' 2>/dev/null || s failed
  else s smb.conf; head -c 60000 /etc/samba/smb.conf || s failed; fi;;
esac
s end"""
_BRACES = re.compile(r"\bforwarders\s*(?:port\s+\d+\s*)?\{([^{}]{0,4000})\}")


class DnsForwarder(Probe[ForwarderValue]):
    """The servers to which the machine's DNS server forwards what it does not know."""

    name: ClassVar[str] = "dns-forwarder"
    about: ClassVar[Text] = Text("redirecteurs du serveur DNS", "forwarders of the DNS server")
    value: ClassVar[type[Value]] = ForwarderValue
    timeout_s: ClassVar[int] = 12

    def command(self) -> str:
        return _FORWARDER

    def parse(self, raw: Raw) -> ForwarderValue:
        found = parts.parts(raw.stdout)
        told = {"named", "dnsmasq", "testparm", "smb.conf"} & found.keys()
        if "end" not in found or "failed" in found or not told:
            raise Unreadable(Text("le redirecteur DNS n'a pas pu être lu", "the DNS forwarder could not be read"))
        if "named" in found:
            match = _BRACES.search(found["named"])
            return ForwarderValue(program="named", forwarders=_addresses(match[1] if match else ""))
        if "dnsmasq" in found:
            lines = re.findall(r"^ *server *= *([^/\s]\S*)", found["dnsmasq"], re.MULTILINE)
            return ForwarderValue(program="dnsmasq", forwarders=_addresses(" ".join(lines[:50])))
        program = next(
            (word for word in re.findall(r'\("([^"]{1,32})"', found["listen"]) if word != "systemd-resolve"), ""
        )
        if program.startswith(("dns[", "samba")):  # Samba names its processes after their work
            program = "samba"
        value = found["testparm"] if "testparm" in found else _global(found["smb.conf"], "dnsforwarder")
        return ForwarderValue(program=program, forwarders=_addresses(value))


def _global(text: str, name: str) -> str:
    """A parameter of ``[global]`` in an smb.conf(5) without includes; names are compared without case and spaces."""
    section, value = "global", ""
    for line in text.replace("\\\n", " ").splitlines():
        bare = line.strip()
        if bare.startswith("["):
            section = bare.strip("[]").strip().lower()
        elif section == "global" and "=" in bare and not bare.startswith(("#", ";")):
            key, _, given = bare.partition("=")
            if re.sub(r"\s", "", key).lower() == name:
                value = given.strip()
    return value


def _addresses(text: str) -> tuple[str, ...]:
    """The addresses in a list of forwarders; ports and what is no address are left out."""
    found: list[str] = []
    for word in re.split(r"[\s;,]+", text)[:100]:
        bare = word.strip("[]").split("]")[0].split("#")[0]
        bare = bare.split(":")[0] if bare.count(":") == 1 else bare
        try:
            found.append(str(ip_address(bare)))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))
