"""Locks that say whether a process lives: held for as long as it does, gone with it however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from time import monotonic, sleep

_PATIENCE_S = 0.5
"""Whoever looks whether a lock is held holds it for an instant."""


def is_held(path: Path) -> bool:
    """Whether a living process holds it."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def take(path: Path) -> int | None:
    """Take it: an open descriptor, which holds it until it is closed everywhere. None: another process has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    limit = monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() > limit:
                os.close(descriptor)
                return None
            sleep(0.01)
        else:
            return descriptor
