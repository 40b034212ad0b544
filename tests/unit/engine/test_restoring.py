"""A bench that was lost: wherever the service dies while it brings it back, the journal tells it, once, and the time
for which it was away is given back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from orchestrator.exam import commands, events
from orchestrator.hypervisor.port import DomainState
from tests.unit.engine.deaths import after, deaths, play
from tests.unit.engine.world import MACHINES, WHO, World

AWAY = timedelta(minutes=3)


def one_machine(world: World) -> None:
    world.hypervisor.lose(world.domain("server"))


def one_machine_at_rest(world: World) -> None:
    world.do(commands.Pause(candidate="c01", **WHO))
    world.passes()
    world.hypervisor.lose(world.domain("server"))


def everything(world: World) -> None:
    for machine in MACHINES:
        world.hypervisor.destroy(world.domain(machine))
    shutil.rmtree(world.folder())


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("lose", [one_machine, one_machine_at_rest, everything])
def test_that_a_bench_is_back_is_told_wherever_the_service_dies(tmp_path: Path, lose: Callable[[World], None]) -> None:
    world = play(tmp_path)
    world.started(c01=0)
    world.advance(16)
    world.passes()  # a checkpoint
    world.advance(2)
    lose(world)
    images = deaths(world)
    (expected,) = back(world)
    paused = world.sitting().state == "paused"
    world.close()
    given = set()
    for image in images:
        with after(image, tmp_path, AWAY) as world:
            world.passes()
            (found,) = back(world)
            assert (found.checkpoint, found.why) == (expected.checkpoint, expected.why)
            given.add(world.sitting().clock.extended_s)
            missing_s = (found.at - found.missing_since).total_seconds()
            assert world.sitting().clock.extended_s == (0 if paused else missing_s)
            assert world.states() == {DomainState.PAUSED if paused else DomainState.RUNNING}
            assert not (world.folder() / "restoring.json").exists()
            world.sound()
    assert given == ({0} if paused else {0, AWAY.total_seconds()})


def back(world: World) -> list[events.BenchRestored]:
    return [event for event in world.history() if isinstance(event, events.BenchRestored)]
