"""A real disk, read by libguestfs: what is on it, and whether it was put away.

``long``: libguestfs starts a small machine for each of the two, minutes where machines are emulated on a busy host.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from checkers.facts import Fact
from checkers.observe import unseen
from checkers.probe import Question
from checkers.probes.addresses import Addresses
from checkers.probes.hosts import HostName
from checkers.probes.members import Membership
from checkers.probes.policies import PublishedPolicies
from checkers.probes.services import UnitState
from labs.model import Machine
from labs.text import Text
from orchestrator.disk_channel import DiskAtRest, Ended, ask_disks
from tests.vm.ground import VmGround

pytestmark = [pytest.mark.vm, pytest.mark.long]

QUESTIONS = [
    Question("server", probe)
    for probe in (HostName(), UnitState(unit="ssh.service"), Addresses(), Membership(), PublishedPolicies())
]


def read(ground: VmGround, disk: Path, ended: Ended) -> dict[str, Fact]:
    """What a disk says of a server that answers nothing, by the name of the probe."""
    machine = ground.lab.lab.machines["server"]
    assert isinstance(machine, Machine)
    emulated = ground.hypervisor.info().accelerator != "kvm"
    silent = {one.key: unseen(one, Text("muet", "silent"), "none") for one in QUESTIONS}
    at_rest = DiskAtRest(disk, machine, emulated=emulated, end=lambda: ended)
    return {fact.probe: fact for fact in ask_disks({"server": at_rest}, QUESTIONS, silent, {}).values()}


def test_the_disk_of_a_domain_controller(ground: VmGround) -> None:
    """The image's was never used; the golden's was left by a machine whose memory was saved with it."""
    image = next((ground.settings.images_dir / "server").glob("*/disk.qcow2"))
    found = read(ground, image, "clean")
    assert {(fact.status, fact.channel) for fact in found.values()} == {("seen", "disk")}
    assert found["host-name"].value == {"static": "srv-kerbras", "running": None}
    assert found["unit-state"].value["file_state"] == "enabled"
    assert found["domain-membership"].value["secrets"] == ["KERBRAS"]
    assert len(found["published-policies"].value["policies"]) == 2
    golden = ground.settings.goldens_dir / ground.golden.key / "server.qcow2"
    assert {fact.channel for fact in read(ground, golden, "clean").values()} == {"disk-cut"}
