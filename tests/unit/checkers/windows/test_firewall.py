"""``firewall-policy`` on Windows."""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv4Network
from typing import Any

import pytest

from checkers.checks.firewall import FirewallPolicy
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import fact, golden, judged

REFUSED = FirewallPolicy.model_validate({"on": "client"})
TEMPLATE = golden("firewall", "server-allow-all")["rules"][-1]
"""A rule that lets everything in, in the private profile."""


def policy(*rules: dict[str, Any], case: str = "client-default", **changes: Any) -> Judged:
    answer = golden("firewall", case) | changes
    answer["rules"] += rules
    return judged(REFUSED, {"firewall": answer})


def rule(profile: int = 0, action: int = 2, **filters: dict[str, Any]) -> dict[str, Any]:
    """A rule on everything, but what is said."""
    changed = {
        name: {**found, **filters.get(name, {})} if isinstance(found, dict) else found
        for name, found in TEMPLATE["filters"].items()
    }
    return {**TEMPLATE, "profile": profile, "action": action, "filters": changed | {
        "twice": filters.get("twice", False)
    }}  # fmt: skip


def profiles(**public: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = golden("firewall", "client-default")["profiles"]
    return [*found[:2], {**found[2], **public}]


def cards(*admin: int) -> list[dict[str, Any]]:
    """The card of the client and copies of it, each enabled (1) or disabled (2)."""
    card = golden("firewall", "client-default")["adapters"][0]
    return [{**card, "index": card["index"] + place, "admin": state} for place, state in enumerate(admin)]


@pytest.mark.parametrize(
    "found",
    [
        policy(),
        policy(rule(profile=2)),  # in a profile where the card is not
        policy(rule(profile=1 | 2)),
        policy(rule(), rule(action=4)),  # what blocks wins
        policy(profiles=profiles(inbound=0)),  # not configured: Windows blocks
        policy(rule(), profiles=profiles(allow_rules=0)),  # all is blocked, rules or not
        policy(rule(application={"program": r"C:\Program Files\Kerbras\devis.exe"})),
        policy(rule(service={"name": "Spooler"})),
        policy(rule(port={"protocol": "TCP", "local": ["80", "8000-8100", "RPC"]})),
        policy(rule(port={"protocol": "ICMPv4"})),
        policy(rule(card={"aliases": ["Wi-Fi"]})),
        policy(rule(kind={"type": 2})),
        policy(rule(security={"authentication": 1})),  # only by IPsec
        policy(rule(address={"remote": ["192.168.50.10", "10.0.0.0/255.0.0.0", "192.168.50.1-192.168.50.9"]})),
        policy(rule(address={"remote": ["fe80::/64", "LocalSubnet6"]})),
        policy({**rule(), "status": 3}),  # not enforced
        policy({**rule(), "enforcement": [16]}, profiles=profiles(local_rules=0)),  # only those of policies count
        policy(
            case="client-off", adapters=cards(2, 1), connections=[{"index": 4, "category": 1}]
        ),  # that one is disabled
    ],
)
def test_refused_in_many_ways(found: Judged) -> None:
    assert found.outcome == "PASS"


@pytest.mark.parametrize(
    "found",
    [
        policy(case="client-off"),
        policy(case="server-allow-all"),
        policy(profiles=profiles(enabled=0)),  # the others are on
        policy(profiles=profiles(inbound=2)),
        policy(profiles=profiles(off_on=["ethernet"])),  # on, but not for this card
        policy(rule()),
        policy(rule(profile=4, port={"protocol": "17"})),
        policy(rule(port={"protocol": "TCP", "local": ["1-65535"]})),
        policy(rule(address={"remote": ["LocalSubnet"]})),
        policy(rule(), rule(action=4, port={"protocol": "TCP", "local": ["3389"]})),
        policy(rule(), rule(action=4, profile=2)),
        policy(connections=[{"index": 4, "category": 1}], case="server-allow-all"),
        policy(rule(), profiles=profiles(local_rules=0)),  # of a policy
        policy({**rule(), "enforcement": [1, 16]}),  # set aside in another profile
        policy(rule(profile=4), connections=[]),  # a network that Windows does not know is public
        policy(rule(), adapters=cards(2)),  # open wherever the card will be
    ],
)
def test_open_though_it_looks_closed(found: Judged) -> None:
    assert found.outcome == "FAIL"
    assert "n'est pas effectif" in found.reason


def test_a_stopped_service_filters_nothing() -> None:
    found = policy(case="server-stopped")
    assert found.outcome == "FAIL"
    assert "aucun filtrage" in found.reason


def test_what_may_leave_is_a_fact() -> None:
    leaves = {"path": "chains[*]", "any": {"all": [
        {"path": "name", "equals": "Public"}, {"path": "hook", "equals": "output"},
        {"path": "policy", "equals": "drop"},
    ]}}  # fmt: skip
    for outbound, outcome in ((0, "FAIL"), (2, "FAIL"), (4, "PASS")):
        answer = golden("firewall", "client-default") | {"profiles": profiles(outbound=outbound)}
        assert judged(fact("firewall", leaves), {"firewall": answer}).outcome == outcome


def test_a_service_that_will_not_start_is_said() -> None:
    found = policy(start=4)
    assert found.outcome == "PART"
    assert "démarrage" in found.reason


@pytest.mark.parametrize(
    "found",
    [
        policy(rule(address={"remote": ["Internet"]})),
        policy(rule(port={"protocol": "UDP", "remote": ["53"]})),
        policy(rule(security={"local_user": "D:(A;;CC;;;S-1-5-21-1-2-3-1001)"})),
        policy({**rule(), "keywords": 1}),
        policy(rule(twice=True)),  # type: ignore[arg-type]  # two rules of one name
        policy(case="client-off", others=["Pare-feu d'un autre éditeur"]),
        policy(rule(profile=1), adapters=cards(2)),  # no card is enabled: in one profile it is open
    ],
)
def test_what_cannot_be_told_is_inconclusive(found: Judged) -> None:
    assert found.outcome == "INCONCLUSIVE"


@pytest.mark.parametrize("told", [{}, {"port": rule()["filters"]["port"]}, {"address": rule()["filters"]["address"]}])
def test_a_rule_whose_filters_are_not_told_matters_only_where_it_may_count(told: dict[str, Any]) -> None:
    """There the question is not answered at all."""

    def found(profile: int) -> str:
        return policy({**rule(profile=profile), "filters": {"twice": False, **told}}).outcome

    assert [found(1), found(2)] == ["PASS", "PASS"]
    for profile in (4, 0):
        with pytest.raises(KeyError):
            found(profile)


def test_nothing_is_concluded_from_a_machine_that_starts() -> None:
    answers = {"firewall": golden("firewall", "server-stopped"), "awake": golden("awake", "server-starting")}
    assert judged(REFUSED, answers).outcome == "INCONCLUSIVE"
    assert judged(REFUSED, {"firewall": None}).outcome == "INCONCLUSIVE"


def test_an_address_is_read_once_whatever_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of addresses, and a dozen cards: reading them for each arrival took longer than a whole observation."""
    read: Counter[str] = Counter()

    def network(word: str, strict: bool) -> IPv4Network:
        read[word] += 1
        return IPv4Network(word, strict=strict)

    monkeypatch.setattr("checkers.windows.packets.IPv4Network", network)
    blocked = rule(action=4, address={"local": ["Any"], "remote": ["10.1.0.0/16", "10.2.0.1"]})
    assert policy(blocked, adapters=cards(*[1] * 12)).outcome == "PASS"
    assert read["10.1.0.0/16"] == read["10.2.0.1"] == 1
