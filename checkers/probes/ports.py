"""Which TCP ports are open: seen from the wire, and from another machine."""

from __future__ import annotations

import re
import shlex
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from checkers.facts import Raw
from checkers.parsers.loose_json import load
from checkers.probe import Probe, Unreadable, Value, Vantage
from checkers.witness import INTERFACE, program
from labs.text import Text

Port = Annotated[int, Field(ge=1, le=65535)]
MacAddress = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$", to_lower=True)]
State = Literal["open", "refused", "rejected", "silent"]


class PortsValue(Value):
    """Where a machine is and how its ports answer.

    addresses: where ARP finds it, in ``subnet``. alive_after: it still answered ARP at the end.
    """

    subnet: str
    addresses: tuple[str, ...] = Field(max_length=16)
    alive_after: bool
    ping: bool
    ports: dict[Port, State] = Field(max_length=256)


class Ports(Probe[PortsValue]):
    """The TCP ports of the machine with this hardware address, wherever its address is in the witness's subnet."""

    name: ClassVar[str] = "ports"
    about: ClassVar[Text] = Text("ports TCP vus du réseau", "TCP ports seen from the wire")
    vantage: ClassVar[Vantage] = "wire"
    value: ClassVar[type[Value]] = PortsValue
    timeout_s: ClassVar[int] = 20

    mac: MacAddress
    ports: Annotated[tuple[Port, ...], Field(max_length=64)]

    def command(self) -> str:
        return program("ports", INTERFACE, self.mac, ",".join(map(str, self.ports)))

    def parse(self, raw: Raw) -> PortsValue:
        if raw.exit_code != 0:
            raise Unreadable(
                Text("le témoin n'a pas pu sonder le réseau", "the witness could not look around on the network")
            )
        return PortsValue.model_validate(load(raw.stdout))


class ReachValue(Value):
    """How a connection from the machine ended.

    ``unroutable``: the machine itself knows no way there; ``unresolved``: nor the name; ``absent``: nobody on its
    networks has the hardware address. target: the address that was tried.
    """

    state: State | Literal["unroutable", "unresolved", "absent"]
    target: str


# The neighbour with a hardware address: as the kernel knows it, else after a word to every address of the machine's
# networks (bash writes datagrams without starting a program), which makes the kernel ask for them all.
_FIND = """\
command -v arping && command -v bash || exit 127
near() {{
  ip -4 neigh show | awk '/{mac}/ && !/FAILED/ {{print $1, $3}}' | while read -r a d; do
    arping -q -f -c 2 -w 2 -I "$d" "$a" && {{ echo "$a"; break; }}
  done
}}
to=$(near)
[ -n "$to" ] || {{
  ip -4 -o addr show scope global | sed -n 's/.* \\([0-9.]*\\.\\)[0-9]*\\/24 .*/\\1/p' | head -n 4 | while read -r n; do
    bash -c 'for i in {{1..254}}; do echo >/dev/udp/'"$n"'$i/9; done' 2>/dev/null
  done
  sleep 1; to=$(near)
}}
[ -n "$to" ] || {{ echo absent; exit 0; }}
"""


class TcpReach(Probe[ReachValue]):
    """One TCP connection tried from the machine, to an address, a name, or wherever a hardware address is."""

    name: ClassVar[str] = "tcp-reach"
    about: ClassVar[Text] = Text("connexion TCP depuis la machine", "TCP connection from the machine")
    value: ClassVar[type[Value]] = ReachValue
    timeout_s: ClassVar[int] = 20

    to: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.:_-]{0,252}$")]
    port: Port

    def command(self) -> str:
        # Twice when the first try is silent: one lost packet must not decide.
        once = f'nc -4 -z -v -w 4 "$to" {self.port} 2>&1'
        find = _FIND.format(mac=self.to.lower()) if _MAC.fullmatch(self.to) else f"to={shlex.quote(self.to)}\n"
        return f'{find}echo "to $to"; {once}; [ $? = 0 ] || {{ echo again; {once}; }}; echo code $?'

    def parse(self, raw: Raw) -> ReachValue:
        if raw.stdout.rstrip().endswith("\nabsent"):
            return ReachValue(state="absent", target=self.to)
        target = re.search(r"^to (\S{1,253})$", raw.stdout, re.MULTILINE)
        text = raw.stdout.split("again\n")[-1]
        code = re.search(r"^code ([0-9]+)$", text, re.MULTILINE)
        if code is None or target is None or code[1] in ("126", "127"):
            raise Unreadable(Text("la connexion n'a pas pu être essayée", "the connection could not be tried"))
        if code[1] == "0":
            return ReachValue(state="open", target=target[1])
        state = next((state for words, state in _STATES if words in text), "silent")
        return ReachValue.model_validate({"state": state, "target": target[1]})


_MAC = re.compile(r"[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}")
_STATES = (
    ("Connection refused", "refused"),
    ("Network is unreachable", "unroutable"),
    ("No route to host", "rejected"),
    ("Permission denied", "rejected"),
    ("Operation not permitted", "rejected"),
    ("name resolution", "unresolved"),
    ("Name or service not known", "unresolved"),
    ("No address associated", "unresolved"),
)
