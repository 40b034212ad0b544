"""The DHCP server of Windows. What it is told is what it works with, and what it reads again when it starts.

A server of a domain that the directory does not authorise runs and serves nobody. One that is stopped says nothing of
its scopes.
"""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.parsers.dhcp_config import MAX_SCOPES, DhcpConfig
from checkers.probe import Probe
from checkers.probes.dhcp import Dhcp, DhcpValue
from checkers.windows.answer import number, rows, texts
from checkers.windows.dhcp_scopes import read_scope
from checkers.windows.twin import WindowsTwin

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
        config = DhcpConfig(scopes=tuple(read_scope(one, answer) for one in rows(answer["scopes"], MAX_SCOPES)))
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
