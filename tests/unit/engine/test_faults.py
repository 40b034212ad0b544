"""The service killed at hundreds of points of a whole session: nobody is lost, no deadline missed, nothing left over.

One undisturbed session is played, scene by scene, and before each operation (see ``crash``) its data directory is kept.
From each of these another service goes on. At the end of the scene everything that outlives a service must be as in the
undisturbed session, to the second and to the file; what comes after follows from that, and is played to the end from a
sample, and with a service that was away for minutes, where nothing can be the same but the promises.
"""

from __future__ import annotations

import os
import random
from bisect import bisect_right
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from orchestrator.exam import Sitting, commands, events
from orchestrator.hypervisor.port import DomainState
from orchestrator.store import benches
from orchestrator.store.examtime import ManualClock
from tests.unit.engine.crash import Image, Recorder, WatchedHypervisor
from tests.unit.engine.world import NINE, SLUG, WHO, World

DEATHS = 500
SECOND_DEATHS = 20
TO_THE_END = 12
OUTAGE = timedelta(minutes=7)
LASTING = (".qcow2", ".live", ".ram", "point.json", "banked.json")
"""Files whose content does not depend on the moment."""


def _write(minute: int) -> Callable[[World], None]:
    def do(world: World) -> None:
        for candidate in world.exam.candidates:
            if (world.folder(candidate) / "server.qcow2").exists():
                for machine in ("server", "client"):
                    world.work(f"minute {minute}", candidate, machine)

    return do


def _order(*orders: commands.Command) -> Callable[[World], None]:
    def do(world: World) -> None:
        world.do(*orders)

    return do


SCRIPT: tuple[tuple[float, Callable[[World], None]], ...] = (
    (0, _order(commands.Prepare(who="dupont"))),
    (1, _order(commands.MarkAbsent(candidate="c04", who="dupont"))),
    (2, _order(commands.Start(who="dupont"))),
    (4, _write(4)),
    (5, _order(commands.Pause(candidate="c02", **WHO))),
    (12, _order(commands.Resume(candidate="c02", who="dupont"))),
    (18, _write(18)),
    (19, lambda _world: None),  # the first checkpoints
    (20, _order(commands.AskReset(candidate="c03", machine="server", **WHO))),
    (24, _order(commands.AskReset(candidate="c03", machine="server", to="a1", **WHO))),
    (35, lambda _world: None),  # the second ones
    (36, _write(36)),
    (40, _order(commands.FinishEarly(candidate="c03", who="dupont"))),
    (62, lambda _world: None),  # c01's bell
    (89, lambda _world: None),  # c02's: a third more, and seven minutes of pause
    (110, _order(commands.Close(who="dupont"))),
)


def lasting(world: World) -> dict[str, Any]:
    """Everything that outlives a service and does not depend on the host's clock."""
    told: dict[str | None, list[dict[str, Any]]] = {}
    for event in world.history():
        if not isinstance(event, events.ServiceStarted):
            told.setdefault(event.candidate, []).append(event.model_dump(exclude={"observation"}))
    # When the last event was is in the journal, where that another service has started is passed over.
    document = world.exam.model_dump(exclude={"updated_at": True, "candidates": {"__all__": {"observation"}}})
    with world.store.read() as tx:
        books = [
            (one.candidate, one.folder, one.kind, one.machines, one.taken_at, one.removed_at is None)
            for one in benches.checkpoints(tx, SLUG, with_removed=True)
        ]
        failures = [(one.candidate, one.first_error, one.last_error) for one in benches.benches(tx, SLUG)]
    return {
        "journal": told,
        "exam": document,
        "observed": {name: one.observation is not None for name, one in world.exam.candidates.items()},
        "points": books,
        "failures": failures,
        "machines": {view.name: view.state for view in world.hypervisor.domains()},
        "networks": world.networks(),
        "files": {name for name in world.files() if document["state"] == "closed" or not _half_made(name)},
        "content": {
            path.relative_to(world.settings.data_dir): path.read_text()
            for path in world.settings.benches_dir.rglob("*")
            if path.name.endswith(LASTING) and ".partial-" not in str(path)
        },
    }


def _half_made(name: str) -> bool:
    """A file of a bench that was being written: it is removed when the bench is put away, at the latest."""
    parts = name.split("/")
    return parts[0] == "benches" and any(part.endswith(".tmp") or part.startswith(".partial-") for part in parts)


def everybody_does_as_their_clock_says(world: World) -> None:
    for sitting in world.exam.candidates.values():
        states = world.states(sitting.id)
        match sitting.state:
            case "running":
                assert states == {DomainState.RUNNING}
                assert not sitting.clock.is_due(world.desk.open(SLUG).now)
            case "paused" | "ready":
                assert states == {DomainState.PAUSED}
            case "frozen":
                assert states == set()
            case state:
                assert state == "absent"


def ended_well(world: World) -> None:
    """What must hold wherever the service was killed, and however long it was away."""
    world.sound()
    history = world.history()
    for candidate in ("c01", "c02", "c03"):
        sitting = world.sitting(candidate)
        assert sitting.state == "frozen"
        assert sitting.observation is not None
        kinds = [event.kind for event in history if event.candidate == candidate]
        assert kinds.count("bench-frozen") == 1
        assert not {"bench-failed", "checkpoint-failed", "bench-restored"} & set(kinds)
        for machine in ("client", "server"):
            assert world.worked(candidate, machine) == ["minute 4", "minute 18", "minute 36"]
    bells = {event.candidate: event for event in history if isinstance(event, events.BellRung)}
    assert set(bells) == {"c01", "c02"}
    for candidate, bell in bells.items():
        clock = world.sitting(candidate).clock
        late = timedelta(seconds=bell.late_s)
        assert bell.due_at == clock.deadline()
        assert clock.worked(bell.at) == timedelta(seconds=clock.allotted_s) + late
    assert world.hypervisor.domains() == []
    assert world.hypervisor.networks() == []
    with world.store.read() as tx:
        assert benches.checkpoints(tx, SLUG) == []


