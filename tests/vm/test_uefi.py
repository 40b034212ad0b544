"""Machines that start through UEFI: saved, and gone on with as warm clones that have UEFI variables of their own.

``long``: such a machine starts in minutes where machines are emulated. Windows' machines are of this kind.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import pytest

from checkers.channel import Agent, ChannelError
from labs.errors import EpreuveError
from orchestrator.hypervisor.port import DomainSpec, Hypervisor, MachineAgent, Stamp
from orchestrator.hypervisor.readiness import wait_agent
from tests.vm.ground import VmGround
from tests.vm.uefi_disk import LOADER, make
from vagrant.cache import stored_images

pytestmark = [
    pytest.mark.vm,
    pytest.mark.long,
    pytest.mark.skipif(not LOADER.exists(), reason="apt install systemd-boot-efi"),
]

OPTIONS = "rw console=tty0 console=ttyS0 mitigations=off net.ifnames=0 quiet"
VARIABLE = "/sys/firmware/efi/efivars/Epreuve-7a3f0c11-0000-4000-8000-000000000001"
MOUNT = "mountpoint -q /sys/firmware/efi/efivars || mount -t efivarfs efivarfs /sys/firmware/efi/efivars"
KEPT = b"\x07\0\0\0kept"
"""Attributes (non-volatile, for boot and run time), then what is kept."""


def spec(folder: Path, name: str) -> DomainSpec:
    stamp = Stamp("uefi", name, "uefi", "bench", "none", store="uefi", machine="machine")
    return DomainSpec(
        name=f"ep-uefi-{name}", uuid=str(uuid4()), memory_mib=768, vcpus=1, disk=folder / f"{name}.qcow2", kernel=None,
        initrd=None, cmdline="", nics=(), stamp=stamp, serial_log=folder / f"{name}.log",
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(ground: VmGround) -> Iterator[Path]:
    """Where QEMU may read, and enough room is."""
    made = ground.settings.data_dir / "test-uefi"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(mode=0o755)
    yield made
    for name in ("first", "clone", "cold"):
        with suppress(EpreuveError):
            ground.hypervisor.destroy(f"ep-uefi-{name}")
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def saved(ground: VmGround, folder: Path) -> Path:
    """The memory of a machine that started from the disk, with a mark in its memory and one among its variables."""
    image = next(one for one in stored_images(ground.settings.images_dir) if one.name == "client")
    base = make(image, folder, OPTIONS)
    first = spec(folder, "first")
    ground.hypervisor.create_overlay(base, first.disk)
    ground.hypervisor.start(first)
    agent = wait_agent(ground.hypervisor, first.name, timeout_s=400)
    assert run(agent, "[ -d /sys/firmware/efi ] && findmnt -no SOURCE /") == "/dev/vda2\n"
    run(agent, f"{MOUNT}; printf '\\007\\000\\000\\000kept' > {VARIABLE}; echo memory > /run/mark; sync")
    ground.hypervisor.save(first.name, folder / "first.ram")
    ground.hypervisor.destroy(first.name)
    assert not first.nvram.exists(), "its variables are gone with it"
    return folder / "first.ram"


def run(agent: Agent, command: str) -> str:
    result = agent.run(["sh", "-c", command], timeout_s=60)
    assert result.exit_code == 0, result
    return result.stdout.decode()


def boot(agent: Agent) -> str:
    return run(agent, "cat /proc/sys/kernel/random/boot_id")


def reboot(hypervisor: Hypervisor, agent: Agent, domain: str) -> MachineAgent:
    """The agent of a machine after a restart."""
    before = boot(agent)
    agent.run(["systemd-run", "--on-active=1", "systemctl", "reboot"], timeout_s=30)
    until = monotonic() + 400
    while monotonic() < until:
        again = wait_agent(hypervisor, domain, timeout_s=400)
        with suppress(ChannelError, AssertionError):
            if boot(again) != before:
                return again
        sleep(1)
    pytest.fail("it did not restart")


def test_a_warm_clone_goes_on_with_its_variables_and_restarts(ground: VmGround, folder: Path, saved: Path) -> None:
    hypervisor, clone = ground.hypervisor, spec(folder, "clone")
    shutil.copy(folder / "first.qcow2", clone.disk)
    assert not clone.nvram.exists()
    hypervisor.warm_clone(saved, clone)
    agent = wait_agent(hypervisor, clone.name, timeout_s=120)
    assert run(agent, "cat /run/mark") == "memory\n", "it was not started anew"
    assert run(agent, f"cat {VARIABLE}").encode() == KEPT
    run(agent, f"printf '\\007\\000\\000\\000new' > {VARIABLE.replace('Epreuve', 'Again')}")
    agent = reboot(hypervisor, agent, clone.name)
    assert run(agent, "cat /run/mark 2>/dev/null || true") == ""
    run(agent, MOUNT)
    assert run(agent, f"cat {VARIABLE}").encode() == KEPT
    assert run(agent, f"cat {VARIABLE.replace('Epreuve', 'Again')}").encode().endswith(b"new")
    hypervisor.destroy(clone.name)


def test_one_with_fresh_variables_starts_cold(ground: VmGround, folder: Path, saved: Path) -> None:
    """As one that was off at the bell does in the jury's hour."""
    cold = spec(folder, "cold")
    shutil.copy(folder / "first.qcow2", cold.disk)
    ground.hypervisor.start(cold)
    agent = wait_agent(ground.hypervisor, cold.name, timeout_s=400)
    assert run(agent, f"{MOUNT}; cat {VARIABLE} 2>/dev/null || true") == ""
