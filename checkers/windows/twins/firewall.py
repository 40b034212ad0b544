"""The firewall of Windows, tried with connections that nobody allowed by name, as the Linux one is."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface
from typing import Any, ClassVar

from checkers.probe import Probe
from checkers.probes.firewall import FOREIGN, MAX_INTERFACES, BaseChain, Firewall, FirewallValue, Trial, near, unnamed
from checkers.windows import cards, packets
from checkers.windows.answer import number, rows, text, texts
from checkers.windows.twin import WindowsTwin

_BITS = {"domain": packets.DOMAIN, "private": packets.PRIVATE, "public": packets.PUBLIC}
_EVERY = tuple(_BITS.values())
_WAYS = (("input", "inbound", (packets.ALLOW,)), ("output", "outbound", (0, packets.ALLOW)))
_AUTOMATIC = 2
_OFF = {"enabled": 0, "inbound": 0, "allow_rules": 2, "local_rules": 2, "off_on": []}


class FirewallTwin(WindowsTwin[FirewallValue]):
    """Profiles as chains, in and out, and what happens on each card in the profile that it is in.

    A disabled card is in none: it is not looked at, unless all are; then what happens in every profile counts.

    What is in force comes back at a restart: the service starts with the machine, and its rules are stored as they are
    made. Where another product filters too, what Windows would accept may not pass.
    """

    probe: ClassVar[type[Probe[Any]]] = Firewall
    script: ClassVar[str] = "firewall"
    timeout_s: ClassVar[int | None] = 90

    def read(self, probe: Firewall, answer: Any) -> FirewallValue:
        profiles = {_BITS[text(one["name"]).lower()]: one for one in rows(answer["profiles"], 3)}
        others = texts(answer["others"], 20)
        trials = list(_trials(answer, profiles))
        if others:
            trials = [t if t.outcome == "drop" else t.model_copy(update={"outcome": "unknown"}) for t in trials]
        starts = answer["running"] is True and number(answer["start"]) == _AUTOMATIC
        return FirewallValue(
            chains=tuple(
                BaseChain(
                    family="windows",
                    table="profile",
                    name=text(one["name"], 40),
                    hook=hook,
                    # Not configured is to block what comes in, and to let out.
                    policy="accept" if number(one[way]) in accepted else "drop",
                )
                for hook, way, accepted in _WAYS
                for one in profiles.values()
                if number(one["enabled"]) != 0
            ),
            trials=tuple(trials),
            saved=None,
            enabled=("MpsSvc",) if starts else (),
            others=others,
        )


def _trials(answer: Any, profiles: dict[int, Any]) -> Iterator[Trial]:
    rules = rows(answer["rules"], 3000)
    ports = unnamed(*packets.named(rules))
    rules = packets.read(rules)
    names = cards.names(answer["adapters"])
    cards_here = [one for one in rows(answer["adapters"]) if one["hardware"] is True]
    enabled = [one for one in cards_here if one["admin"] == 1]
    for adapter in (enabled or cards_here)[:MAX_INTERFACES]:
        index = number(adapter["index"])
        own = _own(answer["addresses"], index)
        bits = (packets.profile_of(answer["connections"], index),) if enabled else _EVERY
        for source in dict.fromkeys((near(own), FOREIGN)):
            for proto in ("tcp", "udp"):
                for port in ports:
                    arrivals = [
                        packets.Arrival(
                            card=text(adapter["alias"]), wireless=names[index].startswith("wlan"), profile=bit, own=own,
                            source=source, proto=proto, port=port,
                        )
                        for bit in bits
                    ]  # fmt: skip
                    ends = {packets.outcome(rules, one, profiles.get(one.profile, _OFF)) for one in arrivals}
                    yield Trial(
                        hook="input",
                        interface=names[index],
                        source=source,
                        proto="tcp" if proto == "tcp" else "udp",
                        port=port,
                        outcome=ends.pop() if len(ends) == 1 else "unknown",
                    )


def _own(addresses: Any, index: int) -> IPv4Interface:
    for one in rows(addresses):
        if one["index"] == index:
            return IPv4Interface((IPv4Address(text(one["address"], 40)), number(one["prefix"])))
    return IPv4Interface("192.0.2.1/24")
