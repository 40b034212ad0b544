"""VPN connections of Windows, and the tunnels of WireGuard for Windows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from checkers.parsers import wg_dump
from checkers.parsers.wg_files import Saved
from checkers.probe import Probe
from checkers.probes.vpn import Wireguard, WireguardValue
from checkers.probes.vpn_connections import VpnConnection, VpnConnections, VpnConnectionsValue
from checkers.windows.answer import number, rows, text, texts
from checkers.windows.twin import WindowsTwin

_STRATEGIES = {"1": "pptp", "3": "l2tp", "5": "sstp", "7": "ikev2"}
"""VpnStrategy of a phone book (RASENTRY): only this tunnel; the even ones try it first, as "automatic" does."""
_VPN = "2"
_AUTOMATIC = 2
_IN_USE = (3, 4)
_SERVICE = "WireGuardTunnel$"


class VpnConnectionsTwin(WindowsTwin[VpnConnectionsValue]):
    """Those of all users from Windows; those of one from the user's own phone book (rasphone.pbk)."""

    probe: ClassVar[type[Probe[Any]]] = VpnConnections
    script: ClassVar[str] = "vpn-connections"
    timeout_s: ClassVar[int | None] = 30

    def read(self, probe: VpnConnections, answer: Any) -> VpnConnectionsValue:
        up = {one.casefold() for one in texts(answer["connected"])}
        shared = [
            VpnConnection(
                name=text(one["name"]),
                server=text(one["server"]),
                tunnel=text(one["tunnel"], 20).lower(),
                all_users=True,
                user="",
                split=one["split"] is True,
                encryption=text(one["encryption"], 40),
                authentication=texts(one["authentication"], 10),
                connected=text(one["name"]).casefold() in up,
            )
            for one in rows(answer["all_users"], 50)
        ]
        own = [found for book in rows(answer["books"], 50) for found in _own(book, up)]
        return VpnConnectionsValue(connections=tuple(shared + own)[:100])


def _own(book: Any, up: set[str]) -> Iterator[VpnConnection]:
    entries: list[tuple[str, dict[str, str]]] = []
    for line in texts(book["lines"], 600):
        if line.startswith("[") and line.endswith("]"):
            entries.append((line[1:-1], {}))
        elif entries:
            key, _, value = line.partition("=")
            entries[-1][1].setdefault(key, value.strip())
    for name, entry in entries:
        if entry.get("Type") == _VPN:
            yield VpnConnection(
                name=name,
                server=entry.get("PhoneNumber", ""),
                tunnel=_STRATEGIES.get(entry.get("VpnStrategy", ""), "automatic"),
                all_users=False,
                user=text(book["sid"]),
                split=entry.get("IpPrioritizeRemote") == "0",
                encryption=None,
                authentication=None,
                connected=name.casefold() in up,
            )


class WireguardTwin(WindowsTwin[WireguardValue]):
    """The tunnels that run, and which the service manager starts again.

    What WireGuard has saved is encrypted; it is what it runs, for a tunnel is started from it and from nothing else.
    """

    probe: ClassVar[type[Probe[Any]]] = Wireguard
    script: ClassVar[str] = "wireguard"
    timeout_s: ClassVar[int | None] = 30

    def read(self, probe: Wireguard, answer: Any) -> WireguardValue:
        addresses: dict[str, list[str]] = {}
        for one in rows(answer["addresses"]):
            if number(one["state"]) in _IN_USE:
                found = addresses.setdefault(text(one["alias"]), [])
                found.append(f"{text(one['address'], 40)}/{number(one['prefix'])}")
        lines = [one for one in rows(answer["dump"], 600) if isinstance(one, str) and len(one) < 10_000]
        return WireguardValue(
            now=number(answer["now"]),
            tunnels=tuple(
                tunnel.model_copy(update={"addresses": tuple(addresses.get(tunnel.name, ())[:16]), "up": True})
                for tunnel in wg_dump.parse("\n".join(lines))
            ),
            saved=tuple(
                Saved(
                    name=text(one["name"]).removeprefix(_SERVICE), how="windows",
                    at_boot=number(one["start"]) == _AUTOMATIC,
                )
                for one in rows(answer["services"], 64)
            ),
        )  # fmt: skip
