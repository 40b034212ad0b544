"""What the firewall of Windows does with a new inbound connection that no rule means by name, in three-valued logic.

Source: learn.microsoft.com, "Windows Firewall rules" (block before allow, then the profile's default) and the classes
MSFT_NetFirewallProfile, MSFT_NetFirewallRule and their filters. The connection is to a program that no rule names.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from itertools import accumulate
from typing import Any, Literal

from checkers.windows.answer import number, rows, text, texts

Outcome = Literal["accept", "drop", "unknown"]
Maybe = bool | None

DOMAIN, PRIVATE, PUBLIC = 1, 2, 4
_ALL = DOMAIN | PRIVATE | PUBLIC
ALLOW, _BLOCK = 2, 4
_ERROR = 3
_FALSE = 0
_LOCAL_DISALLOWED = 16
"""EnforcementStatus of a rule of the machine's own where a policy lets only those of policies count."""
_WIRED, _WIRELESS = 1, 2
_ANY = ("any", "*", "")
_PROTOCOLS = {"tcp": "tcp", "6": "tcp", "udp": "udp", "17": "udp"}


@dataclass(frozen=True)
class Arrival:
    """A new connection. card: its alias; profile: the bit of the profile that the card is in."""

    card: str
    wireless: bool
    profile: int
    own: IPv4Interface
    source: IPv4Address
    proto: str
    port: int


@dataclass(frozen=True)
class Spans:
    """Numbers (ports, addresses) in ranges. every: all of them. near: the card's own network too. unclear: there are
    words that say nothing certain. lows, highs: ascending; a high is the highest so far."""

    every: bool = False
    near: bool = False
    unclear: bool = False
    lows: tuple[int, ...] = ()
    highs: tuple[int, ...] = ()

    def holds(self, number: int) -> bool:
        """Whether a number is in one of the ranges."""
        at = bisect_right(self.lows, number)
        return at > 0 and number <= self.highs[at - 1]


def read(rules: Iterable[Any]) -> list[Any]:
    """Rules whose ports and addresses are read once, not for each arrival: there may be thousands."""
    return [_read(rule) for rule in rules]


def _read(rule: Any) -> Any:
    """What Windows did not tell stays away: it is missed only where the rule is looked at."""
    filters = rule["filters"]
    spans: dict[str, Any] = {}
    if filters["twice"] is not True and "port" in filters:
        spans["port"] = filters["port"] | {"local": _ports(filters["port"]["local"])}
    if filters["twice"] is not True and "address" in filters:
        spans["address"] = {side: _addresses(filters["address"][side]) for side in ("local", "remote")}
    return rule | {"filters": filters | spans}


def outcome(rules: Iterable[Any], arrival: Arrival, profile: Any) -> Outcome:
    """What happens to it. rules: as ``read`` gives them. profile: the card's, as it is in force; a rule that blocks
    wins over all that allow."""
    if number(profile["enabled"]) == _FALSE or arrival.card.lower() in map(str.lower, texts(profile["off_on"], 50)):
        return "accept"
    if number(profile["allow_rules"]) == _FALSE:  # all is blocked, whatever is allowed
        return "drop"
    counting = [rule for rule in rules if number(profile["local_rules"]) != _FALSE or not set_aside(rule)]
    allowed = _any(_matches(rule, arrival) for rule in counting if number(rule["action"]) == ALLOW)
    blocked = _any(_matches(rule, arrival) for rule in counting if number(rule["action"]) == _BLOCK)
    if blocked is True:
        return "drop"
    # Not configured is to block.
    end: Maybe = True if number(profile["inbound"]) == ALLOW else allowed
    if end is False:
        return "drop"
    return "accept" if end is True and blocked is False else "unknown"


def named(rules: Iterable[Any]) -> tuple[set[int], list[tuple[int, int]]]:
    """The ports that rules name one by one, and the ranges."""
    single: set[int] = set()
    ranges: list[tuple[int, int]] = []
    for rule in rules:
        for word in texts(rule["filters"].get("port", {}).get("local"), 200):
            low, high = _range(word)
            if low == high:
                single.add(low)
            elif low < high:
                ranges.append((low, high))
    return single, ranges[:500]


def set_aside(rule: Any) -> bool:
    """Whether a policy lets only rules of policies count, and this one is the machine's own."""
    return _LOCAL_DISALLOWED in rows(rule["enforcement"], 30)


