"""What the firewall of Windows does with a new inbound connection that no rule means by name, in three-valued logic.

Source: learn.microsoft.com, "Windows Firewall rules" (block before allow, then the profile's default) and the classes
MSFT_NetFirewallProfile, MSFT_NetFirewallRule and their filters. The connection is to a program that no rule names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
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


def outcome(rules: Iterable[Any], arrival: Arrival, profile: Any) -> Outcome:
    """What happens to it. profile: the card's, as it is in force; a rule that blocks wins over all that allow."""
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
    local = [word.lower() for word in texts(found["local"], 200)]
    if local and not any(word in _ANY or _within(arrival.port, word) for word in local):
        return False
    # The other end chooses its port: a rule that wants a certain one lets in who takes it.
    return True if all(word.lower() in _ANY for word in texts(found["remote"], 200)) else None


def _range(word: str) -> tuple[int, int]:
    """A port or a range; words such as ``RPC`` are about services of their own: no port at all."""
    low, _, high = word.partition("-")
    if not low.isdecimal() or len(low) > 5 or (high and (not high.isdecimal() or len(high) > 5)):
        return 1, 0
    return int(low), int(high or low)


def _within(port: int, word: str) -> bool:
    low, high = _range(word)
    return low <= port <= high


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


def _address(found: Any, arrival: Arrival, address: IPv4Address) -> Maybe:
    words = texts(found, 500)
    return _any([_is_in(word.lower(), arrival, address) for word in words]) if words else True


def _is_in(word: str, arrival: Arrival, address: IPv4Address) -> Maybe:
    if word in _ANY:
        return True
    if word in ("localsubnet", "localsubnet4"):
        return address in arrival.own.network
    if ":" in word or word == "localsubnet6":
        return False
    try:
        if "-" in word:
            low, _, high = word.partition("-")
            return IPv4Address(low) <= address <= IPv4Address(high)
        return address in IPv4Network(word, strict=False)
    except ValueError:
        return None  # a word of Windows (DNS, DefaultGateway, Internet…)


def profile_of(connections: Any, index: int) -> int:
    """The bit of the profile that a card is in; one whose network Windows does not know, or without any, is public."""
    for one in rows(connections):
        if one["index"] == index:
            return {0: PUBLIC, 1: PRIVATE, 2: DOMAIN}.get(number(one["category"]), PUBLIC)
    return PUBLIC
