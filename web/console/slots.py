"""Limits on how many consoles are open at once, over all the processes that serve them.

A slot is a lock on a file: the kernel takes it back from a process that ends, however it ends.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path

MODE = 0o600


class Slots:
    """Slots in a directory of their own."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def take(self, who: str, limit: int) -> bool:
        """Take one of so many slots until this process ends; False when all are taken. No name is in a file's name."""
        name = hashlib.sha256(who.encode()).hexdigest()[:32]
        for number in range(limit):
            descriptor = os.open(self._place / f"{name}-{number}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, MODE)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
            else:
                return True  # left open on purpose
        return False
