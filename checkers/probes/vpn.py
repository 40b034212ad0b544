"""WireGuard: the tunnels of a machine, and whether one really carries traffic."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Interface
from typing import ClassVar

from checkers.facts import Raw
from checkers.parsers import parts, wg_dump, wg_files
from checkers.parsers.wg_dump import Tunnel
from checkers.parsers.wg_files import Saved
from checkers.probe import Probe, Unreadable, Value, Vantage
from checkers.witness import tunnel
from labs.text import Text

# The private and preshared keys are cut before anything leaves the machine.
_COMMAND = f"""{parts.SHELL}
s dump; wg show all dump | awk -F'\\t' -v OFS='\\t' 'NF==5{{$2="-"}} NF==9&&$3!="(none)"{{$3="-"}} {{print}}'
s now; date +%s
s address; ip -4 -o addr show
s link; ip -o link show
set --; for f in /etc/wireguard/*.conf /etc/systemd/network/*.netdev /etc/systemd/network/*.network \\
  /etc/NetworkManager/system-connections/*.nmconnection /etc/network/interfaces /etc/network/interfaces.d/*; do
  [ -f "$f" ] && set -- "$@" "$f"
done
[ $# = 0 ] || awk 'FNR==1 {{print "\\n@@ file " FILENAME; n=0}} (n+=length) > 20000 {{next}}
  tolower($0) ~ /^[ \\t]*(private|preshared)-?key/ {{sub(/=.*/, "= -")}} {{print}}' "$@"
s enabled; for f in /etc/systemd/system/*.wants/*.service; do
  case $f in */wg-quick@*|*/systemd-networkd.*|*/NetworkManager.*|*/networking.*) echo "${{f##*/}}";; esac
done
s others; cd /etc; grep -ls 'wg-quick up\\|wg setconf\\|wg set ' systemd/system/*.service rc.local cron.d/* \\
  /var/spool/cron/crontabs/*
s end"""


class WireguardValue(Value):
    """now: the machine's clock. tunnels: what runs. saved: what the files say. others: files that may start more."""

    now: int
    tunnels: tuple[Tunnel, ...]
    saved: tuple[Saved, ...]
    others: tuple[str, ...] = ()


class Wireguard(Probe[WireguardValue]):
    """The WireGuard tunnels of a machine, as they run and as they are saved. No private key leaves the machine."""

    name: ClassVar[str] = "wireguard"
    about: ClassVar[Text] = Text("tunnels WireGuard de la machine", "WireGuard tunnels of the machine")
    value: ClassVar[type[Value]] = WireguardValue

    def command(self) -> str:
        return _COMMAND

    def parse(self, raw: Raw) -> WireguardValue:
        found = parts.parts(raw.stdout)
        if "end" not in found:
            raise Unreadable(Text("les tunnels n'ont pas pu être lus", "the tunnels could not be read"))
        addresses: dict[str, list[str]] = {}
        for line in found["address"].splitlines()[:200]:
            words = line.split()
            addresses.setdefault(words[1], []).append(words[3])
        up = {
            line.split()[1].rstrip(":").split("@")[0]
            for line in found["link"].splitlines()[:200]
            if re.search(r"[<,]UP[,>]", line)
        }
        return WireguardValue(
            now=int(found["now"]),
            tunnels=tuple(
                t.model_copy(update={"addresses": tuple(addresses.get(t.name, ())[:16]), "up": t.name in up})
                for t in wg_dump.parse(found["dump"])
            ),
            saved=tuple(wg_files.saved(parts.starting(found, "file"), set(found["enabled"].split()))[:64]),
            others=tuple(found["others"].split()[:20]),
        )


class PingValue(Value):
    """device: the interface by which the target is reached; tunnel: it is a WireGuard interface.

    handshake: the newest of that interface after the ping, seconds since the epoch; now: the machine's clock.
    """

    device: str
    source: str
    tunnel: bool
    sent: int
    received: int
    handshake: int
    now: int


class TunnelPing(Probe[PingValue]):
    """Whether the machine reaches an address through a WireGuard tunnel: three pings, then the tunnel's handshake."""

    name: ClassVar[str] = "tunnel-ping"
    about: ClassVar[Text] = Text("ping à travers le tunnel", "ping through the tunnel")
    value: ClassVar[type[Value]] = PingValue
    timeout_s: ClassVar[int] = 15

    target: IPv4Address

    def command(self) -> str:
        return (
            f"{parts.SHELL}\n"
            f"s route; ip -4 -o route get {self.target}\n"
            f"s ping; ping -n -c 3 -i 0.3 -W 3 -w 8 {self.target}; s code $?\n"
            "s tunnels; wg show interfaces\n"
            "s handshakes; wg show all latest-handshakes | cut -f 1,3\n"
            "s now; date +%s\ns end"
        )

    def parse(self, raw: Raw) -> PingValue:
        found = parts.parts(raw.stdout)
        if "end" not in found or "code 127" in found:
            raise Unreadable(Text("le ping n'a pas pu être essayé", "the ping could not be tried"))
        device = re.search(r"\bdev (\S{1,20})", found["route"])
        source = re.search(r"\bsrc (\S{1,20})", found["route"])
        counts = re.search(r"([0-9]{1,4}) packets transmitted, ([0-9]{1,4}) (?:packets )?received", found["ping"])
        name = device[1] if device else ""
        times = [line.split() for line in found["handshakes"].splitlines()[:600]]
        return PingValue(
            device=name,
            source=source[1] if source else "",
            tunnel=name in found["tunnels"].split(),
            sent=int(counts[1]) if counts else 0,
            received=int(counts[2]) if counts else 0,
            handshake=max((int(words[1]) for words in times if len(words) == 2 and words[0] == name), default=0),
            now=int(found["now"]),
        )


class RoamingValue(Value):
    """handshake: the server took the witness's key. received: pings answered through the tunnel, of ``sent``."""

    handshake: bool
    sent: int
    received: int


class Roaming(Probe[RoamingValue]):
    """Traffic really carried by the tunnel: the witness on the wire is the roaming computer whose key it is given."""

    name: ClassVar[str] = "vpn-traffic"
    about: ClassVar[Text] = Text(
        "trafic à travers le tunnel, par un témoin", "traffic through the tunnel, by a witness"
    )
    vantage: ClassVar[Vantage] = "wire"
    value: ClassVar[type[Value]] = RoamingValue
    timeout_s: ClassVar[int] = 25

    endpoint: str
    address: IPv4Interface
    target: IPv4Address
    key: str
    peer: str

    def command(self) -> str:
        return tunnel.command(
            endpoint=self.endpoint,
            address=str(self.address.ip),
            target=str(self.target),
            key_variable=f"SECRET_{self.key.upper()}",
            peer_variable=f"SECRET_{self.peer.upper()}",
        )

    def parse(self, raw: Raw) -> RoamingValue:
        given = dict(line.split("=", 1) for line in raw.stdout.splitlines()[:100] if "=" in line)
        if raw.exit_code != 0 or given.get("ready") != "1":
            raise Unreadable(
                Text("le témoin n'a pas pu monter son bout du tunnel", "the witness could not set up its tunnel end")
            )
        return RoamingValue(
            handshake=int(given["handshake"]) > 0, sent=int(given["sent"]), received=int(given["received"])
        )
