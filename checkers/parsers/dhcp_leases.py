"""Leases that a DHCP server has given, in the files that it writes: Kea's memfile, a table to which it appends, so that
the last line of an address counts, and dnsmasq's. Only those that have not ended.

Sources: Kea Administrator Reference Manual, "Memfile"; dnsmasq(8), ``--dhcp-leasefile``.
"""

from __future__ import annotations

import contextlib
from ipaddress import IPv4Address

from checkers.parsers.clean import clip, integer
from checkers.parsers.dhcp_config import mac
from checkers.probe import Value

MAX = 2000
"""Leases of one server; one that has more is not read by halves."""
_FOR_EVER_S = 2**32 - 1


class LeaseGiven(Value):
    """A lease. mac: "" of a client that names itself otherwise. name: as the client calls itself. ends: seconds since
    1970, None for never."""

    address: str
    mac: str
    name: str
    ends: int | None


def kea(text: str, now: int) -> tuple[LeaseGiven, ...]:
    """The leases in a file of Kea's. Raises ValueError when it is none: without a line of names nothing was read."""
    lines = [line for line in text.splitlines() if line and not line.startswith("@@")]
    names = lines[0].split(",") if lines else []
    if not {"address", "hwaddr", "valid_lifetime", "expire", "state"} <= set(names):
        raise ValueError("not a file of leases")
    found: dict[str, LeaseGiven] = {}
    for line in lines[1:]:  # Kea knows no quotes: a comma inside of a value is written otherwise
        one = dict(zip(names, line.split(","), strict=False))
        with contextlib.suppress(ValueError, KeyError):  # the file of another run begins with its header again
            address = str(IPv4Address(one["address"]))
            found.pop(address, None)
            lasts, ends = integer(one["valid_lifetime"]), integer(one["expire"])
            if lasts and integer(one["state"]) == 0:
                end = None if lasts == _FOR_EVER_S else ends
                found[address] = _lease(address, one["hwaddr"], one.get("hostname", ""), end)
    return _current(found, now)


def dnsmasq(text: str, now: int) -> tuple[LeaseGiven, ...]:
    """The leases in a file of dnsmasq's: end, hardware address, address, name, identifier. Raises ValueError."""
    found: dict[str, LeaseGiven] = {}
    for line in text.splitlines():
        words = line.split()
        with contextlib.suppress(ValueError, IndexError):
            ends, address = integer(words[0]), str(IPv4Address(words[2]))
            found[address] = _lease(address, words[1], "" if words[3] == "*" else words[3], ends or None)
    return _current(found, now)


def _lease(address: str, card: str, name: str, ends: int | None) -> LeaseGiven:
    try:
        card = mac(card)
    except ValueError:
        card = ""
    return LeaseGiven(address=address, mac=card, name=clip(name.rstrip("."), 120), ends=ends)


def _current(found: dict[str, LeaseGiven], now: int) -> tuple[LeaseGiven, ...]:
    held = tuple(one for one in found.values() if one.ends is None or one.ends > now)
    if len(held) > MAX:
        raise ValueError("too many leases")
    return held
