"""What the registry on the disk of a Windows machine says, and what it cannot."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from checkers.checks.firewall import FirewallPolicy
from checkers.checks.hosts import HostNameIs
from checkers.checks.members import IsDomainMember
from checkers.checks.services import ServiceStateIs
from checkers.probe import Question
from checkers.probes.addresses import Addresses
from checkers.probes.firewall import Firewall
from checkers.probes.hosts import HostName
from checkers.probes.members import Membership
from checkers.probes.services import UnitState
from checkers.verdict import Outcome
from tests.unit.checkers.disk.asking import GOLDENS, fact, on_windows, value, verdict
from tests.unit.checkers.disk.hive import BINARY, Tree, hive, number

SYSTEM = on_windows({"SYSTEM": GOLDENS / "hivex-system.hive"})
"""Written by hivexregedit from ``hivex-system.reg``."""


def lsa(text: str) -> tuple[int, bytes]:
    data = text.encode("utf-16-le")
    return BINARY, struct.pack("<HHI", len(data), len(data) + 2, 8) + data


def security(folder: Path, tree: Tree) -> Any:
    (folder / "SECURITY").write_bytes(hive({"Policy": tree}))
    return on_windows({"SYSTEM": GOLDENS / "hivex-system.hive", "SECURITY": folder / "SECURITY"})


def test_the_name_after_a_restart() -> None:
    found = value(HostName(), SYSTEM, "windows")
    assert (found.static, found.running) == ("srv-kerbras", None)
    told = verdict(HostNameIs(on="server", name="srv-kerbras"), SYSTEM, "windows")
    assert told.outcome is Outcome.INCONCLUSIVE


def test_addresses_of_the_only_card() -> None:
    [interface] = value(Addresses(), SYSTEM, "windows").interfaces
    assert (interface.name, interface.mac, interface.up) == ("eth0", "52:54:00:00:00:01", None)
    [configured] = interface.configurations
    assert (configured.method, configured.addresses) == ("static", ("192.168.50.10/24",))
    assert configured.gateways == ("192.168.50.1",)


@pytest.mark.parametrize(
    ("unit", "outcome"),
    [
        ("MpsSvc", Outcome.PASS),
        ("mpssvc", Outcome.PASS),  # Windows minds no case
        ("W32Time", Outcome.INCONCLUSIVE),  # manual, and started by an event
        ("Spooler", Outcome.FAIL),  # disabled
        ("Nothing", Outcome.FAIL),
    ],
)
def test_how_a_service_starts(unit: str, outcome: Outcome) -> None:
    check = ServiceStateIs(on="server", unit=unit, running=None)
    assert verdict(check, SYSTEM, "windows").outcome is outcome
    assert verdict(ServiceStateIs(on="server", unit=unit), SYSTEM, "windows").outcome is not Outcome.PASS


def test_a_service_without_a_start_type_is_unseen() -> None:
    question = Question("server", UnitState(unit="SharedAccess"))
    assert fact(question, SYSTEM, "windows").status == "unseen"


def test_the_profiles_of_the_firewall(tmp_path: Path) -> None:
    found = value(Firewall(), SYSTEM, "windows")
    assert [(chain.hook, chain.name, chain.policy) for chain in found.chains] == [
        ("input", "domain", "drop"),
        ("input", "private", "accept"),
        ("output", "domain", "accept"),
        ("output", "private", "accept"),
    ]
    assert (found.enabled, found.trials) == (("MpsSvc",), None)
    assert verdict(FirewallPolicy(on="server"), SYSTEM, "windows").outcome is Outcome.INCONCLUSIVE
    profile = {"EnableFirewall": number(1), "DefaultInboundAction": number(1)}
    policy = {"Policies": {"Microsoft": {"WindowsFirewall": {"PublicProfile": profile, "PrivateProfile": profile}}}}
    (tmp_path / "SOFTWARE").write_bytes(hive(policy))
    both = on_windows({"SYSTEM": GOLDENS / "hivex-system.hive", "SOFTWARE": tmp_path / "SOFTWARE"})
    by_policy = value(Firewall(), both, "windows").chains
    assert {(chain.name, chain.policy) for chain in by_policy if chain.hook == "input"} == {
        ("domain", "drop"),
        ("private", "drop"),
        ("public", "drop"),
    }


def test_membership(tmp_path: Path) -> None:
    check = IsDomainMember(on="server", domain="lycee.lan", server="dc")
    names = {"PolDnDDN": {"": lsa("lycee.lan")}, "PolPrDmN": {"": lsa("LYCEE")}}
    joined = security(tmp_path, {**names, "Secrets": {"$MACHINE.ACC": {}}})
    found = value(Membership(), joined, "windows")
    assert (found.computer, found.realm, found.secrets, found.channel) == (
        "SRV-KERBRAS",
        "lycee.lan",
        ("LYCEE",),
        "unknown",
    )
    assert verdict(check, joined, "windows").outcome is Outcome.INCONCLUSIVE
    alone = security(tmp_path, {"PolDnDDN": {"": lsa("")}, "PolPrDmN": {"": lsa("WORKGROUP")}, "Secrets": {}})
    assert value(Membership(), alone, "windows").channel == "absent"
    assert verdict(check, alone, "windows").outcome is Outcome.FAIL
    never = security(tmp_path, {"PolDnDDN": {"": (BINARY, b"")}, "PolPrDmN": {"": lsa("WORKGROUP")}})
    assert verdict(check, never, "windows").outcome is Outcome.FAIL, "as a real Windows has it"
    forged = security(tmp_path, {"PolDnDDN": {"": (BINARY, b"\xff\xff\xff\xff12345678")}})
    assert verdict(check, forged, "windows").outcome is Outcome.INCONCLUSIVE
