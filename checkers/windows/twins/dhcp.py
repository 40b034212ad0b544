"""The DHCP server of Windows. What it is told is what it works with, and what it reads again when it starts.

A server of a domain that the directory does not authorise runs and serves nobody. One that is stopped says nothing of
its scopes.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Any, ClassVar

from checkers.parsers.dhcp_config import (
    MAX_RESERVATIONS,
    MAX_SCOPES,
    DhcpConfig,
    Options,
    Reservation,
    Scope,
    Span,
    addresses,
    domain,
    mac,
    merge,
)
from checkers.probe import Probe
from checkers.probes.dhcp import Dhcp, DhcpValue
from checkers.windows.answer import number, rows, text, texts
from checkers.windows.twin import WindowsTwin

_RUNNING = 4
_ROUTERS, _DNS, _DOMAIN = 3, 6, 15
_LONGEST_S = 2**32 - 1
"""A lease without an end, as DHCP writes it (RFC 2131)."""

Told = Mapping[int, tuple[str, ...]]
"""Values of options by their number."""


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
        config = DhcpConfig(scopes=tuple(_scope(one, answer) for one in rows(answer["scopes"], MAX_SCOPES)))
        bound = any(one["bound"] is True for one in rows(answer["bindings"]))
        return DhcpValue(
            listening="DHCPServer" if bound else "",
            program="windows",
            running=config,
            saved=config,
            authorised=False if answer["member"] is True and not _authorised(answer) else None,
        )


def _authorised(server: Any) -> bool:
    """Whether the directory lists the machine; what the server itself thinks where the list could not be read."""
    listed = server.get("listed")
    if listed is None:
        return server["authorised"] is True
    return not set(texts(listed)).isdisjoint(texts(server["addresses"]))


def _scope(scope: Any, server: Any) -> Scope:
    told = {**_told(server["options"]), **_told(scope["options"])}
    ways = [told, *({**told, **_told(policy["options"])} for policy in rows(scope["policies"]))]
    first, last = IPv4Address(scope["first"]), IPv4Address(scope["last"])
    out = merge((IPv4Address(one["first"]), IPv4Address(one["last"])) for one in rows(scope["exclusions"]))
    reservations = (_reservation(one, server) for one in rows(scope["reservations"], MAX_RESERVATIONS))
    return Scope(
        subnet=IPv4Network(f"{scope['subnet']}/{scope['mask']}"),
        pools=tuple(_without((first, last), out)),
        options=tuple(dict.fromkeys(_options(way) for way in ways)),
        lease_seconds=min(number(scope["lease_s"]), _LONGEST_S),
        reservations=tuple(one for one in reservations if one is not None),
        active=text(scope["state"]).lower() == "active",
    )


def _told(options: Any) -> dict[int, tuple[str, ...]]:
    return {number(one["id"]): tuple(text(value) for value in rows(one["values"])) for one in rows(options)}


def _options(told: Told) -> Options:
    names = told.get(_DOMAIN, ())
    return Options(
        routers=addresses(" ".join(told.get(_ROUTERS, ()))),
        dns=addresses(" ".join(told.get(_DNS, ()))),
        domain=domain(names[0]) if names else None,
    )


def _without(whole: Span, out: Iterable[Span]) -> Iterable[Span]:
    """What is left of a range."""
    start, end = whole
    for first, last in out:
        if first > start:
            yield start, min(end, first - 1)
        start = max(start, last + 1)
        if start > end:
            return
    yield start, end


def _reservation(one: Any, server: Any) -> Reservation | None:
    """None: for a client that names itself otherwise than by its card."""
    try:
        card = mac(text(one["client"]))
    except ValueError:
        return None
    return Reservation(mac=card, address=str(IPv4Address(one["address"])), ignored=_ignored(card, one, server))


def _ignored(card: str, one: Any, server: Any) -> str | None:
    """Why the server does not answer this card, when it does not."""
    if text(one["type"]).lower() == "bootp":
        return "BOOTP"
    dashed = card.replace(":", "-")
    lists = {
        name: any(
            fnmatch.fnmatchcase(dashed, text(filter_["mac"]).lower().replace(":", "-"))
            for filter_ in rows(server["filters"], MAX_RESERVATIONS)
            if text(filter_["list"]).lower() == name
        )
        for name in ("allow", "deny")
    }
    if server["deny"] is True and lists["deny"]:
        return "filter: deny"
    return "filter: allow" if server["allow"] is True and not lists["allow"] else None
