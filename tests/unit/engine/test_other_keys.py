"""A device that shows another key at the bell: wherever the service dies meanwhile, the journal says it, and once."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.engine.other_keys import other_keys
from orchestrator.exam import commands
from tests.unit.devices.conftest import write_device_lab
from tests.unit.engine.deaths import after, deaths, play
from tests.unit.engine.world import World

OTHER = "x509-sha256 " + "0a" * 32


def said(world: World) -> None:
    kinds = world.kinds("c01")
    assert (kinds.count("device-refused"), kinds.count("bench-frozen")) == (1, 1)
    world.sound()


@pytest.mark.usefixtures("quick")
def test_what_was_noticed_of_a_device_is_not_lost(tmp_path: Path) -> None:
    write_device_lab(tmp_path / "lab")
    world = play(tmp_path)
    world.create(c01="0")
    world.do(commands.PlaceDevices(who="dupont", machine="page", places=(("c01", "192.0.2.11"),)))
    world.do(commands.ConfirmDevice(who="dupont", candidate="c01", machine="page", host_key=OTHER))
    world.do(commands.Prepare(who="dupont"))
    world.passes()
    world.do(commands.Start(who="dupont"))
    world.passes()
    world.do(commands.Freeze(who="dupont", why="fin"))
    images = [image for image in deaths(world) if any(map(_observed, image.content))]
    said(world)
    world.close()
    assert len(images) > 10
    for image in images:
        with after(image, tmp_path) as world:
            world.passes()
            said(world)


def test_what_a_disk_spoilt_keeps_no_work_from_being_frozen(tmp_path: Path) -> None:
    (tmp_path / "other-keys.json").write_bytes(b"")
    assert other_keys(tmp_path, "c01") == []


def _observed(path: str) -> bool:
    return "/frozen/" in path and ("observation" in path or "other-keys" in path)
