"""A lab that can be changed, packed and put on a shelf."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from labs.loader import LoadedLab
from orchestrator.library import shelf
from tests.unit.engine.world import write_lab
from tests.unit.library.archives import files_of, zip_of

NOON = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


class Workshop:
    """See the module. ``shelf``: the folder of the centre's labs."""

    def __init__(self, root: Path) -> None:
        self.lab = write_lab(root / "lab")
        self.shelf = root / "data" / "labs"

    def replace(self, old: str, new: str, file: str = "lab.yml") -> None:
        path = self.lab / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def packed(self) -> io.BytesIO:
        return zip_of(dict(files_of(self.lab)), packed=False)

    def put(self, **about: Any) -> LoadedLab:
        given = {"who": "nadia", "at": NOON, "trusted": False, "taken": ("tai-complet",), **about}
        return shelf.put(self.shelf, self.packed(), **given)

    def on_shelf(self) -> set[str]:
        """Every file on the shelf, whatever is part of it."""
        return set(files_of(self.shelf)) if self.shelf.exists() else set()


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)
