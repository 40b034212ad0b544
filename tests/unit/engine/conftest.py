"""A world for each test."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from orchestrator.engine import hosting, lab, points
from orchestrator.exam import commands
from orchestrator.store import database
from tests.unit.engine.world import World


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silent machines are given up soon; a simulated host is never silent, however slow the real one."""
    monkeypatch.setattr(points, "AGENT_LIMIT_S", 0.05)
    monkeypatch.setattr(hosting, "LOOK_LIMIT_S", 60.0)


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """The disk is not waited for: what a killed process has written is there, flushed or not."""
    with pytest.MonkeyPatch.context() as patch:
        settings = tuple(setting for setting in database._SETTINGS if not setting.startswith("synchronous"))
        patch.setattr(database, "_SETTINGS", (*settings, "synchronous=OFF", "wal_autocheckpoint=50"))
        patch.setattr("os.fsync", lambda _descriptor: None)
        patch.setattr(lab, "open_lab", cache(lab.open_lab))
        # Hundreds of services open the same file: their statements are compiled once.
        patch.setattr(database, "_engine", cache(database._engine))
        yield


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def frozen(world: World) -> World:
    """Two candidates, frozen."""
    world.started(c01=0, c02=0)
    world.do(commands.Freeze(who="dupont", why="fin"))
    world.passes()
    return world
