"""Disks laid out like those of Windows, with hives that others wrote, read by libguestfs from end to end.

``long``: libguestfs starts a small machine for making them all, and another for reading each.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from checkers.facts import Fact
from checkers.observe import unseen
from checkers.probe import Question
from checkers.probes.addresses import Addresses
from checkers.probes.firewall import Firewall
from checkers.probes.hosts import HostName
from checkers.probes.members import Membership
from checkers.probes.policies import AppliedPolicies, PublishedPolicies
from checkers.probes.remote_desktop import RemoteDesktop
from checkers.probes.services import UnitState
from checkers.probes.updates import Updates
from labs.model import Machine
from labs.text import Text
from orchestrator.disk_channel import DiskAtRest, ask_disks
from tests.vm.windows_disk import HIBERNATED, Step, layout, locked, make, mounted, not_written_back, system, unclean

pytestmark = [pytest.mark.vm, pytest.mark.long]

WSUS = AppliedPolicies(path="HKLM\\Software\\Policies\\Microsoft\\Windows\\WindowsUpdate\\WUServer")
PROBES = (
    *(HostName(), UnitState(unit="spooler"), Addresses(), Firewall(), Membership(), PublishedPolicies()),
    *(Updates(), RemoteDesktop(), WSUS),
)
QUESTIONS = [Question("server", probe) for probe in PROBES]
MACHINE = Machine.model_validate(
    {
        "title": "Serveur",
        "family": "windows",
        "image": "windows-server",
        "memory_mib": 4096,
        "nics": {"eth0": {"network": "lan", "mac": "52:54:00:00:00:01"}},
    }
)

WHOLE: list[Step] = [*layout("DEVICE"), *system("DEVICE3")]
CHANGED: Mapping[str, list[Step]] = {
    "not-written-back": [mounted("DEVICE3"), *not_written_back()],
    "hibernated": [mounted("DEVICE3"), *HIBERNATED],
    "two": system("DEVICE4"),
    "encrypted": [("DEVICE3", locked())],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the disks are."""
    made = tmp_path_factory.mktemp("disks")
    make(made, {"whole": WHOLE})
    make(made, CHANGED, over="whole")
    unclean(made / "whole", made / "unclean")
    return made


def read(disk: Path) -> dict[str, Fact]:
    """What a disk says of a server that the candidate has powered off, by the name of the probe."""
    silent = {one.key: unseen(one, Text("muette", "silent"), "none") for one in QUESTIONS}
    at_rest = DiskAtRest(disk, MACHINE, emulated=True, end=lambda: "off")
    return {fact.probe: fact for fact in ask_disks({"server": at_rest}, QUESTIONS, silent, {}).values()}


def test_a_windows_that_was_shut_down(folder: Path) -> None:
    found = read(folder / "whole")
    assert {name: (fact.status, fact.channel, fact.why) for name, fact in found.items()} == {
        probe.name: ("seen", "disk", None) for probe in PROBES
    }
    assert found["host-name"].value == {"static": "srv-kerbras", "running": None}
    assert found["unit-state"].value["file_state"] == "disabled"
    assert found["addresses"].value["interfaces"][0]["configurations"][0]["addresses"] == ["192.168.50.10/24"]
    assert [one["name"] for one in found["firewall"].value["chains"]] == ["domain", "private", "public"] * 2
    assert found["domain-membership"].value["channel"] == "absent"
    [policy] = found["published-policies"].value["policies"]
    assert [one["value"] for one in policy["settings"]] == ["Message", "Délai", "Listes", "Octets"]
    assert found["automatic-updates"].value["patterns"] == ["origin=WSUS,suite=Windows"]
    assert found["remote-desktop"].value["enabled"]
    assert found["applied-policies"].value["text"] == "http://srv-kerbras:8530"


def test_what_was_only_in_a_log(folder: Path) -> None:
    found = read(folder / "not-written-back")["domain-membership"]
    assert (found.status, found.channel) == ("seen", "disk")
    assert found.value["workgroup"] == "LYCEE"


@pytest.mark.parametrize("disk", ["hibernated", "unclean"])
def test_what_windows_keeps_to_itself_leaves_no_verdict(folder: Path, disk: str) -> None:
    found = read(folder / disk)
    assert {(fact.status, fact.channel) for fact in found.values()} == {("seen", "disk-cut")}


@pytest.mark.parametrize(("disk", "why"), [("two", "plusieurs systèmes"), ("encrypted", "chiffré (BitLocker)")])
def test_a_disk_that_is_not_read_says_why(folder: Path, disk: str, why: str) -> None:
    found = read(folder / disk)
    assert {(fact.status, fact.channel) for fact in found.values()} == {("unseen", "none")}
    assert all(fact.why and why in fact.why.fr for fact in found.values())
