"""A session that can be sealed: two candidates frozen, one absent, the session closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.dossier.files import dossier_file
from orchestrator.dossier.sealing import seal_session
from orchestrator.exam import commands
from tests.unit.engine.world import SLUG, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.create(60, c01=0, c02=33, c03=0)
    made.do(commands.MarkAbsent("c03", who="dupont"), commands.Prepare(who="dupont"))
    made.passes()
    made.do(commands.Start(who="dupont"))
    made.passes()
    made.advance(1)
    made.do(commands.Pause("c02", who="dupont", why="malaise de c02"))
    made.advance(1)
    made.do(commands.Resume("c02", who="dupont"))
    made.do(commands.Freeze(who="dupont", why="fin de l'essai"))
    made.passes()
    made.do(commands.OpenJury(who="dupont"))
    yield made
    made.close()


@pytest.fixture
def closed(world: World) -> World:
    world.do(commands.Close(who="dupont"))
    world.passes()
    return world


FORCED = {"who": "dupont", "why": "jury d'essai", "force": True}


def sealed_bytes(world: World, candidate: str = "c01") -> bytes:
    """The dossier of a candidate, sealed now if it was not."""
    seal_session(world.desk, world.settings, SLUG, **FORCED)  # type: ignore[arg-type]
    return dossier_file(world.settings, SLUG, candidate).read_bytes()
