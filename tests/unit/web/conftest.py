"""A site on simulated machines, with one browser for each kind of user."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.web.world import SiteWorld


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SiteWorld]:
    """A site with two sessions, ``juin`` and ``juillet``, of two candidates each, and everybody who works with it."""
    made = SiteWorld(tmp_path)
    yield made
    made.close()
