"""The leases that a machine's DHCP server has given, as the server has noted them."""

from __future__ import annotations

from typing import ClassVar, Literal

from checkers.facts import Raw
from checkers.parsers import dhcp_leases, parts
from checkers.parsers.clean import integer
from checkers.parsers.dhcp_leases import LeaseGiven
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

# A server keeps its file open: where it is need not be guessed. Kea cleans it up into files beside it. Whole files: one
# that is too long for an answer is not read, where half of it would tell what is not so.
_COMMAND = f"""{parts.SHELL}
s now; date +%s
p=$(pidof -s kea-dhcp4 || pidof -s dnsmasq)
[ -n "$p" ] && read -r program <"/proc/$p/comm"
[ -n "$p" ] && f=$(readlink /proc/"$p"/fd/* | grep -m 1 -i lease)
s "program $program"
case $program in
kea*)
  f=${{f:-/var/lib/kea/kea-leases4.csv}}
  s leases; head -n 1 "$f"; cat "$f.2" "$f.1" "$f" 2>/dev/null;;
dnsmasq) s leases; cat "${{f:-/var/lib/misc/dnsmasq.leases}}";;
esac
exit 0"""


class DhcpLeasesValue(Value):
    """program: the DHCP server that runs, "" when none that is known does: then which leases were given is not seen."""

    program: Literal["kea", "dnsmasq", "windows", ""]
    leases: tuple[LeaseGiven, ...] = ()

    def not_seen(self) -> frozenset[str]:
        return frozenset({"leases"} if not self.program else ())


class DhcpLeases(Probe[DhcpLeasesValue]):
    """The leases that have not ended."""

    name: ClassVar[str] = "dhcp-leases"
    about: ClassVar[Text] = Text("baux donnés par le serveur DHCP", "leases given by the DHCP server")
    value: ClassVar[type[Value]] = DhcpLeasesValue

    def command(self) -> str:
        return _COMMAND

    def parse(self, raw: Raw) -> DhcpLeasesValue:
        found = parts.parts(raw.stdout)
        program = next(iter(parts.starting(found, "program")), "")
        try:
            now = integer(found.get("now", ""))
            if program.startswith("kea"):
                return DhcpLeasesValue(program="kea", leases=dhcp_leases.kea(found["leases"], now))
        except (ValueError, KeyError) as error:
            raise Unreadable(Text("les baux n'ont pas pu être lus", "the leases could not be read")) from error
        if program == "dnsmasq":
            return DhcpLeasesValue(program="dnsmasq", leases=dhcp_leases.dnsmasq(found.get("leases", ""), now))
        return DhcpLeasesValue(program="")
