"""Benches on real machines: cloned warm, isolated, reset, frozen, robust against what breaks, gone without trace."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Interface
from pathlib import Path

import pytest

from checkers.channel import Agent, ChannelError
from labs.text import Text
from orchestrator.bench import (
    Bench,
    CapacityError,
    create_bench,
    destroy_bench,
    destroy_orphans,
    list_benches,
    reset_machine,
)
from orchestrator.bench_start import domain_spec
from orchestrator.golden import Golden
from orchestrator.hypervisor.errors import HypervisorError, WarmCloneImpossible
from orchestrator.hypervisor.port import DomainSpec, DomainState
from orchestrator.hypervisor.process import bounded_run
from orchestrator.hypervisor.wire import PREFIX, remove_stale_wires
from tests.vm.ground import SESSION_PREFIX, VmGround

pytestmark = pytest.mark.vm

SESSION = f"{SESSION_PREFIX}-clone"
_ADDRESSES = "ip -br -4 address show"


def _make(ground: VmGround, name: str, golden: Golden | None = None, **more: object) -> Bench:
    return create_bench(
        golden or ground.golden,
        hypervisor=ground.hypervisor,
        store=ground.settings.benches_dir,
        session=SESSION,
        name=name,
        candidate="Un Candidat",
        **more,  # type: ignore[arg-type]
    )


def _destroy(ground: VmGround, name: str) -> None:
    destroy_bench(ground.hypervisor, ground.settings.benches_dir, SESSION, name)


def _left(ground: VmGround, name: str) -> list[str]:
    """All that exists of a bench: machines, networks, files, network namespaces."""
    views = [(v.name, v.stamp) for v in ground.hypervisor.domains()]
    views += [(v.name, v.stamp) for v in ground.hypervisor.networks()]
    left = [found for found, stamp in views if (stamp.session, stamp.bench) == (SESSION, name)]
    place = ground.settings.benches_dir / SESSION / name
    left += [str(path) for path in (place, *place.rglob("*")) if place.exists()]
    namespaces = Path("/run/netns")
    left += [n.name for n in (namespaces.iterdir() if namespaces.exists() else ()) if f"{SESSION}-{name}" in n.name]
    return left


def _only_client(golden: Golden) -> Golden:
    """The same golden with one machine: enough for what needs no others."""
    return golden.model_copy(update={"machines": {"client": golden.machines["client"]}})


@pytest.fixture(scope="module")
def bench(ground: VmGround) -> Iterator[Bench]:
    """A whole bench, for the tests that leave it as it was."""
    made = _make(ground, "whole")
    yield made
    _destroy(ground, "whole")
    assert _left(ground, "whole") == []


def _output(agent: Agent, script: str) -> str:
    result = agent.run(["sh", "-c", script], timeout_s=30)
    assert result.exit_code == 0, result
    return result.stdout.decode()


def test_every_machine_is_a_warm_clone_with_the_right_time(ground: VmGround, bench: Bench) -> None:
    started = {machine.name: (machine.start, machine.reason) for machine in bench.machines.values()}
    assert started == dict.fromkeys(ground.golden.machines, ("warm", None))
    for agent in bench.agents(ground.hypervisor).values():
        assert abs(float(_output(agent, "date +%s.%N")) - time.time()) < 5


def test_clones_run_on_their_own_disks(ground: VmGround, bench: Bench) -> None:
    golden = ground.golden
    files = [golden.path(name) for machine in golden.machines.values() for name in (machine.disk, machine.saved)]
    before = [(file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    for agent in bench.agents(ground.hypervisor).values():
        _output(agent, "dd if=/dev/urandom of=/root/mark bs=1M count=4 2>/dev/null; sync")
    assert [(file.stat().st_mtime_ns, file.stat().st_size) for file in files] == before


def test_two_benches_have_the_same_addresses_and_do_not_meet(ground: VmGround, bench: Bench) -> None:
    other = _make(ground, "other", _only_client(ground.golden))
    try:
        agents = bench.agents(ground.hypervisor), other.agents(ground.hypervisor)
        first, second = (_output(each["client"], _ADDRESSES).split() for each in agents)
        assert first == second
        with ground.hypervisor.witness(
            other.networks["lan"], IPv4Interface("192.168.50.250/24"), bench=other.label
        ) as wire:
            # The server of the first bench has this address; on the second's wire nobody has.
            asked = wire.run(["bash", "-c", "echo > /dev/tcp/192.168.50.10/445"], timeout_s=6)
            assert asked.exit_code != 0
    finally:
        _destroy(ground, "other")
    assert _left(ground, "other") == []


def test_the_witness_meets_the_bench_and_nobody_else(ground: VmGround, bench: Bench) -> None:
    with ground.hypervisor.witness(
        bench.networks["lan"], IPv4Interface("192.168.50.250/24"), bench=bench.label
    ) as wire:
        reached = wire.run(["bash", "-c", "echo > /dev/tcp/192.168.50.10/445"], timeout_s=20)
        assert reached.exit_code == 0, reached
        routes = wire.run(["ip", "route"], timeout_s=5).stdout.decode()
        assert [line for line in routes.splitlines() if not line.startswith("192.168.50.0/24 dev eth0")] == []
        assert wire.run(["sleep", "60"], timeout_s=0.3).timed_out
    assert _left_wires(bench.label) == []


def _left_wires(label: str) -> list[str]:
    return [entry.name for entry in Path("/run/netns").iterdir() if entry.name.startswith(f"{PREFIX}{label}")]


def test_the_witness_of_a_killed_run_is_removed_by_the_next(bench: Bench) -> None:
    stale = f"{PREFIX}{bench.label}-999999999.1-0"
    subprocess.run(["ip", "netns", "add", stale], check=True)
    assert stale in remove_stale_wires()
    assert _left_wires(bench.label) == []


def test_the_witness_is_removed_when_the_block_fails(ground: VmGround, bench: Bench) -> None:
    class BangError(Exception):
        pass

    address = IPv4Interface("192.168.50.250/24")

    def fail() -> None:
        with ground.hypervisor.witness(bench.networks["lan"], address, bench=bench.label) as wire:
            wire.run(["sh", "-c", "setsid sleep 300 >/dev/null 2>&1 &"], timeout_s=5)
            raise BangError

    with pytest.raises(BangError):
        fail()
    assert _left_wires(bench.label) == []


def test_one_machine_is_reset_and_the_others_go_on(ground: VmGround, bench: Bench) -> None:
    agents = bench.agents(ground.hypervisor)
    for name in ("client", "server"):
        _output(agents[name], "touch /root/work /run/work")
    after = reset_machine(bench, "client", ground.golden, hypervisor=ground.hypervisor)
    assert after.machines["client"].start == "warm"
    assert _output(agents["client"], "ls /root/work /run/work 2>/dev/null || true") == ""
    assert _output(agents["server"], "ls /root/work /run/work").split() == ["/root/work", "/run/work"]


def test_a_bench_is_frozen_and_goes_on_where_it_was(ground: VmGround, bench: Bench, tmp_path: Path) -> None:
    hypervisor, domain = ground.hypervisor, bench.machines["client"].domain
    agent = hypervisor.agent(domain)
    _output(agent, "echo here >/run/work")
    frozen = bench.dir / "client.frozen"
    hypervisor.suspend(domain)
    hypervisor.save(domain, frozen)
    assert hypervisor.state(domain) is DomainState.OFF
    assert frozen.stat().st_mode & 0o777 == 0o600
    hypervisor.restore(
        domain_spec(ground.golden, "client", session=bench.session, bench=bench.name, store=bench.store), frozen
    )
    frozen.unlink()
    assert agent.ping(30)
    assert _output(agent, "cat /run/work") == "here\n"


@pytest.mark.parametrize("script", ["systemctl stop --no-block qemu-guest-agent", "kill -STOP $PPID"])
def test_an_agent_that_is_gone_or_hangs_is_a_fault_of_the_channel_in_time(ground: VmGround, script: str) -> None:
    bench = _make(ground, "mute", _only_client(ground.golden))
    try:
        agent = bench.agents(ground.hypervisor)["client"]
        with suppress(ChannelError):  # it may answer before it dies
            agent.run(["sh", "-c", f"{script}; sleep 20"], timeout_s=4)
        began = time.monotonic()
        assert agent.ping(2) is False
        with pytest.raises(ChannelError):
            agent.run(["true"], timeout_s=3)
        assert time.monotonic() - began < 20
    finally:
        _destroy(ground, "mute")
    assert _left(ground, "mute") == []


def test_an_output_too_long_for_the_channel_is_a_fault_of_the_channel(ground: VmGround, bench: Bench) -> None:
    agent = bench.agents(ground.hypervisor)["client"]
    with pytest.raises(ChannelError):
        agent.run(["sh", "-c", "head -c 5000000 /dev/zero"], timeout_s=60)
    assert agent.ping(20)
    result = agent.run(["sh", "-c", "head -c 2000000 /dev/zero"], timeout_s=60)
    assert len(result.stdout) == 2_000_000


@pytest.fixture
def small_disk(ground: VmGround) -> Iterator[Path]:
    """A store for benches on a file system of one MiB."""
    place = ground.settings.data_dir / "test-full-disk"
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(place)], check=True)
    yield place
    subprocess.run(["umount", str(place)], check=True)
    place.rmdir()


def test_a_full_disk_is_said_before_anything_is_made(ground: VmGround, small_disk: Path) -> None:
    with pytest.raises(CapacityError):
        create_bench(
            ground.golden, hypervisor=ground.hypervisor, store=small_disk, session=SESSION, name="full", candidate=""
        )
    assert list(small_disk.iterdir()) == []


def test_a_disk_that_fills_up_meanwhile_leaves_nothing(
    ground: VmGround, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.bench.require_room", lambda *_args: None)
    with pytest.raises((HypervisorError, OSError)):
        create_bench(
            ground.golden, hypervisor=ground.hypervisor, store=small_disk, session=SESSION, name="full", candidate=""
        )
    assert list(small_disk.iterdir()) == []
    assert _left(ground, "full") == []


def test_a_warm_clone_that_is_impossible_is_booted_cold_and_says_why(
    ground: VmGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_saved: Path, spec: DomainSpec) -> None:
        raise WarmCloneImpossible(Text("format inconnu", "unknown format"), where=spec.name)

    monkeypatch.setattr(ground.hypervisor, "warm_clone", refuse)
    golden = ground.golden
    smallest = min(golden.machines.values(), key=lambda machine: machine.memory_mib)
    one = golden.model_copy(update={"machines": {smallest.name: smallest}})
    try:
        bench = _make(ground, "cold", one)
        machine = bench.machines[smallest.name]
        assert (machine.start, machine.reason) == ("cold", Text("format inconnu", "unknown format"))
        assert bench.agents(ground.hypervisor)[smallest.name].ping()
    finally:
        _destroy(ground, "cold")
    assert _left(ground, "cold") == []


_KILLED = """
import os, sys
from tests.vm.ground import open_lab, LAB
from orchestrator.golden import load_golden
from orchestrator.hypervisor import connect
from orchestrator.settings import load_settings
from orchestrator.bench import create_bench
from pathlib import Path

def die(machine, agent):
    os.kill(os.getpid(), 9)

settings = load_settings()
with connect(settings) as hypervisor:
    golden = load_golden(Path(sys.argv[1]))
    create_bench(golden, hypervisor=hypervisor, store=settings.benches_dir, session=sys.argv[2], name="killed",
                 candidate="", personalise=die)
"""


def test_what_a_killed_maker_leaves_is_removed(ground: VmGround) -> None:
    root = Path(__file__).parent.parent.parent
    maker = bounded_run(
        ["env", f"PYTHONPATH={root}", sys.executable, "-c", _KILLED, str(ground.golden.dir), SESSION], timeout_s=120
    )
    assert maker.exit_code is None, maker  # it killed itself
    assert _left(ground, "killed") != []
    found = {bench.name: bench.state for bench in list_benches(ground.hypervisor, ground.settings.benches_dir)}
    assert found["killed"] == "creating"
    assert f"{SESSION}-killed" in destroy_orphans(ground.hypervisor, ground.settings.benches_dir)
    assert _left(ground, "killed") == []
