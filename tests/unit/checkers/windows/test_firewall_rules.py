"""Rules of the Windows firewall, as a trainer asks about them (``fact``)."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.families import families
from checkers.probes.firewall_rules import FirewallRules
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import fact, golden, judged

WORKSHOP = fact(
    "firewall-rules",
    {
        "path": "rules[*]",
        "any": {
            "all": [
                {"path": "allow", "equals": True},
                {"path": "in_force", "equals": True},
                {"path": "profiles[*]", "any": {"equals": "domain"}},
                {"path": "remote[*]", "exactly": ["192.168.50.0/24"]},
                {"path": "program", "equals": ""},
                {"path": "service", "equals": ""},
                {"path": "cards[*]", "count": {"equals": 0}},
                {"path": "secured", "equals": False},
                {"path": "users", "equals": False},
            ]
        },
    },
    port=3389,
)
"""The remote desktop is open to the workshop's network, in the domain's profile."""


def rules(*changed: dict[str, Any], case: str = "server-one-network", **answer: Any) -> Judged:
    found = golden("firewall-rules", case) | answer
    if changed:
        found["rules"] = [found["rules"][0] | one for one in changed]
    return judged(WORKSHOP, {"firewall-rules": found})


@pytest.mark.parametrize(
    "found",
    [
        rules(),
        rules({"profile": 0}),  # wherever the machine is
        rules({"profile": 3, "ports": ["3380-3400"]}),
        rules({"remote": ["192.168.50.0/24"], "source": 2}),  # a policy's
        rules({"action": 4}, {}),  # beside another one
    ],
)
def test_right(found: Judged) -> None:
    assert found.outcome == "PASS", found


@pytest.mark.parametrize(
    "found",
    [
        rules(case="client-looks-right"),
        rules(case="server-stopped"),
        rules({"action": 4}),
        rules({"profile": 4}),
        rules({"remote": ["Any"]}),
        rules({"remote": ["192.168.50.0/255.255.254.0"]}),
        rules({"keywords": 1}),
        rules({"enforcement": [16]}),
        rules({"status": 3}),
        rules({"program": r"C:\Outils\bureau.exe"}),
        rules({"package": "S-1-15-2-1"}),
        rules({"service": "TermService"}),
        rules({"kind": 2}),
        rules({"cards": ["Wi-Fi"]}),
        rules({"encryption": 1}),
        rules({"users": 1}),
    ],
)
def test_wrong(found: Judged) -> None:
    assert found.outcome == "FAIL", found


def test_what_cannot_be_told_is_inconclusive() -> None:
    assert rules(more=True).outcome == "INCONCLUSIVE"
    assert rules(twice=True).outcome == "INCONCLUSIVE"
    assert judged(WORKSHOP, {"firewall-rules": None}).outcome == "INCONCLUSIVE"
    assert families(FirewallRules(port=3389)) == {"windows"}


def test_profiles() -> None:
    """Everything is blocked that no rule allows, in every profile, and may leave."""
    check = fact(
        "firewall-rules",
        {"path": "profiles[*]", "all": {"all": [
            {"path": name, "equals": True} for name in ("enabled", "blocks", "lets_out", "own_rules")
        ]}},
        port=3389,
    )  # fmt: skip
    answer = golden("firewall-rules", "server-one-network")
    assert judged(check, {"firewall-rules": answer}).outcome == "PASS"
    assert judged(check, {"firewall-rules": golden("firewall-rules", "client-looks-right")}).outcome == "FAIL"
    for change in ({"enabled": 0}, {"inbound": 2}, {"outbound": 4}):
        changed = answer | {"profiles": [*answer["profiles"][:2], answer["profiles"][2] | change]}
        assert judged(check, {"firewall-rules": changed}).outcome == "FAIL"
