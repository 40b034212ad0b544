"""What a candidate may put on a disk to have more read than there is, or to have us wait for ever.

``long``: libguestfs starts a small machine.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from checkers.facts import Fact
from checkers.observe import unseen
from checkers.probe import Probe, Question
from checkers.probes.addresses import Addresses
from checkers.probes.firewall import Firewall
from checkers.probes.hosts import HostName
from checkers.probes.members import Membership
from checkers.probes.policies import PublishedPolicies
from checkers.probes.services import UnitState
from labs.model import Machine
from labs.text import Text
from orchestrator.disk_channel import DiskAtRest, ask_disks

pytestmark = [pytest.mark.vm, pytest.mark.long]

MACHINE = Machine.model_validate(
    {
        "title": "m",
        "image": "server",
        "memory_mib": 512,
        "nics": {"eth0": {"network": "lan", "mac": "52:54:00:00:00:01"}},
    }
)
HOST = "not of this host"
"""What stands in a file of ours; a link on the disk leads to its path."""


def write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def root(place: Path, outside: Path) -> None:
    """A root file system full of traps."""
    write(place / "usr/lib/os-release", "ID=debian\n")
    (place / "etc/samba").mkdir(parents=True)
    (place / "etc/os-release").symlink_to("../usr/lib/os-release")
    os.mkfifo(place / "etc/hostname")
    (place / "etc/samba/smb.conf").symlink_to("../" * 20 + str(outside))
    (place / "etc/rc.local").symlink_to("rc.local")
    units = place / "etc/systemd/system"
    write(units / "ssh.service", "[Install]\n")
    write(units / 'a"b\n$(id) \\x41.service', "nft -f /x")
    (units / "loop.service.d").symlink_to(".")
    (place / "etc/network").mkdir()
    with (place / "etc/network/interfaces").open("wb") as file:
        file.truncate(2**40)
    (place / "var/lib/samba").mkdir(parents=True)
    (place / "var/lib/samba/sysvol").symlink_to("/")  # all of the disk, for one folder
    write(place / "Policies/{31B2F340-016D-11D2-945F-00C04FB984F9}/Machine/Registry.pol", "PReg\1\0\0\0[" + "x" * 5000)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Fact]:
    folder = tmp_path_factory.mktemp("hostile")
    outside, raw, disk = folder / "outside", folder / "disk.raw", folder / "disk.qcow2"
    outside.write_text(f"[global]\nrealm = {HOST}\n")
    (folder / "root").mkdir()
    root(folder / "root", outside)
    with raw.open("wb") as file:
        file.truncate(256 * 1024 * 1024)
    subprocess.run(["mkfs.ext4", "-q", "-b", "4096", "-d", str(folder / "root"), str(raw)], check=True, timeout=120)
    subprocess.run(["qemu-img", "convert", "-O", "qcow2", str(raw), str(disk)], check=True, timeout=120)
    probes: list[Probe[Any]] = [
        HostName(), UnitState(unit="ssh.service"), Addresses(), Firewall(), Membership(), PublishedPolicies(),
    ]  # fmt: skip
    questions = [Question("server", probe) for probe in probes]
    silent = {one.key: unseen(one, Text("muette", "silent"), "none") for one in questions}
    at_rest = DiskAtRest(disk, MACHINE, emulated=True, end=lambda: "off")
    return {fact.probe: fact for fact in ask_disks({"server": at_rest}, questions, silent, {}).values()}


def why(fact: Fact) -> str:
    return fact.why.en if fact.why is not None else ""


def test_all_of_it_comes_to_an_end(found: dict[str, Fact]) -> None:
    assert {fact.channel for fact in found.values()} == {"disk"}
    assert max(len(fact.raw.stdout) for fact in found.values() if fact.raw) < 300_000


def test_a_pipe_is_no_name(found: dict[str, Fact]) -> None:
    assert (found["host-name"].status, why(found["host-name"])) == (
        "unseen", "cannot be read on the disk: /etc/hostname (other)",
    )  # fmt: skip


def test_a_link_leads_nowhere_outside(found: dict[str, Fact]) -> None:
    assert HOST not in found["domain-membership"].model_dump_json()


def test_a_folder_with_a_file_of_a_terabyte_is_not_read(found: dict[str, Fact]) -> None:
    for name in ("firewall", "addresses"):
        assert (found[name].status, why(found[name])) == (
            "unseen", "cannot be read on the disk: /etc/network (too large)",
        )  # fmt: skip


def test_units_with_any_name_and_a_loop_of_links(found: dict[str, Fact]) -> None:
    assert found["unit-state"].value["file_state"] == "disabled"


def test_policies_that_are_all_of_the_disk(found: dict[str, Fact]) -> None:
    assert found["published-policies"].status in ("unseen", "seen")
    if found["published-policies"].status == "seen":
        [policy] = found["published-policies"].value["policies"]
        assert policy["damaged"] is True
