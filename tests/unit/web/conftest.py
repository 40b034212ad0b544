"""A site on simulated machines, with one browser for each kind of user."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator import golden_build
from tests.unit.web.world import Browser, SiteWorld


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated machines are at rest at once."""
    monkeypatch.setattr(golden_build, "wait_calm", lambda *_args, **_more: True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SiteWorld]:
    """A site with two sessions, ``juin`` and ``juillet``, of two candidates each, and everybody who works with it."""
    made = SiteWorld(tmp_path)
    yield made
    made.close()


@pytest.fixture
def frozen(world: SiteWorld) -> SiteWorld:
    """The same, everybody's work saved and observed."""
    world.frozen()
    return world


@pytest.fixture
def jury(frozen: SiteWorld) -> Browser:
    """The jury's browser, once work is frozen."""
    return frozen.browser("jury")
