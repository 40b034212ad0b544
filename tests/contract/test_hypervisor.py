"""What every hypervisor promises: one suite for the simulated one and, on real machines, for libvirt."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Interface
from pathlib import Path
from time import monotonic

import pytest

from checkers.channel import ChannelError, ExecResult
from orchestrator.hypervisor.errors import HypervisorError, WarmCloneImpossible
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.hypervisor.port import DomainSpec, DomainState, Hypervisor, NetworkSpec, NicSpec, Stamp
from orchestrator.hypervisor.readiness import wait_agent
from tests.rfb import Console, changed_width

NETWORK = "ep-contract-lan"
MAC = "52:54:00:c0:00:01"


@dataclass
class Ground:
    """A hypervisor to try things on, a base image, and a place for files."""

    hypervisor: Hypervisor
    backing: Path
    kernel: Path
    initrd: Path
    cmdline: str
    place: Path

    def spec(self, machine: str) -> DomainSpec:
        return DomainSpec(
            name=f"ep-contract-{machine}",
            uuid=str(uuid.uuid4()),
            memory_mib=384,
            vcpus=1,
            disk=self.place / f"{machine}.qcow2",
            kernel=self.kernel,
            initrd=self.initrd,
            cmdline=self.cmdline,
            nics=(NicSpec("eth0", NETWORK, MAC),),
            stamp=_stamp(machine=machine),
            serial_log=self.place / f"{machine}.log",
        )

    def overlay(self, spec: DomainSpec) -> DomainSpec:
        self.hypervisor.create_overlay(self.backing, spec.disk)
        return spec


def _stamp(machine: str = "", network: str = "") -> Stamp:
    return Stamp("contract", "suite", "tai", "bench", "k" * 32, "0" * 8, machine=machine, network=network)


def _posix(argv: object, stdin: bytes) -> ExecResult | None:
    """The few programs that this suite runs in a guest, for the simulated one."""
    words = list(argv)  # type: ignore[call-overload]
    if words == ["cat"]:
        return ExecResult(0, stdin, b"")
    if words[:2] == ["sh", "-c"]:
        return ExecResult(3, b"out\xff\n", b"err\n")
    if words[0] == "sleep":
        return ExecResult(None, b"", b"", timed_out=True)
    return None


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    place = tmp_path_factory.mktemp("simulated")
    return Ground(FakeHypervisor(lambda _stamp: _posix), place / "base", place / "kernel", place / "initrd", "", place)


@pytest.fixture(scope="module")
def libvirt(request: pytest.FixtureRequest) -> Ground:
    return request.getfixturevalue("libvirt_ground")  # type: ignore[no-any-return]  # in tests/contract/conftest.py


@pytest.fixture(scope="module", params=["simulated", pytest.param("libvirt", marks=pytest.mark.vm)])
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """The ground with one network on it; what tests leave is removed, and that it can be is part of the promise."""
    ground: Ground = request.getfixturevalue(request.param)
    hypervisor = ground.hypervisor
    _clear(hypervisor)
    hypervisor.create_network(NetworkSpec(NETWORK, _stamp(network="lan")))
    yield ground
    _clear(hypervisor)
    assert _ours(hypervisor) == []


@pytest.fixture(scope="module")
def machine(ground: Ground) -> Iterator[DomainSpec]:
    """One machine, booted cold, shared by the tests that leave it as it was."""
    spec = ground.overlay(ground.spec("shared"))
    ground.hypervisor.start(spec)
    wait_agent(ground.hypervisor, spec.name, timeout_s=300)
    yield spec
    ground.hypervisor.destroy(spec.name)


def _ours(hypervisor: Hypervisor) -> list[str]:
    views = [*hypervisor.domains(), *hypervisor.networks()]
    return [view.name for view in views if view.stamp.session == "contract"]  # type: ignore[attr-defined]


def _clear(hypervisor: Hypervisor) -> None:
    for domain in hypervisor.domains():
        if domain.stamp.session == "contract":
            hypervisor.destroy(domain.name)
    for network in hypervisor.networks():
        if network.stamp.session == "contract":
            hypervisor.destroy_network(network.name)


def test_a_network_may_be_started_again(ground: Ground) -> None:
    ground.hypervisor.start_network(NETWORK)
    assert {view.name: view.active for view in ground.hypervisor.networks()}[NETWORK]
    with pytest.raises(HypervisorError):
        ground.hypervisor.start_network("ep-contract-nowhere")


def test_a_network_is_listed_with_its_stamp(ground: Ground) -> None:
    found = {view.name: view for view in ground.hypervisor.networks()}[NETWORK]
    assert found.stamp == _stamp(network="lan")
    assert found.active
    assert 0 < len(found.bridge) <= 15


def test_a_network_that_exists_cannot_be_made_again(ground: Ground) -> None:
    with pytest.raises(HypervisorError):
        ground.hypervisor.create_network(NetworkSpec(NETWORK, _stamp(network="lan")))
    assert NETWORK in {view.name for view in ground.hypervisor.networks()}


def test_removing_what_is_not_there_is_no_error(ground: Ground) -> None:
    ground.hypervisor.destroy("ep-contract-nobody")
    ground.hypervisor.destroy_network("ep-contract-nowhere")


@pytest.mark.parametrize(
    "ask",
    [
        lambda h: h.state("ep-contract-nobody"),
        lambda h: h.suspend("ep-contract-nobody"),
        lambda h: h.screenshot("ep-contract-nobody"),
        lambda h: h.open_console("ep-contract-nobody"),
        lambda h: h.set_link("ep-contract-nobody", MAC, up=False),
        lambda h: h.save("ep-contract-nobody", Path("/nowhere")),
    ],
)
def test_asking_about_a_missing_machine_names_it(ground: Ground, ask: Callable[[Hypervisor], object]) -> None:
    with pytest.raises(HypervisorError) as caught:
        ask(ground.hypervisor)
    assert "ep-contract-nobody" in str(caught.value)


def test_a_machine_is_listed_with_its_stamp_and_state(ground: Ground, machine: DomainSpec) -> None:
    found = {view.name: view for view in ground.hypervisor.domains()}[machine.name]
    assert (found.uuid, found.state, found.stamp) == (machine.uuid, DomainState.RUNNING, machine.stamp)
    assert len(ground.hypervisor.taps(NETWORK)) == 1
    assert ground.hypervisor.memory_resident(machine.name) > 16 << 20


def test_a_program_gets_its_input_and_gives_back_both_streams(ground: Ground, machine: DomainSpec) -> None:
    agent = ground.hypervisor.agent(machine.name)
    assert agent.run(["cat"], stdin=b"\x00abc\xff", timeout_s=20).stdout == b"\x00abc\xff"
    result = agent.run(["sh", "-c", r"printf 'out\377\n'; echo err >&2; exit 3"], timeout_s=20)
    assert (result.exit_code, result.stdout, result.stderr) == (3, b"out\xff\n", b"err\n")
    assert not result.timed_out
    assert not result.truncated


def test_a_program_is_ended_at_its_time_limit(ground: Ground, machine: DomainSpec) -> None:
    agent = ground.hypervisor.agent(machine.name)
    began = monotonic()
    result = agent.run(["sleep", "600"], timeout_s=1)
    assert result.timed_out
    assert result.exit_code is None
    assert monotonic() - began < 60  # ten minutes are not waited for
    assert agent.ping()


def test_the_clock_can_be_set(ground: Ground, machine: DomainSpec) -> None:
    ground.hypervisor.agent(machine.name).set_clock()


def test_the_screen_is_a_png(ground: Ground, machine: DomainSpec) -> None:
    assert ground.hypervisor.screenshot(machine.name).startswith(b"\x89PNG\r\n\x1a\n")


def test_the_console_shows_what_is_typed(ground: Ground, machine: DomainSpec) -> None:
    with Console(ground.hypervisor.open_console(machine.name)) as console:
        assert console.takes_scan_codes
        before = console.picture()
        assert before.size == console.size
        console.type_scan_codes([0x10, 0x12, 0x13] * 4)
        console.await_picture(lambda now: changed_width(before, now) > 40)
    with Console(ground.hypervisor.open_console(machine.name)) as again:
        assert changed_width(before, again.picture()) > 40, "a console opened later shows the same screen"


def test_a_paused_machine_has_a_console_and_one_that_is_off_has_none(ground: Ground, machine: DomainSpec) -> None:
    hypervisor = ground.hypervisor
    hypervisor.suspend(machine.name)
    with Console(hypervisor.open_console(machine.name)) as console:
        assert console.picture().size == console.size
    hypervisor.resume(machine.name)
    off = ground.overlay(ground.spec("off"))
    hypervisor.start(off)
    with Console(hypervisor.open_console(off.name)) as console:
        hypervisor.save(off.name, ground.place / "off.ram")
        console.await_end()
    with pytest.raises(HypervisorError):
        hypervisor.open_console(off.name)
    hypervisor.destroy(off.name)


def test_the_cable_can_be_pulled_and_plugged(ground: Ground, machine: DomainSpec) -> None:
    hypervisor = ground.hypervisor
    assert hypervisor.link_up(machine.name, MAC)
    hypervisor.set_link(machine.name, MAC, up=False)
    assert not hypervisor.link_up(machine.name, MAC)
    hypervisor.set_link(machine.name, MAC, up=True)
    assert hypervisor.link_up(machine.name, MAC)
    with pytest.raises(HypervisorError):
        hypervisor.set_link(machine.name, "52:54:00:ff:ff:ff", up=False)


def test_a_suspended_machine_does_not_answer_until_resumed(ground: Ground, machine: DomainSpec) -> None:
    hypervisor = ground.hypervisor
    agent = hypervisor.agent(machine.name)
    hypervisor.suspend(machine.name)
    hypervisor.suspend(machine.name)
    assert hypervisor.state(machine.name) is DomainState.PAUSED
    assert not agent.ping(0.5)
    with pytest.raises(ChannelError):
        agent.run(["true"], timeout_s=1)
    hypervisor.resume(machine.name)
    hypervisor.resume(machine.name)
    assert hypervisor.state(machine.name) is DomainState.RUNNING
    assert agent.ping(20)


def test_a_machine_can_be_there_and_off(ground: Ground) -> None:
    hypervisor, spec = ground.hypervisor, ground.overlay(ground.spec("off"))
    hypervisor.define(spec)
    assert hypervisor.state(spec.name) is DomainState.OFF
    hypervisor.power_on(spec.name)
    assert hypervisor.state(spec.name) is DomainState.RUNNING
    hypervisor.destroy(spec.name)


def test_the_witness_comes_and_goes(ground: Ground, machine: DomainSpec) -> None:
    with ground.hypervisor.witness(NETWORK, IPv4Interface("192.0.2.9/24"), bench="contract") as wire:
        assert wire.ping()
        assert wire.run(["true"], timeout_s=10).exit_code == 0
    with (
        pytest.raises(HypervisorError),
        ground.hypervisor.witness("ep-contract-nowhere", IPv4Interface("192.0.2.9/24"), bench="contract"),
    ):
        pytest.fail("there is no such network")


def test_a_checkpoint_is_taken_while_the_machine_goes_on_and_brings_it_back(
    ground: Ground, machine: DomainSpec
) -> None:
    hypervisor, spec = ground.hypervisor, machine
    ram, disk = ground.place / "point.ram", ground.place / "point.qcow2"
    hypervisor.suspend(spec.name)
    assert hypervisor.checkpoint(spec.name, ram, disk) == 0
    assert hypervisor.state(spec.name) is DomainState.PAUSED
    hypervisor.resume(spec.name)
    ram.unlink()
    disk.unlink()
    assert hypervisor.checkpoint(spec.name, ram, disk) < 60
    assert hypervisor.state(spec.name) is DomainState.RUNNING
    assert [path.stat().st_mode & 0o777 for path in (ram, disk)] == [0o600, 0o600]
    assert hypervisor.agent(spec.name).ping(60)
    hypervisor.settle(spec.name)  # there is nothing left to do

    before = disk.read_bytes()
    with pytest.raises(HypervisorError):
        hypervisor.checkpoint(spec.name, ground.place / "other.ram", disk)  # it would overwrite one that exists
    assert (disk.read_bytes(), hypervisor.state(spec.name)) == (before, DomainState.RUNNING)
    assert not (ground.place / "other.ram").exists()

    hypervisor.destroy(spec.name)
    disk.replace(spec.disk)
    with pytest.raises(HypervisorError):
        hypervisor.restore(spec, ground.place / "nothing.ram")
    hypervisor.restore(spec, ram)
    assert hypervisor.state(spec.name) is DomainState.RUNNING
    assert hypervisor.agent(spec.name).ping(60)


def test_saved_restored_and_cloned(ground: Ground, machine: DomainSpec) -> None:
    """A machine's life: save, restore in place, save again, a clone from that under another name; then it is back."""
    hypervisor, spec = ground.hypervisor, machine
    saved = ground.place / "model.save"

    hypervisor.save(spec.name, saved)
    assert hypervisor.state(spec.name) is DomainState.OFF
    assert saved.stat().st_mode & 0o777 == 0o600
    hypervisor.restore(spec, saved, paused=True)
    assert hypervisor.state(spec.name) is DomainState.PAUSED
    hypervisor.resume(spec.name)
    assert hypervisor.agent(spec.name).ping(60)
    hypervisor.suspend(spec.name)
    hypervisor.save(spec.name, saved)
    hypervisor.destroy(spec.name)
    before = saved.read_bytes()[:100_000]

    clone = ground.spec("clone")
    hypervisor.create_overlay(spec.disk, clone.disk)
    hypervisor.warm_clone(saved, clone)
    assert hypervisor.agent(clone.name).ping(60)
    found = {view.name: view for view in hypervisor.domains()}[clone.name]
    assert (found.uuid, found.stamp) == (clone.uuid, clone.stamp)
    assert saved.read_bytes()[:100_000] == before, "the golden's image must not change"

    wrong = dataclasses.replace(ground.spec("wrong"), memory_mib=512)
    hypervisor.create_overlay(spec.disk, wrong.disk)
    with pytest.raises(WarmCloneImpossible):
        hypervisor.warm_clone(saved, wrong)
    (ground.place / "nonsense.save").write_bytes(b"nonsense" * 100)
    with pytest.raises(WarmCloneImpossible):
        hypervisor.warm_clone(ground.place / "nonsense.save", wrong)
    assert wrong.name not in {view.name for view in hypervisor.domains()}

    hypervisor.destroy(clone.name)
    assert clone.name not in {view.name for view in hypervisor.domains()}
    hypervisor.warm_clone(saved, spec)
    assert hypervisor.agent(spec.name).ping(60)


def test_a_machine_on_a_missing_network_leaves_nothing(ground: Ground) -> None:
    lost = dataclasses.replace(ground.spec("lost"), nics=(NicSpec("eth0", "ep-contract-nowhere", MAC),))
    ground.overlay(lost)
    with pytest.raises(HypervisorError):
        ground.hypervisor.start(lost)
    assert lost.name not in {view.name for view in ground.hypervisor.domains()}


def test_an_overlay_that_cannot_be_made_leaves_nothing(ground: Ground) -> None:
    target = ground.place / "no-such-directory" / "x.qcow2"
    with pytest.raises(HypervisorError):
        ground.hypervisor.create_overlay(ground.backing, target)
    assert not target.exists()
