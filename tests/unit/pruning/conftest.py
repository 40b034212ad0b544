"""An installation with a golden of its lab, and what may be found beside it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from labs.text import Text
from orchestrator.catalog import Entry, open_lab
from orchestrator.golden import Golden, list_goldens
from orchestrator.pruning import wanted
from orchestrator.pruning.remove import Pruner, pruning
from orchestrator.pruning.survey import Item, survey
from orchestrator.settings import Settings
from orchestrator.workshop import ensure_lab_golden
from tests.unit.engine.world import World
from vagrant import cache

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Attic:
    """The installation of a world. shelf: the labs that it has."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.settings: Settings = world.settings
        self.shelf: list[Entry] = []

    def golden(self, memory_mib: int = 512) -> Golden:
        """That of the lab with this much memory: another amount is another golden."""
        file = self.world.lab / "lab.yml"
        text = file.read_text()
        file.write_text(text.replace("memory_mib: 512", f"memory_mib: {memory_mib}"))
        made = ensure_lab_golden(open_lab(str(self.world.lab)), self.world.hypervisor, self.settings)
        file.write_text(text)
        return made

    def take_in(self) -> None:
        """The lab is one of this installation's."""
        lab = open_lab(str(self.world.lab))
        self.shelf.append(Entry(lab.lab.id, str(lab.lab.version), lab.folder, lab))

    def image(self, name: str, key: str, *, windows: bool = False) -> Path:
        """Its folder."""
        folder = self.settings.images_dir / name / key
        folder.mkdir(parents=True)
        about = {
            **{"cmdline": "", "hostname": name, "packages": {}, cache.BOOTS_ITSELF: windows},
            **{"memory_mib": 512, "disk_gib": 4, "built_at": 1.0, "build_seconds": 1.0},
        }
        for part in (cache.DISK,) if windows else cache.PARTS:
            (folder / part).write_bytes(b"x" * 8192)
        (folder / cache.MANIFEST).write_text(json.dumps(about))
        return folder

    def box(self, name: str) -> Path:
        """A box of this name."""
        file = self.settings.boxes_dir / f"{name}.box"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"x" * 8192)
        return file

    def survey(self, *, keep_days: int = 0, boxes: bool = False, now: datetime | None = None) -> list[Item]:
        return survey(
            self.settings,
            [self.world.hypervisor],
            now=now or datetime.now(UTC) + timedelta(hours=1),
            keep=timedelta(days=keep_days),
            boxes=boxes,
        )

    def kept(self, **how: bool) -> dict[Path, Text | None]:
        """Why each stays."""
        return {item.path: item.kept for item in self.survey(**how)}

    def going(self, **how: bool) -> set[Path]:
        return {path for path, why in self.kept(**how).items() if why is None}

    def item(self, path: Path) -> Item:
        return next(item for item in self.survey() if item.path == path)

    def pruner(self) -> Pruner:
        with pruning(self.settings, [self.world.hypervisor]) as made:
            assert made is not None
            return made

    def goldens(self) -> set[Path]:
        return {golden.dir for golden in list_goldens(self.settings.goldens_dir)}


@pytest.fixture
def attic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Attic]:
    made = Attic(World(tmp_path))
    monkeypatch.setattr(wanted, "catalog", lambda _labs_dir: made.shelf)
    yield made
    made.world.close()


def over_raw(backing: Path, path: Path) -> None:
    """A disk over a raw one, by qemu-img."""
    argv = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(backing), str(path)]
    subprocess.run(argv, check=True)


def age(path: Path, at: datetime = LONG_AGO) -> None:
    """It was last touched then."""
    for file in (*path.rglob("*"), path):
        os.utime(file, (at.timestamp(), at.timestamp()))
