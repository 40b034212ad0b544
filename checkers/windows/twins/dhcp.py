"""The DHCP server of Windows. What it is told is what it works with, and what it reads again when it starts.

A server of a domain that the directory does not authorise runs and serves nobody. One that is stopped says nothing of
its scopes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from checkers.parsers import dhcp_leases
from checkers.parsers.dhcp_config import MAX_SCOPES, DhcpConfig, mac
from checkers.parsers.dhcp_leases import LeaseGiven
from checkers.probe import Probe, Unreadable
from checkers.probes.dhcp import Dhcp, DhcpValue
from checkers.probes.dhcp_leases import DhcpLeases, DhcpLeasesValue
from checkers.windows.answer import number, rows, text, texts
from checkers.windows.dhcp_scopes import filters, read_scope
from checkers.windows.twin import WindowsTwin
from labs.text import Text

_RUNNING = 4


class DhcpTwin(WindowsTwin[DhcpValue]):
    """Scopes, and whether the server really serves: running, bound to a card, authorised."""

    probe: ClassVar[type[Probe[Any]]] = Dhcp
    script: ClassVar[str] = "dhcp-config"
    timeout_s: ClassVar[int | None] = 60

    def read(self, probe: Dhcp, answer: Any) -> DhcpValue:
        if answer["present"] is not True:
            return DhcpValue(listening="", program="none", trouble="DHCPServer: not installed")
        if number(answer["status"]) != _RUNNING:
            return DhcpValue(listening="", program="windows", trouble="DHCPServer: stopped")
        listed = filters(answer)
        scopes = (read_scope(one, answer, listed) for one in rows(answer["scopes"], MAX_SCOPES))
        config = DhcpConfig(scopes=tuple(scopes))
        bound = any(one["bound"] is True for one in rows(answer["bindings"]))
        return DhcpValue(
            listening="DHCPServer" if bound else "",
            program="windows",
            running=config,
            saved=config,
            trouble="; ".join(dict.fromkeys(texts(answer["trouble"], 20)))[:600],
            authorised=False if answer["member"] is True and not _authorised(answer) else None,
        )


def _authorised(server: Any) -> bool:
    """Whether the directory lists the machine; what the server itself thinks where the list could not be read."""
    listed = server.get("listed")
    if listed is None:
        return server["authorised"] is True
    return not set(texts(listed)).isdisjoint(texts(server["addresses"]))


class DhcpLeasesTwin(WindowsTwin[DhcpLeasesValue]):
    """What the server has given and not taken back; one that is stopped does not say."""

    probe: ClassVar[type[Probe[Any]]] = DhcpLeases
    script: ClassVar[str] = "dhcp-leases"
    parameters: ClassVar[tuple[str, ...]] = ("Most",)
    timeout_s: ClassVar[int | None] = 40

    def arguments(self, probe: DhcpLeases) -> dict[str, Any]:
        return {"Most": dhcp_leases.MAX}

    def read(self, probe: DhcpLeases, answer: Any) -> DhcpLeasesValue:
        if answer["running"] is not True:
            return DhcpLeasesValue(program="")
        leases = rows(answer["leases"], dhcp_leases.MAX + 1)
        if len(leases) > dhcp_leases.MAX:
            raise Unreadable(Text("trop de baux pour être lus", "too many leases to be read"))
        return DhcpLeasesValue(program="windows", leases=tuple(map(_lease, leases)))


def _lease(one: Any) -> LeaseGiven:
    ends = text(one["ends"])
    try:
        card = mac(text(one["client"]))
    except ValueError:
        card = ""
    return LeaseGiven(
        address=text(one["address"]),
        mac=card,
        name=text(one["name"], 120).rstrip("."),
        ends=int(datetime.fromisoformat(ends).timestamp()) if ends else None,
    )
