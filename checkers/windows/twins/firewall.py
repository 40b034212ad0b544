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
_AUTOMATIC = 2
_OFF = {"enabled": 0, "inbound": 0, "allow_rules": 2, "off_on": []}


class FirewallTwin(WindowsTwin[FirewallValue]):
    """Profiles as chains, and what happens on each card in the profile that it is in.

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
                    hook="input",
                    policy="accept" if number(one["inbound"]) == packets.ALLOW else "drop",
                )
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
    names = cards.names(answer["adapters"])
    mine = [one for one in rows(answer["adapters"]) if one["hardware"] is True and one["admin"] == 1]
    for adapter in mine[:MAX_INTERFACES]:
        index = number(adapter["index"])
        own = _own(answer["addresses"], index)
        bit = packets.profile_of(answer["connections"], index)
        for source in dict.fromkeys((near(own), FOREIGN)):
            for proto in ("tcp", "udp"):
                for port in ports:
                    arrival = packets.Arrival(
                        card=text(adapter["alias"]), wireless=names[index].startswith("wlan"), profile=bit, own=own,
                        source=source, proto=proto, port=port,
                    )  # fmt: skip
                    yield Trial(
                        hook="input",
                        interface=names[index],
                        source=source,
                        proto="tcp" if proto == "tcp" else "udp",
                        port=port,
                        outcome=packets.outcome(rules, arrival, profiles.get(bit, _OFF)),
                    )


def _own(addresses: Any, index: int) -> IPv4Interface:
    for one in rows(addresses):
        if one["index"] == index:
            return IPv4Interface((IPv4Address(text(one["address"], 40)), number(one["prefix"])))
    return IPv4Interface("192.0.2.1/24")