@dataclass
class Theatre:
    """Where sessions are played, one after the other, in the same place: what is stored names its files.

    ends: what there was at the end of each scene of the undisturbed session; counts: operations before each.
    """

    root: Path
    images: dict[int, Image] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)
    ends: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def world(self, image: Image | None = None, away: timedelta = timedelta()) -> Iterator[World]:
        clock = ManualClock(NINE)
        if image is not None:
            image.put_back(self.root / "data")
            clock.advance(image.at + away)
        world = World(self.root, hypervisor=lambda file: WatchedHypervisor(state=file), clock=clock)
        try:
            yield world
        finally:
            world.close()

    @contextmanager
    def recorded(self, world: World, wanted: Container[int]) -> Iterator[Recorder]:
        recorder = Recorder(self.root / "data", world.elapsed, wanted)
        assert isinstance(world.hypervisor, WatchedHypervisor)
        world.hypervisor.recorder = recorder
        with recorder.watching(world.store):
            yield recorder

    def undisturbed(self) -> None:
        with self.world() as world:
            world.create(c01=0, c02="tiers", c03=0, c04=0)
            world.engine.ground.golden(world.desk.open(SLUG))  # “session prepare” has it made before the service begins
            with self.recorded(world, range(10_000)) as recorder:
                for minute, order in SCRIPT:
                    _wait_until(world, minute)
                    order(world)
                    self.counts.append(len(recorder.names))
                    with recorder.recording():
                        world.passes()
                    everybody_does_as_their_clock_says(world)
                    self.ends.append(lasting(world))
            self.images = recorder.images
            ended_well(world)

    def scene_of(self, number: int) -> int:
        """In which scene an operation is."""
        return bisect_right(self.counts, number) - 1

    def scene_again(self, image: Image, scene: int, wanted: Container[int] = ()) -> Recorder:
        """Another service ends the scene in which the first one died, as that would have done."""
        with self.world(image) as world:
            with self.recorded(world, wanted) as recorder, recorder.recording():
                world.passes()
            found, expected = lasting(world), self.ends[scene]
            assert found["files"] ^ expected["files"] == set()
            assert found == expected
            world.chained()
        return recorder

    def to_the_end(self, image: Image, scene: int, away: timedelta) -> None:
        """Another service goes on until the session is closed."""
        with self.world(image, away) as world:
            world.passes()
            everybody_does_as_their_clock_says(world)
            for minute, order in SCRIPT[scene + 1 :]:
                _ring_until(world, minute)
                order(world)
                world.passes()
                everybody_does_as_their_clock_says(world)
            ended_well(world)
            assert world.files() == self.ends[-1]["files"]
            for event in world.history():
                if isinstance(event, events.BellRung):
                    was_away = image.at <= event.due_at - NINE <= image.at + away
                    assert event.late_s <= (away.total_seconds() if was_away else 0)


def _wait_until(world: World, minute: float) -> None:
    if (wait := timedelta(minutes=minute) - world.elapsed()) > timedelta():
        world.clock.advance(wait)


def _ring_until(world: World, minute: float) -> None:
    """The service looks at every deadline on the way, as the one that runs sleeps no longer."""
    until = NINE + timedelta(minutes=minute)
    while bells := [bell for one in world.exam.candidates.values() if (bell := _bell(one)) and bell <= until]:
        _wait_until(world, (min(bells) - NINE).total_seconds() / 60)
        world.passes()
    _wait_until(world, minute)


def _bell(sitting: Sitting) -> datetime | None:
    return sitting.clock.deadline() if sitting.state == "running" else None


def _from(image: Image, play: Callable[..., object], *args: object) -> None:
    try:
        play(image, *args)
    except Exception as error:
        error.add_note(f"killed before “{image.operation}” at minute {image.at.total_seconds() / 60:g}")
        raise


class Chosen:
    """About one operation of a scene, by chance."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def __contains__(self, number: object) -> bool:
        return self._chance.random() < 0.04


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory, quick: None) -> Iterator[Theatre]:
    memory = Path("/dev/shm")  # twice as fast: a few files are written and removed some hundred thousand times
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path_factory.mktemp("faults")) as root:
        made = Theatre(Path(root))
        made.undisturbed()
        yield made


def test_from_any_death_another_service_goes_on_as_if_nothing_had_happened(theatre: Theatre) -> None:
    numbers = sorted(theatre.images)
    assert len(numbers) >= DEATHS
    chance = random.Random(3)  # noqa: S311
    for number in sorted(chance.sample(numbers, DEATHS)):
        _from(theatre.images[number], theatre.scene_again, theatre.scene_of(number))


def test_the_next_service_may_die_too(theatre: Theatre) -> None:
    chance = random.Random(4)  # noqa: S311
    for number in chance.sample(sorted(theatre.images), SECOND_DEATHS):
        scene = theatre.scene_of(number)
        recorder = theatre.scene_again(theatre.images[number], scene, Chosen(chance))
        for image in recorder.images.values():
            _from(image, theatre.scene_again, scene)


@pytest.mark.parametrize("away", [timedelta(), OUTAGE], ids=["at once", "minutes later"])
def test_from_any_death_the_session_comes_to_its_end(theatre: Theatre, away: timedelta) -> None:
    numbers = sorted(theatre.images)
    for number in numbers[:: len(numbers) // (TO_THE_END // 2)]:
        _from(theatre.images[number], theatre.to_the_end, theatre.scene_of(number), away)
