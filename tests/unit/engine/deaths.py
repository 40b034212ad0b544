"""A service that is killed before each of its operations (see ``crash``), and the one that begins after each death."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from orchestrator.store.examtime import ManualClock
from tests.unit.engine.crash import Image, Recorder, WatchedHypervisor
from tests.unit.engine.world import NINE, World


def play(root: Path, clock: ManualClock | None = None, hosts: Sequence[str] = ("local",)) -> World:
    """A world whose deaths can be recorded. root: ``tmp_path``."""
    return World(root, hosts=hosts, hypervisor=lambda file: WatchedHypervisor(state=file), clock=clock)


def deaths(world: World) -> list[Image]:
    """What the service leaves that is killed before any of the operations which it has to do now; all are done."""
    recorder = Recorder(world.settings.data_dir, world.elapsed, range(10_000))
    for hypervisor in world.hosts.values():
        assert isinstance(hypervisor, WatchedHypervisor)
        hypervisor.recorder = recorder
    with recorder.watching(world.store), recorder.recording():
        world.passes()
    return list(recorder.images.values())


@contextmanager
def after(
    image: Image, root: Path, away: timedelta = timedelta(), hosts: Sequence[str] = ("local",)
) -> Iterator[World]:
    """Another service, so long after the death of the one before."""
    image.put_back(root / "data")
    clock = ManualClock(NINE)
    clock.advance(image.at + away)
    world = play(root, clock, hosts)
    try:
        yield world
    except Exception as error:
        error.add_note(f"killed before “{image.operation}”")
        raise
    finally:
        world.close()
