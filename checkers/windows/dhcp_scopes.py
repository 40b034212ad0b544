"""A scope in what the DHCP server of Windows says it is told.

Options are those of the server, overridden by those of the scope, and those by the ones of a reservation. A policy that
is on gives its own to whom it is for: that is another set. What could not be read is told unread where it may matter.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from checkers.parsers.dhcp_config import (
    MAX_RESERVATIONS,
    Options,
    Part,
    Reservation,
    Scope,
    Span,
    addresses,
    domain,
    mac,
    merge,
)
from checkers.windows.answer import number, rows, text, texts

_ROUTERS, _DNS, _DOMAIN = _CODES = (3, 6, 15)
_LONGEST_S = 2**32 - 1
"""A lease without an end, as DHCP writes it (RFC 2131)."""
_SERVING = ("normal", "partnerdown", "communicationinterrupted")
"""States in which a server serves a scope that it shares with another (draft-ietf-dhc-failover-12)."""

Told = Mapping[int, tuple[str, ...]]
"""Values of options by their number."""


@dataclass(frozen=True)
class Filters:
    """Cards in a list of the server's: by their whole address, and by patterns (``52-54-00-*``)."""

    cards: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    def have(self, card: str) -> bool:
        """Whether a card, as a lab writes its address, is in the list."""
        dashed = card.replace(":", "-")
        return dashed in self.cards or any(pattern.fullmatch(dashed) for pattern in self.patterns)


def filters(server: Any) -> dict[str, Filters]:
    """The server's two lists, ``allow`` and ``deny``."""
    words: dict[str, set[str]] = {"allow": set(), "deny": set()}
    for one in rows(server["filters"], MAX_RESERVATIONS):
        words.setdefault(text(one["list"]).lower(), set()).add(text(one["mac"], 60).lower().replace(":", "-"))
    return {name: _filters(mine) for name, mine in words.items()}


def _filters(words: Iterable[str]) -> Filters:
    # Each is made once: there may be thousands, and every reservation is held against all of them.
    patterns = (re.compile(fnmatch.translate(word)) for word in words if "*" in word)
    return Filters(frozenset(words), tuple(patterns))


def read_scope(scope: Any, server: Any, listed: Mapping[str, Filters]) -> Scope:
    """One scope of a server's answer. Raises ValueError, KeyError or TypeError when it is none.

    listed: by the name of a list of the server's, what is in it (``filters``).
    """
    told = _base(scope, server)
    ways = None if told is None else _ways(told, scope, server)
    lease_s = min(number(scope["lease_s"]), _LONGEST_S)
    first, last = IPv4Address(scope["first"]), IPv4Address(scope["last"])
    out = merge((IPv4Address(one["first"]), IPv4Address(one["last"])) for one in rows(scope["exclusions"]))
    reservations = (_reservation(one, server, listed, told) for one in rows(scope["reservations"], MAX_RESERVATIONS))
    active = text(scope["state"]).lower() == "active"
    unread: dict[Part, bool] = {
        "options": ways is None,
        "lease_seconds": not _same_lease(lease_s, scope, server),
        "active": active and not _is_served(scope, server),
    }
    return Scope(
        subnet=IPv4Network(f"{scope['subnet']}/{scope['mask']}"),
        pools=tuple(_without((first, last), out)),
        options=tuple(dict.fromkeys(_options(way) for way in ways)) if ways is not None else (Options(),),
        lease_seconds=lease_s,
        reservations=tuple(one for one in reservations if one is not None),
        active=active,
        unread=tuple(name for name, unknown in unread.items() if unknown),
    )


def _told(options: Any) -> Told | None:
    """The options of one level; None when they could not be read."""
    if options is None:
        return None
    return {number(one["id"]): texts(one["values"]) for one in rows(options)}


def _base(scope: Any, server: Any) -> Told | None:
    """What a client that no policy is for is told; None when it is not known."""
    everywhere, here = _told(server["options"]), _told(scope["options"])
    if here is None or (everywhere is None and not here.keys() >= set(_CODES)):
        return None
    return {**(everywhere or {}), **here}


def _ways(told: Told, scope: Any, server: Any) -> list[Told] | None:
    """Every set of options that the server may tell in this scope; None when one is not known."""
    found = [told]
    for level, ends in ((scope, True), (server, False)):
        policies = level["policies"]
        if policies is None:
            return None
        for policy in rows(policies) if level["enforced"] is True else ():
            its = _told(policy["options"])
            if its is None:
                return None
            over, under = {**told, **its}, {**its, **told}
            # Whether a policy of the whole server goes before the scope's own options, no page tells.
            if not ends and _options(over) != _options(under):
                return None
            found.append(over)
    return found


def _same_lease(lease_s: int, scope: Any, server: Any) -> bool:
    """Whether every client has the scope's lease time, as far as is known."""
    for level in (scope, server):
        if level["policies"] is None:
            return False
        own = [number(one["lease_s"], 0) for one in rows(level["policies"]) if level["enforced"] is True]
        if any(one not in (0, lease_s) for one in own):
            return False
    return True


def _is_served(scope: Any, server: Any) -> bool:
    """Whether the server serves an active scope, if it shares it with another."""
    if server["shared"] is None:
        return False
    mine = [one for one in rows(server["shared"]) if text(scope["subnet"]) in texts(one["scopes"])]
    return all(text(one["state"]).lower() in _SERVING for one in mine)


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


def _reservation(one: Any, server: Any, listed: Mapping[str, Filters], told: Told | None) -> Reservation | None:
    """None: for a client that names itself otherwise than by its card."""
    try:
        card = mac(text(one["client"]))
    except ValueError:
        return None
    own = _told(one["options"])
    return Reservation(
        mac=card,
        address=str(IPv4Address(one["address"])),
        ignored=_ignored(card, one, server, listed),
        options=_options({**told, **own}) if own and told is not None else None,
        unread=own is None or bool(own and told is None),
    )


def _ignored(card: str, one: Any, server: Any, listed: Mapping[str, Filters]) -> str | None:
    """Why the server does not answer this card, when it does not."""
    if text(one["type"]).lower() == "bootp":
        return "BOOTP"
    if server["deny"] is True and listed["deny"].have(card):
        return "filter: deny"
    return "filter: allow" if server["allow"] is True and not listed["allow"].have(card) else None
