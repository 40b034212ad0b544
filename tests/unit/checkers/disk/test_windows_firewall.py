"""What the rules in a Windows registry would let in, and where nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.checks.firewall import FirewallPolicy
from checkers.disk.plan import Found, RegistryKey, Wanted
from checkers.disk.twins.windows_rules import rules
from checkers.probes.firewall import Firewall
from checkers.verdict import Outcome
from tests.unit.checkers.disk.asking import CARDS, GOLDENS, on_windows, value, verdict

REAL = on_windows({"SYSTEM": GOLDENS / "hivex-system.hive", "SOFTWARE": GOLDENS / "samba-software.hive"})
"""Hives written by hivexregedit and by Samba's regshell."""
BLOCK = "v2.30|Action=Block|Active=TRUE|Dir=In|"
LET_IN, LEFT_OUT, UNKNOWN = {"accept"}, {"drop"}, {"unknown"}


def key(**values: Any) -> RegistryKey:
    """A key with numbers and texts."""
    return RegistryKey(
        values={
            name: ("REG_DWORD", str(one)) if isinstance(one, int) else ("REG_SZ", one) for name, one in values.items()
        }
    )


LOCAL = "SYSTEM \\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\"
POLICY = "SOFTWARE \\Policies\\Microsoft\\WindowsFirewall\\"
ON = key(EnableFirewall=1)
GUID = "{7A3F0C11-0000-4000-8000-0000000000A1}"


def rule(text: str) -> RegistryKey:
    return key(r=f"v2.30|Action=Allow|Active=TRUE|Dir=In|{text}")


def outcomes(changed: Mapping[str, RegistryKey], start: int = 2) -> set[str]:
    """What becomes of the connections that no rule names, on a machine with one card."""
    connection = key(Name="Ethernet", PnPInstanceId="PCI\\MODEL\\0")
    keys: dict[str, RegistryKey | None] = {
        **{f"{LOCAL}{name}": ON for name in ("DomainProfile", "StandardProfile", "PublicProfile")},
        "SYSTEM \\CurrentControlSet\\Services\\MpsSvc": key(Start=start),
        "SYSTEM \\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces": RegistryKey(
            keys={GUID.lower(): key(EnableDHCP=0, IPAddress="192.168.50.10", SubnetMask="255.255.255.0")}
        ),
        "SYSTEM \\CurrentControlSet\\Control\\Network\\{4D36E972-E325-11CE-BFC1-08002BE10318}": RegistryKey(
            keys={GUID: RegistryKey(keys={"Connection": connection})}
        ),
        "SYSTEM \\CurrentControlSet\\Enum\\PCI": RegistryKey(
            keys={"MODEL": RegistryKey(keys={"0": key(LocationInformation="x;(0,3,0)")})}
        ),
        **changed,
    }

    def find(wanted: Wanted) -> Found:
        return Found(keys={name: keys.get(name) for name in (f"{k.hive} {k.path}" for k in wanted.keys)}, cards=CARDS)

    found = value(Firewall(), find, "windows")
    assert {trial.interface for trial in found.saved} == {"eth0"}
    assert verdict(FirewallPolicy(on="server"), find, "windows").outcome is Outcome.INCONCLUSIVE, "nothing is in force"
    return {trial.outcome for trial in found.saved}


def test_hives_of_others() -> None:
    """A policy of the public profile leaves the machine's own rules out; its own rule names 3389 only. One profile is
    off, so what happens depends on the profile."""
    found = value(Firewall(), REAL, "windows")
    assert [(one.name, one.policy) for one in found.chains if one.hook == "input"] == [
        ("domain", "drop"), ("private", "accept"), ("public", "drop"),
    ]  # fmt: skip
    assert {trial.outcome for trial in found.saved} == UNKNOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Protocol=6|LPort=3389|", LEFT_OUT),  # a port by its name
        ("", LET_IN),  # everything
        ("Protocol=1|", LEFT_OUT),
        ("Protocol=6|LPort2_10=1-65535|", {"accept", "drop"}),  # all of TCP
        ("Profile=Public|", UNKNOWN),  # in one profile only
        ("App=C:\\x.exe|", LEFT_OUT),  # one program
        ("Svc=Spooler|", LEFT_OUT),
        ("RA4=LocalSubnet|", {"accept", "drop"}),
        ("RA4=10.0.0.0/255.0.0.0|", LEFT_OUT),
        ("RA42=Internet|", UNKNOWN),
        ("RA6=LocalSubnet|", LEFT_OUT),
        ("IFType=Wireless|", LEFT_OUT),
        (f"IF={GUID}|", LET_IN),
        ("IF={0}|", LEFT_OUT),
        ("Security=Authenticate|", LEFT_OUT),
        ("TTK2_30=Later|", UNKNOWN),  # a word that no page tells
        ("Protocol=6|LPort=80", {"drop", "unknown"}),  # cut off: what follows may narrow it
    ],
)
def test_what_a_rule_lets_in(text: str, expected: set[str]) -> None:
    assert outcomes({f"{LOCAL}FirewallRules": rule(text)}) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, LEFT_OUT),
        ({f"{LOCAL}PublicProfile": key(EnableFirewall=0)}, UNKNOWN),
        ({f"{LOCAL}FirewallRules": key(r="v2.30|Action=Allow|Active=FALSE|Dir=In|")}, LEFT_OUT),
        ({f"{LOCAL}FirewallRules": key(r="v2.30|Action=Allow|Active=TRUE|Dir=Out|")}, LEFT_OUT),
        (
            {
                f"{LOCAL}FirewallRules": rule(""),
                **{
                    f"{POLICY}{name}": key(AllowLocalPolicyMerge=0)
                    for name in ("DomainProfile", "PrivateProfile", "PublicProfile")
                },
            },
            LEFT_OUT,  # a policy has only its own rules count
        ),
        ({f"{POLICY}PrivateProfile": key(EnableFirewall=0)}, UNKNOWN),
        ({f"{LOCAL}StandardProfile": key(EnableFirewall=0), f"{POLICY}PrivateProfile": ON}, LEFT_OUT),
        ({f"{POLICY}FirewallRules": rule("")}, LET_IN),
        (
            {f"{LOCAL}FirewallRules": RegistryKey(values={**rule("").values, "b": ("REG_SZ", BLOCK)})},
            LEFT_OUT,  # a rule that blocks wins
        ),
    ],
)
def test_profiles_and_policies(changed: dict[str, RegistryKey], expected: set[str]) -> None:
    assert outcomes(changed) == expected


def test_a_policy_of_windows_xp_is_not_read() -> None:
    with pytest.raises(AssertionError, match="StandardProfile"):
        outcomes({f"{POLICY}StandardProfile": key(EnableFirewall=0)})


def test_a_firewall_that_does_not_start_lets_everything_in() -> None:
    assert outcomes({}, start=4) == LET_IN


@given(st.text(max_size=200))
def test_any_text_is_a_rule_or_none(text: str) -> None:
    assert len(rules([key(r=f"v2.30|Active=TRUE|Dir=In|{text}")], {})) <= 1
