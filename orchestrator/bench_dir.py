"""The directory of a bench, which is also its lock."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from labs.text import Text
from orchestrator.capacity import BenchError
from orchestrator.hypervisor.port import Hypervisor

_MODE_ROOT, _MODE_PASSABLE = 0o700, 0o711


@contextmanager
def working_on(place: Path, hypervisor: Hypervisor) -> Iterator[None]:
    """One process at a time works on a bench; its directory is the lock.

    :raises BenchError: another one does.
    """
    mode = _MODE_ROOT if hypervisor.info().guests_as_root else _MODE_PASSABLE
    while True:
        for directory in (place.parent.parent, place.parent, place):
            if not directory.exists():
                directory.mkdir(parents=True, exist_ok=True)
                directory.chmod(mode)
        with suppress(FileNotFoundError):
            descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            if _locked(descriptor, place):
                break
    try:
        yield
    finally:
        if place.is_dir() and not any(place.iterdir()):
            forget(place)
        os.close(descriptor)


def _locked(descriptor: int, place: Path) -> bool:
    """Whether we now hold the lock on the directory that is there; the descriptor is closed if not."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise BenchError(
            Text("Un autre programme travaille sur ce poste.", "Another program is working on this bench."),
            where=f"{place.parent.name}/{place.name}",
            do=Text("Attendez qu'il ait fini, puis recommencez.", "Wait until it has ended, then try again."),
        ) from None
    if place.is_dir() and place.stat().st_ino == os.fstat(descriptor).st_ino:
        return True
    os.close(descriptor)  # its last holder removed it while we waited
    return False


def forget(place: Path) -> None:
    """Remove the bench's directory and its session's, if it was the last."""
    with suppress(OSError):
        place.rmdir()
    with suppress(OSError):
        place.parent.rmdir()
