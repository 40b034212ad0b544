"""A copy of a frozen bench: made on order, one at a time, removed in time, and the evidence is never written to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from labs.text import Text
from orchestrator.engine.copies import IDLE
from orchestrator.exam import Refused, commands, events
from orchestrator.hypervisor.errors import HypervisorError
from orchestrator.hypervisor.port import DomainSpec, DomainState
from orchestrator.store.examtime import ManualClock
from tests.unit.engine.crash import Image, Recorder, WatchedHypervisor
from tests.unit.engine.world import NINE, SLUG, World

RUNNING = {DomainState.RUNNING}
JURY = {"candidate": "c01", "who": "durand"}


@pytest.fixture
def frozen(world: World) -> World:
    freeze(world)
    return world


def freeze(world: World) -> None:
    """Two candidates, frozen; c01 has worked."""
    world.started(c01=0, c02=0)
    world.work("before the bell")
    world.do(commands.Freeze(who="dupont", why="fin"))
    world.passes()
    assert world.states() == set()


def evidence(world: World, candidate: str = "c01") -> dict[str, str]:
    """The hash of every file of a frozen bench but the copy's."""
    folder = world.folder(candidate)
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and "copy" not in path.relative_to(folder).parts
    }


def opened(world: World) -> Path:
    world.do(commands.OpenCopy(**JURY))
    world.passes()
    assert world.states() == RUNNING
    return world.folder() / "copy"


def closed(world: World) -> None:
    """Nothing is left of a copy."""
    assert world.sitting().frozen_copy is None
    assert world.states() == set()
    assert world.networks() == set()
    assert not (world.folder() / "copy").exists()


def cause(world: World) -> str:
    return [event.cause for event in world.history() if isinstance(event, events.CopyClosed)][-1]


def test_a_copy_runs_on_overlays_and_leaves_the_evidence_as_it_was(frozen: World) -> None:
    before = evidence(frozen)
    place = opened(frozen)
    disk = json.loads((place / "server.qcow2").read_text())
    assert disk["backing"] == str(frozen.folder() / "server.qcow2")
    (place / "server.qcow2").write_text(json.dumps({**disk, "work": ["the jury's"]}))
    assert frozen.worked() == ["before the bell"]
    frozen.do(commands.CloseCopy(**JURY))
    frozen.passes()
    closed(frozen)
    assert evidence(frozen) == before
    told = [(event.kind, event.who) for event in frozen.history() if event.kind.startswith("copy")]
    assert told == [("copy-asked", "durand"), ("copy-opened", "epreuve"), ("copy-closed", "durand")]
    frozen.sound()


def test_what_the_machines_write_to_their_console_goes_into_the_copy(frozen: World) -> None:
    place = opened(frozen)
    machine = frozen.hypervisor._machines[frozen.domain("server")]
    assert machine.spec.serial_log.parent == place


def test_there_is_one_copy_of_a_bench_and_others_have_their_own(frozen: World) -> None:
    opened(frozen)
    with pytest.raises(Refused):
        frozen.do(commands.OpenCopy(**JURY))
    frozen.do(commands.OpenCopy(candidate="c02", who="durand"))
    frozen.passes()
    assert frozen.states("c02") == RUNNING
    frozen.do(commands.CloseCopy(**JURY))
    frozen.passes()
    closed_names = {view.stamp.bench for view in frozen.hypervisor.domains()}
    assert closed_names == {"c02"}


def test_a_copy_that_nobody_uses_is_removed(frozen: World) -> None:
    opened(frozen)
    frozen.advance(IDLE.total_seconds() / 60 - 1)
    frozen.passes()
    assert frozen.states() == RUNNING
    frozen.do(commands.UseCopy(machine="server", **JURY))
    frozen.advance(2)
    frozen.passes()
    assert frozen.states() == RUNNING
    frozen.advance(IDLE.total_seconds() / 60)
    frozen.passes()
    closed(frozen)
    assert cause(frozen) == "idle"


def test_no_copy_outlives_its_session(frozen: World) -> None:
    before = evidence(frozen)
    opened(frozen)
    frozen.do(commands.Close(who="dupont"))
    frozen.passes()
    closed(frozen)
    assert cause(frozen) == "session-closed"
    kept = evidence(frozen)
    assert kept == {name: before[name] for name in kept}
    assert "frozen/server.ram" in kept


def test_a_copy_whose_machines_are_lost_is_given_up_and_can_be_opened_again(frozen: World) -> None:
    opened(frozen)
    frozen.hypervisor.lose(frozen.domain("server"))
    frozen.passes()
    closed(frozen)
    assert cause(frozen) == "lost"
    opened(frozen)


