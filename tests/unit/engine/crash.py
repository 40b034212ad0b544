"""Crash images: what a service leaves that is killed before its n-th operation.

An operation is whatever outlives a process: a call that changes something on the hypervisor, a transaction begun or
committed, a file opened for writing, renamed, removed, or flushed. Nothing of the dead process runs on, as no handler
of an exception could promise: the data directory as it was then (the hypervisor's state is in it, too) is put back, and
another service begins.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import event

from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.store import Store

_CALLS = (
    "create_network",
    "start_network",
    "destroy_network",
    "create_overlay",
    "start",
    "define",
    "warm_clone",
    "save",
    "restore",
    "checkpoint",
    "settle",
    "suspend",
    "resume",
    "power_on",
    "destroy",
)
_FILE_CALLS = ("rename", "replace", "link", "unlink", "mkdir", "rmdir", "fsync")


@dataclass(frozen=True)
class Image:
    """A data directory at one moment: content and mode of its files by path (None: a folder)."""

    operation: str
    at: timedelta
    content: dict[str, tuple[bytes | None, int]]

    @staticmethod
    def of(root: Path, operation: str, at: timedelta) -> Image:
        content: dict[str, tuple[bytes | None, int]] = {}
        for folder, folders, files in os.walk(root):
            for name in (*folders, *files):
                path = os.path.join(folder, name)  # noqa: PTH118 - thousands of times
                if not name.endswith("-shm"):  # SQLite makes it anew
                    content[path] = (_read(path) if name in files else None, os.stat(path).st_mode)  # noqa: PTH116
        return Image(operation, at, content)

    def put_back(self, root: Path) -> None:
        """Nothing else is there afterwards."""
        for entry in root.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        for name, (data, mode) in self.content.items():
            path = Path(name)
            if data is None:
                path.mkdir()
            else:
                path.write_bytes(data)
            path.chmod(mode & 0o7777)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - thousands of times
        return file.read()


class Recorder:
    """Counts the operations of a service and keeps the images that are asked for."""

    def __init__(self, root: Path, now: Callable[[], timedelta], wanted: Container[int]) -> None:
        """now: how long ago the day began. wanted: the numbers of the operations, from 0, to keep an image before."""
        self.root = root
        self.now = now
        self.wanted = wanted
        self.names: list[str] = []
        self.images: dict[int, Image] = {}
        self._lock = threading.RLock()
        self._on = False

    @contextmanager
    def recording(self) -> Iterator[None]:
        """What happens in the block is the service's doing."""
        self._on = True
        try:
            yield
        finally:
            self._on = False

    @contextmanager
    def not_recording(self) -> Iterator[None]:
        """What happens in the block is no operation of its own. The lock is held."""
        was, self._on = self._on, False
        try:
            yield
        finally:
            self._on = was

    def before(self, operation: str) -> None:
        """One more operation is about to happen."""
        with self._lock:
            if not self._on:
                return
            number = len(self.names)
            self.names.append(operation)
            if number in self.wanted:
                self.images[number] = Image.of(self.root, operation, self.now())

    @contextmanager
    def watching(self, store: Store) -> Iterator[None]:
        """Files and transactions report here."""

        def begin(connection: Any) -> None:
            if connection.get_execution_options().get("epreuve_write"):
                self.before("begin")

        def commit(connection: Any) -> None:
            if connection.get_execution_options().get("epreuve_write"):
                self.before("commit")

        event.listen(store._engine, "begin", begin, insert=True)
        event.listen(store._engine, "commit", commit)
        try:
            with _patched(self):
                yield
        finally:
            event.remove(store._engine, "begin", begin)
            event.remove(store._engine, "commit", commit)

    def files_change(self, call: str, args: tuple[Any, ...]) -> bool:
        """Whether a call of ``os`` changes a file that outlives the process."""
        if call == "open":
            return bool(args[1] & os.O_CREAT) and str(args[0]).startswith(str(self.root))
        return True


@contextmanager
def _patched(recorder: Recorder) -> Iterator[None]:
    def watched(call: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def doing(*args: Any, **more: Any) -> Any:
            if recorder.files_change(call, args):
                with recorder._lock:  # no other thread changes anything while an image is made
                    recorder.before(call)
                    return None if call == "fsync" else real(*args, **more)
            return real(*args, **more)

        return doing

    calls = {call: watched(call, getattr(os, call)) for call in (*_FILE_CALLS, "open")}
    with patch.multiple(os, **calls):
        yield


class WatchedHypervisor(FakeHypervisor):
    """Simulated machines. Whoever runs them is another process: what it keeps of them is written at once, and the
    service may be killed before that or after it."""

    recorder: Recorder | None = None

    def _keep(self) -> None:
        if self.recorder is None:
            super()._keep()
            return
        with self.recorder._lock:
            self.recorder.before("machines")
            with self.recorder.not_recording():
                super()._keep()


def _report(call: str) -> Callable[..., Any]:
    real = getattr(FakeHypervisor, call)

    def doing(self: WatchedHypervisor, *args: Any, **more: Any) -> Any:
        if self.recorder is None:
            return real(self, *args, **more)
        with self.recorder._lock:
            self.recorder.before(call)
            return real(self, *args, **more)

    return doing


for _call in _CALLS:
    setattr(WatchedHypervisor, _call, _report(_call))
