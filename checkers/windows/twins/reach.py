"""Connections tried from a Windows machine: a TCP port, and an address through a WireGuard tunnel."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from checkers.probe import Probe, Unreadable
from checkers.probes.ports import ReachValue, State, TcpReach
from checkers.probes.vpn import PingValue, TunnelPing
from checkers.windows.answer import number, rows, text, texts
from checkers.windows.twin import WindowsTwin
from labs.text import Text

_ENDS: dict[int, State | Literal["unroutable"]] = {
    0: "open",
    -1: "silent",
    10013: "rejected",
    10051: "unroutable",
    10060: "silent",
    10061: "refused",
    10065: "rejected",
}
"""SocketError: AccessDenied (this machine's own firewall), NetworkUnreachable, TimedOut, ConnectionRefused,
HostUnreachable."""


class TcpReachTwin(WindowsTwin[ReachValue]):
    """A silent port is tried twice for five seconds, and a hardware address is looked for on the machine's networks."""

    probe: ClassVar[type[Probe[Any]]] = TcpReach
    script: ClassVar[str] = "tcp-reach"
    parameters: ClassVar[tuple[str, ...]] = ("To", "Port")
    timeout_s: ClassVar[int | None] = 40

    def arguments(self, probe: TcpReach) -> dict[str, Any]:
        return {"To": probe.to, "Port": probe.port}

    def read(self, probe: TcpReach, answer: Any) -> ReachValue:
        if answer["resolved"] is not True:
            return ReachValue(state="unresolved", target=probe.to)
        if answer["found"] is not True:
            return ReachValue(state="absent", target=probe.to)
        end = _ENDS.get(number(answer["error"]))
        if end is None:
            raise Unreadable(Text("la connexion n'a pas pu être essayée", "the connection could not be tried"))
        return ReachValue(state=end, target=text(answer["target"], 60))


class TunnelPingTwin(WindowsTwin[PingValue]):
    """The interface and address that Windows would choose, and whether WireGuard has a tunnel of that name."""

    probe: ClassVar[type[Probe[Any]]] = TunnelPing
    script: ClassVar[str] = "tunnel-ping"
    parameters: ClassVar[tuple[str, ...]] = ("Target",)
    timeout_s: ClassVar[int | None] = 40

    def arguments(self, probe: TunnelPing) -> dict[str, Any]:
        return {"Target": str(probe.target)}

    def read(self, probe: TunnelPing, answer: Any) -> PingValue:
        device = text(answer["device"], 80)
        times = [number(one["at"]) for one in rows(answer["handshakes"], 600) if text(one["name"], 80) == device]
        return PingValue(
            device=device,
            source=text(answer["source"], 40),
            tunnel=device in texts(answer["tunnels"], 100),
            sent=number(answer["sent"]),
            received=number(answer["received"]),
            handshake=max(times, default=0),
            now=number(answer["now"]),
        )