def test_a_machine_that_the_jury_powers_off_stays_off(frozen: World) -> None:
    opened(frozen)
    frozen.hypervisor.shutdown(frozen.domain("client"), timeout_s=1)
    frozen.passes()
    assert frozen.states() == {DomainState.RUNNING, DomainState.OFF}


def test_a_machine_that_was_off_at_the_bell_is_off_in_the_copy(world: World) -> None:
    world.started(c01=0)
    world.hypervisor.shutdown(world.domain("client"), timeout_s=1)
    world.do(commands.Freeze(who="dupont", why="fin"))
    world.engine.run_pass()
    world.passes()
    opened(world)
    assert set(world.actual().machines) == {"server"}


def test_what_does_not_fit_is_refused_with_figures_and_asked_for_again(frozen: World) -> None:
    frozen.hypervisor.memory_mib = 1024
    frozen.do(commands.OpenCopy(**JURY))
    frozen.passes()
    closed(frozen)
    failure = frozen.sitting().copy_failure
    assert failure is not None
    assert "Mio" in failure.fr
    frozen.hypervisor.memory_mib = 65536
    opened(frozen)
    assert frozen.sitting().copy_failure is None


def test_a_machine_that_does_not_wake_leaves_nothing(frozen: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = evidence(frozen)
    real = frozen.hypervisor.restore

    def restore(spec: DomainSpec, path: Path, *, paused: bool = False) -> None:
        if spec.stamp.machine == "server":
            raise HypervisorError(Text("Mémoire non reprise.", "Memory not restored."))
        real(spec, path, paused=paused)

    monkeypatch.setattr(frozen.hypervisor, "restore", restore)
    frozen.do(commands.OpenCopy(**JURY))
    frozen.passes()
    closed(frozen)
    assert frozen.kinds("c01")[-1] == "copy-failed"
    assert evidence(frozen) == before


def test_a_corrected_lab_does_not_keep_the_jury_from_looking(frozen: World) -> None:
    lab = frozen.lab / "lab.yml"
    lab.write_text(lab.read_text().replace("name: desk", "name: office"))
    frozen.begin()
    opened(frozen)


# --- killed anywhere
@dataclass
class Played:
    """What the service did from the order to the copy and back, and what there was before each operation."""

    images: dict[int, Image] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)


@pytest.fixture
def played(tmp_path: Path) -> tuple[Played, Path]:
    clock = ManualClock(NINE)
    world = World(tmp_path, hypervisor=lambda file: WatchedHypervisor(state=file), clock=clock)
    freeze(world)
    made = Played()
    recorder = Recorder(tmp_path / "data", world.elapsed, range(10_000))
    assert isinstance(world.hypervisor, WatchedHypervisor)
    world.hypervisor.recorder = recorder
    with recorder.watching(world.store):
        for order in (commands.OpenCopy(**JURY), commands.CloseCopy(**JURY)):
            world.do(order)
            with recorder.recording():
                world.passes()
            made.counts.append(len(recorder.names))
    closed(world)
    world.close()
    made.images = recorder.images
    return made, tmp_path


def test_wherever_the_service_dies_the_next_one_opens_or_removes_the_copy(played: tuple[Played, Path]) -> None:
    made, root = played
    assert len(made.images) == made.counts[-1] > 20
    hashes: set[tuple[tuple[str, str], ...]] = set()
    for number, image in made.images.items():
        image.put_back(root / "data")
        clock = ManualClock(NINE + timedelta(minutes=1))
        world = World(root, hypervisor=lambda file: WatchedHypervisor(state=file), clock=clock)
        try:
            world.passes()
            if number < made.counts[0]:
                assert world.states() == RUNNING, image.operation
                assert world.kinds("c01").count("copy-opened") == 1
                world.do(commands.CloseCopy(**JURY))
                world.passes()
            closed(world)
            world.sound()
            assert {"copy-failed", "bench-failed"} & set(world.kinds()) == set()
            hashes.add(tuple(sorted(evidence(world).items())))
        finally:
            world.close()
    assert len(hashes) == 1, "the evidence is the same after each death"


def test_a_copy_wanted_by_nobody_is_removed_by_a_service_that_knows_nothing_of_it(frozen: World) -> None:
    opened(frozen)
    frozen.do(commands.CloseCopy(**JURY))
    frozen.begin()
    frozen.passes()
    closed(frozen)
    assert SLUG in {one.exam.slug for one in frozen.desk.sessions()}
