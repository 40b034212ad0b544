"""The names by which a lab means the network cards of a Windows machine.

A lab says ``eth0``, ``eth1``…, as its machines' cards are numbered; Windows says "Ethernet", "Ethernet 2" or what the
candidate made of it. So a card is named by its place among those of its kind: on the bus (where the hypervisor put it,
and where a renamed, disabled or replaced connection leaves it), then by its own hardware address. Wireless cards are
``wlan0``…; what is no card (a tunnel, a team, a virtual switch) keeps its alias.
"""

from __future__ import annotations

import re
from typing import Any

from checkers.windows.answer import MAX, number, rows, text

_WIRED, _WIRELESS = (0, 14), (1, 9)
"""NdisPhysicalMedium: unspecified and 802.3; wireless LAN and native 802.11."""
_PLACE = re.compile(r"\(([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6})\)$")
_NUMBERED = re.compile(r"(eth|wlan)[0-9]+", re.IGNORECASE)


def names(adapters: Any) -> dict[int, str]:
    """The name of each interface, by its index."""
    found = {}
    for kind, media in (("eth", _WIRED), ("wlan", _WIRELESS)):
        mine = [one for one in rows(adapters, MAX) if one["hardware"] is True and number(one["medium"]) in media]
        found.update({number(one["index"]): f"{kind}{rank}" for rank, one in enumerate(sorted(mine, key=_order))})
    for one in rows(adapters, MAX):
        alias = text(one["alias"], 80)
        found.setdefault(number(one["index"]), apart(alias))
    return found


def apart(alias: str) -> str:
    """Somebody's own name for something, so that it does not stand for a card."""
    return f"{alias} (virtual)" if _NUMBERED.fullmatch(alias) else alias


def place(location: str) -> tuple[int, ...]:
    """Bus, device and function, by Windows' ``LocationInformation``; empty when it tells none."""
    found = _PLACE.search(location)
    return tuple(map(int, found.groups())) if found else ()


def mac(adapter: Any) -> str:
    """The hardware address that a card uses, as a lab writes it."""
    return text(adapter["mac"], 40).replace("-", ":").lower()


def _order(adapter: Any) -> tuple[bool, tuple[int, ...], str]:
    on_bus = place(text(adapter["location"]))
    return not on_bus, on_bus, text(adapter["own_mac"], 40).lower()
