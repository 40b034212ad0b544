"""Taking something away while others work, and so that a killed process leaves nothing half there.

What goes is moved aside by one rename, under the lock of whoever would make it; from then on nobody finds it. Then what
is in use is looked at again: a bench that was begun in between has said so before it made its disks, and gets it back.
What a killed run left aside is put back or removed by the next one, by the same rule.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from orchestrator.engine.locks import take
from orchestrator.golden import building, remove_orphans
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.pruning.survey import Item
from orchestrator.pruning.uses import under_goldens, uses
from orchestrator.settings import Settings
from vagrant.cache import locked

ASIDE = ".removed"
"""Folder of a store with what is going; no golden and no image has such a name."""


class Pruner:
    """Removes items of an installation. One at a time does: ``pruning`` makes it."""

    def __init__(self, settings: Settings, hypervisors: Sequence[Hypervisor]) -> None:
        self._settings = settings
        self._hypervisors = hypervisors

    def remove(self, item: Item) -> bool:
        """Whether it is gone: not when it is being made, or was begun to be used meanwhile. Raises OSError."""
        try:
            with self._lock(item):
                return self._gone(item.path, self._aside(item.path))
        except BlockingIOError:
            return False

    def tidy(self) -> None:
        """What killed processes left: of this command, and of makers of goldens. Raises OSError."""
        for store in (self._settings.goldens_dir, self._settings.images_dir, self._settings.boxes_dir):
            for aside in [*(store / ASIDE).glob("*")]:
                self._settle(store.joinpath(*aside.name.split("@")), aside)
        for hypervisor in self._hypervisors:
            remove_orphans(hypervisor, self._settings.goldens_dir)

    def _gone(self, path: Path, aside: Path) -> bool:
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            path.rename(aside)
        except FileNotFoundError:
            return False  # somebody else removed it
        return self._settle(path, aside)

    def _settle(self, path: Path, aside: Path) -> bool:
        """Put back what is in use, remove the rest."""
        if not path.exists() and path in uses(self._settings, self._hypervisors) | under_goldens(self._settings):
            aside.rename(path)
            return False
        if aside.is_dir():
            shutil.rmtree(aside)
        else:
            aside.unlink()
        return True

    def _aside(self, path: Path) -> Path:
        """Where it goes; the name says where it was."""
        stores = (self._settings.goldens_dir, self._settings.images_dir, self._settings.boxes_dir)
        store = next(store for store in stores if path.is_relative_to(store))
        return store / ASIDE / "@".join(path.relative_to(store).parts)

    def _lock(self, item: Item) -> AbstractContextManager[None]:
        """That of whoever makes such a thing. Raises BlockingIOError when it is held."""
        if item.kind == "golden":
            return building(self._settings.goldens_dir, item.path.name, None)
        store = self._settings.images_dir if item.kind == "image" else self._settings.boxes_dir
        return locked(store, item.title, None)


@contextmanager
def pruning(settings: Settings, hypervisors: Sequence[Hypervisor]) -> Iterator[Pruner | None]:
    """The right to remove, and the leftovers removed; None when another process has it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    lock = take(settings.data_dir / ".prune.lock")
    if lock is None:
        yield None
        return
    try:
        pruner = Pruner(settings, hypervisors)
        pruner.tidy()
        yield pruner
    finally:
        os.close(lock)
