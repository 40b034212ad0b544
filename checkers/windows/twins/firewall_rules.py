"""The rules of the Windows firewall for a port, one by one."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any, ClassVar

from checkers.probe import Probe, Unreadable
from checkers.probes.firewall_rules import (
    FirewallProfile,
    FirewallRule,
    FirewallRules,
    FirewallRulesValue,
    ProfileName,
)
from checkers.windows import packets
from checkers.windows.answer import number, rows, text, texts
from checkers.windows.twin import WindowsTwin
from labs.text import Text

_BITS: dict[ProfileName, int] = {"domain": packets.DOMAIN, "private": packets.PRIVATE, "public": packets.PUBLIC}
_ALL = sum(_BITS.values())
_ANY = ("any", "*", "")
_KINDS = {1: "wired", 2: "wireless", 4: "remote-access"}
_POLICY, _ERROR, _FALSE = 2, 3, 0


class FirewallRulesTwin(WindowsTwin[FirewallRulesValue]):
    """What the active store has, with where each rule comes from."""

    probe: ClassVar[type[Probe[Any]]] = FirewallRules
    script: ClassVar[str] = "firewall-rules"
    parameters: ClassVar[tuple[str, ...]] = ("Port", "Protocol")

    def arguments(self, probe: FirewallRules) -> dict[str, Any]:
        return {"Port": probe.port, "Protocol": probe.protocol}

    def read(self, probe: FirewallRules, answer: Any) -> FirewallRulesValue:
        if answer["more"] is True:
            raise Unreadable(Text("trop de règles pour ce port", "too many rules for this port"))
        if answer["twice"] is True:
            raise Unreadable(
                Text("deux règles du même nom se confondent", "two rules of one name cannot be told apart")
            )
        return FirewallRulesValue(
            running=answer["running"] is True,
            profiles=tuple(_profile(one) for one in rows(answer["profiles"], 3)),
            rules=tuple(sorted((_rule(one) for one in rows(answer["rules"], 60)), key=lambda rule: rule.name)),
        )


def _profile(found: Any) -> FirewallProfile:
    return FirewallProfile.model_validate(
        {
            "name": text(found["name"], 20).lower(),
            "enabled": number(found["enabled"]) != _FALSE,
            "blocks": number(found["inbound"]) != packets.ALLOW,
            "lets_out": number(found["outbound"]) in (_FALSE, packets.ALLOW),
            "own_rules": number(found["local_rules"]) != _FALSE,
        }
    )


def _rule(found: Any) -> FirewallRule:
    bits = number(found["profile"])
    every = bits == 0 or bits > _ALL
    kind = number(found["kind"])
    return FirewallRule(
        name=text(found["name"]),
        allow=number(found["action"]) == packets.ALLOW,
        profiles=tuple(name for name, bit in _BITS.items() if every or bits & bit),
        ports=_words(found["ports"]),
        # Names that the rule is for (keywords) are told as such: who they stand for is not known.
        remote=tuple(map(_network, _words(found["remote"]))) + ("keyword",) * bool(number(found["keywords"])),
        local=tuple(map(_network, _words(found["local"]))),
        program=_word(found["program"]) or _word(found["package"]),
        service=_word(found["service"]),
        cards=_words(found["cards"]) + tuple(name for bit, name in _KINDS.items() if kind & bit),
        secured=bool(number(found["authentication"]) or number(found["encryption"])),
        users=number(found["users"]) > 0,
        by_policy=number(found["source"]) == _POLICY,
        in_force=number(found["status"]) != _ERROR and not packets.set_aside(found),
    )


def _word(found: Any) -> str:
    word = text(found)
    return "" if word.lower() in _ANY else word


def _words(found: Any) -> tuple[str, ...]:
    return tuple(filter(None, map(_word, texts(found, 100))))


def _network(word: str) -> str:
    """A network as a lab writes it; a word, a range or an address of another kind stays."""
    try:
        network = IPv4Network(word, strict=False)
    except ValueError:
        return word
    return str(network.network_address) if network.prefixlen == 32 else str(network)