def _matches(rule: Any, arrival: Arrival) -> Maybe:
    filters = rule["filters"]
    profiles = number(rule["profile"])
    every = profiles == 0 or profiles > _ALL
    if number(rule["status"], 0) == _ERROR or not (every or profiles & arrival.profile):
        return False
    if filters["twice"] is True:  # two rules of one name: their filters cannot be told apart
        return None
    found = [
        _port(filters["port"], arrival),
        _unnamed(filters["application"]["program"], filters["application"]["package"], filters["service"]["name"]),
        _card(filters, arrival),
        _security(filters["security"]),
        _address(filters["address"]["local"], arrival, arrival.own.ip),
        _address(filters["address"]["remote"], arrival, arrival.source),
        None if number(rule["keywords"], 0) else True,
    ]
    return False if False in found else None if None in found else True


def _any(found: Iterable[Maybe]) -> Maybe:
    listed = list(found)
    return True if True in listed else None if None in listed else False


def _port(found: Any, arrival: Arrival) -> Maybe:
    proto = text(found["protocol"], 20).lower()
    if proto not in _ANY and _PROTOCOLS.get(proto) != arrival.proto:
        return False
    if number(found["dynamic"], 0) != 0:  # what Windows itself asks for on a kind of device
        return False
    local: Spans = found["local"]
    if not (local.every or local.holds(arrival.port)):
        return False
    # The other end chooses its port: a rule that wants a certain one lets in who takes it.
    return True if all(word.lower() in _ANY for word in texts(found["remote"], 200)) else None


def _range(word: str) -> tuple[int, int]:
    """A port or a range; words such as ``RPC`` are about services of their own: no port at all."""
    low, _, high = word.partition("-")
    if not low.isdecimal() or len(low) > 5 or (high and (not high.isdecimal() or len(high) > 5)):
        return 1, 0
    return int(low), int(high or low)


def _ports(found: Any) -> Spans:
    words = [word.lower() for word in texts(found, 200)]
    return _spans([_range(word) for word in words], every=not words or any(word in _ANY for word in words))


def _unnamed(*words: Any) -> bool:
    return all(text(word).lower() in _ANY for word in words)


def _card(filters: Any, arrival: Arrival) -> bool:
    aliases = texts(filters["card"]["aliases"], 50)
    if aliases and not any(one.lower() in (*_ANY, arrival.card.lower()) for one in aliases):
        return False
    kind = number(filters["kind"]["type"], 0)
    return kind == 0 or bool(kind & (_WIRELESS if arrival.wireless else _WIRED))


def _security(found: Any) -> Maybe:
    """A rule that wants IPsec does not let a plain connection in; one for certain local users may."""
    if number(found["authentication"], 0) or number(found["encryption"], 0):
        return False
    return True if _unnamed(found["local_user"], found["remote_user"], found["remote_machine"]) else None


def _address(places: Spans, arrival: Arrival, address: IPv4Address) -> Maybe:
    if places.every or (places.near and address in arrival.own.network) or places.holds(int(address)):
        return True
    return None if places.unclear else False


def _addresses(found: Any) -> Spans:
    words = [word.lower() for word in texts(found, 500)]
    ranges: list[tuple[int, int]] = []
    unclear = near = False
    for word in words:
        if word in ("localsubnet", "localsubnet4"):
            near = True
        elif word not in _ANY and ":" not in word and word != "localsubnet6":
            try:
                ranges.append(_block(word))
            except ValueError:
                unclear = True  # a word of Windows (DNS, DefaultGateway, Internet…)
    every = not words or any(word in _ANY for word in words)
    return _spans(ranges, every=every, near=near, unclear=unclear)


def _block(word: str) -> tuple[int, int]:
    """The first and the last address of a range or a network. Raises ValueError."""
    low, dash, high = word.partition("-")
    if dash:
        return int(IPv4Address(low)), int(IPv4Address(high))
    network = IPv4Network(word, strict=False)
    return int(network.network_address), int(network.broadcast_address)


def _spans(ranges: Iterable[tuple[int, int]], *, every: bool, near: bool = False, unclear: bool = False) -> Spans:
    ordered = sorted((low, high) for low, high in ranges if low <= high)
    highs = tuple(accumulate((high for _, high in ordered), max))
    return Spans(every, near, unclear, tuple(low for low, _ in ordered), highs)


def profile_of(connections: Any, index: int) -> int:
    """The bit of the profile that a card is in; one whose network Windows does not know, or without any, is public."""
    for one in rows(connections):
        if one["index"] == index:
            return {0: PUBLIC, 1: PRIVATE, 2: DOMAIN}.get(number(one["category"]), PUBLIC)
    return PUBLIC
