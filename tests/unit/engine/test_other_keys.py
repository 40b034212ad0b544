"""A device that shows another key at the bell: wherever the service dies meanwhile, the journal says it, and once."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.exam import commands
from orchestrator.store.examtime import ManualClock
from tests.unit.devices.conftest import write_device_lab
from tests.unit.engine.crash import Image, Recorder, WatchedHypervisor
from tests.unit.engine.world import NINE, World

OTHER = "x509-sha256 " + "0a" * 32


@pytest.fixture
def deaths(tmp_path: Path, quick: None) -> list[Image]:
    """What a service leaves that is killed after it has observed, before any of its operations from then on."""
    write_device_lab(tmp_path / "lab")
    world = World(tmp_path, hypervisor=lambda file: WatchedHypervisor(state=file))
    world.create(c01="0")
    world.do(commands.PlaceDevices(who="dupont", machine="page", places=(("c01", "192.0.2.11"),)))
    world.do(commands.ConfirmDevice(who="dupont", candidate="c01", machine="page", host_key=OTHER))
    world.do(commands.Prepare(who="dupont"))
    world.passes()
    world.do(commands.Start(who="dupont"))
    world.passes()
    world.do(commands.Freeze(who="dupont", why="fin"))
    recorder = Recorder(world.settings.data_dir, world.elapsed, range(10_000))
    assert isinstance(world.hypervisor, WatchedHypervisor)
    world.hypervisor.recorder = recorder
    with recorder.watching(world.store), recorder.recording():
        world.passes()
    said(world)
    world.close()
    return [image for image in recorder.images.values() if any(map(_observed, image.content))]


def _observed(path: str) -> bool:
    return "/frozen/" in path and ("observation" in path or "other-keys" in path)


def said(world: World) -> None:
    kinds = world.kinds("c01")
    assert (kinds.count("device-refused"), kinds.count("bench-frozen")) == (1, 1)
    world.sound()


def test_what_was_noticed_of_a_device_is_not_lost(deaths: list[Image], tmp_path: Path) -> None:
    assert len(deaths) > 10
    for image in deaths:
        image.put_back(tmp_path / "data")
        clock = ManualClock(NINE)
        clock.advance(image.at)
        world = World(tmp_path, hypervisor=lambda file: WatchedHypervisor(state=file), clock=clock)
        world.passes()
        try:
            said(world)
        except AssertionError as error:
            error.add_note(f"killed before “{image.operation}”")
            raise
        finally:
            world.close()
