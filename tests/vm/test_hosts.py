"""A bench changes hosts with its memory: two private libvirtd, each in a namespace of its own, share the data."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checkers.facts import Observation
from orchestrator import daemon
from orchestrator.engine.desk import Desk
from orchestrator.engine.loop import Engine
from orchestrator.engine.opening import Enrolment, open_session
from orchestrator.engine.work import Ground
from orchestrator.exam import Phase, Sitting
from orchestrator.exam import commands as order
from orchestrator.hypervisor import connect
from orchestrator.hypervisor.hosts import Hosts
from orchestrator.hypervisor.port import DomainState, Hypervisor
from orchestrator.settings import Settings
from orchestrator.store import open_store
from orchestrator.store.exams import StoredCandidate
from tests.vm.ground import SESSION_PREFIX, VmGround, ours

pytestmark = pytest.mark.vm

SLUG = f"{SESSION_PREFIX}-hosts"
WHO = {"who": "test", "why": "essai"}
LIMIT_S = 1800.0
"""For each thing that is awaited: on a host with ten times too much to do, emulated machines take that long."""


@pytest.fixture
def settings(ground: VmGround, data: Path) -> Settings:
    accelerator = ground.hypervisor.info().accelerator or "tcg"
    return ground.settings.model_copy(update={"data_dir": data, "accelerator": accelerator, "libvirt_uri": None})


@pytest.fixture
def second(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hypervisor]:
    """Another host, as far as one host can be two."""
    if Path("/run/systemd/system").exists():
        pytest.skip("this host has systemd: libvirt's own daemon is used")
    monkeypatch.setattr(daemon, "NAMESPACE", "epreuve-second")
    monkeypatch.setattr(daemon, "RUN", Path("/run/epreuve-second"))
    with connect(settings) as hypervisor:
        yield hypervisor
        for view in ours(hypervisor, settings.benches_dir):
            kill = hypervisor.destroy_network if view.stamp.network else hypervisor.destroy
            kill(view.name)


def test_a_bench_moves_with_its_memory_and_is_frozen_on_the_other_host(
    ground: VmGround, settings: Settings, second: Hypervisor
) -> None:
    hosts = Hosts.of({"nord": ground.hypervisor, "sud": second})
    assert second.info().uri != ground.hypervisor.info().uri
    with open_store(settings.database) as store:
        desk = Desk(store)
        engine = Engine(Ground(hosts, settings), desk)

        def until(done: Callable[[Sitting], bool]) -> None:
            deadline = time.monotonic() + LIMIT_S
            while not done(sitting := desk.open(SLUG).exam.candidates["c01"]):
                assert time.monotonic() < deadline, sitting
                hosts.wait(engine.run_pass())

        def states(hypervisor: Hypervisor) -> set[DomainState]:
            return {view.state for view in ours(hypervisor, settings.benches_dir) if hasattr(view, "state")}

        phases = (Phase(kind="practical", title="essai", minutes=60, machines=tuple(ground.lab.lab.machines)),)
        person = StoredCandidate(id="c01", surname="X", first_name="Y", number="1")
        open_session(desk, SLUG, ground.lab, [Enrolment(person)], format_id="essai", phases=phases, who="test")
        try:
            desk.do(SLUG, order.Move(candidate="c01", host="nord", **WHO), order.Prepare(who="test"))
            until(lambda sitting: sitting.state == "ready")
            desk.do(SLUG, order.Start(who="test"))
            until(lambda _: states(ground.hypervisor) == {DomainState.RUNNING} and not engine.busy())
            client = f"ep-{SLUG}-c01-client"
            begin = "echo before > /run/memory; setsid sleep 4321 >/dev/null 2>&1 & echo $!"
            pid = _sh(ground.hypervisor, client, begin)
            born = _sh(ground.hypervisor, client, f"cut -d' ' -f22 /proc/{pid}/stat")

            desk.do(SLUG, order.Pause(candidate="c01", **WHO), order.Move(candidate="c01", host="sud", **WHO))
            until(lambda sitting: sitting.home == "sud")
            assert ours(ground.hypervisor, settings.benches_dir) == []
            assert states(second) == {DomainState.PAUSED}
            assert not (settings.benches_dir / SLUG / "c01" / "move").exists()

            desk.do(SLUG, order.Resume(candidate="c01", who="test"))
            until(lambda _: states(second) == {DomainState.RUNNING} and not engine.busy())
            assert _sh(second, client, f"cat /run/memory; cut -d' ' -f22 /proc/{pid}/stat") == f"before\n{born}"

            desk.do(SLUG, order.Freeze(**WHO))
            until(lambda sitting: sitting.state == "frozen")
            stored = settings.benches_dir / SLUG / "c01" / "frozen" / "observation.json"
            facts = Observation.model_validate_json(stored.read_bytes()).facts
            for at in ("client", "server", "ap", "wire:lan"):
                assert "seen" in {fact.status for fact in facts if fact.at == at}, at
            until(lambda _: ours(second, settings.benches_dir) == [])
        finally:
            engine.end(say=False)


def _sh(hypervisor: Hypervisor, domain: str, command: str) -> str:
    result = hypervisor.agent(domain).run(["/bin/sh", "-c", command], timeout_s=60)
    assert result.exit_code == 0, result
    return result.stdout.decode().strip()
