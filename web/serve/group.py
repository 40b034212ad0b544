"""The processes of a site, watched: one that dies is started again; told to stop, all are stopped."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic, sleep

log = logging.getLogger(__name__)

LOOK_S = 0.2
FIRST_PAUSE_S, LAST_PAUSE_S = 0.5, 30.0
LIVED_S = 60.0
"""One that lived for so long was well: the next failure begins with a short pause again."""
STOP_S = 10.0


@dataclass
class Child:
    """One process. ``process``: None while it is not running; ``again_at``: when it is started next."""

    name: str
    argv: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    begun_at: float = 0.0
    again_at: float = 0.0
    pause_s: float = FIRST_PAUSE_S

    def look(self) -> None:
        """Start it when it is time; note that it died."""
        now = monotonic()
        if self.process is None:
            if now >= self.again_at:
                self.process, self.begun_at = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL), now
            return
        code = self.process.poll()
        if code is None:
            return
        self.pause_s = FIRST_PAUSE_S if now - self.begun_at > LIVED_S else min(self.pause_s * 2, LAST_PAUSE_S)
        self.process, self.again_at = None, now + self.pause_s
        log.error("%s ended with code %d; started again in %.1f s", self.name, code, self.pause_s)


def watch(children: Sequence[Child], *, is_ready: Callable[[], bool], when_ready: Callable[[], None]) -> None:
    """Keep them running until told to stop: raises KeyboardInterrupt (Ctrl-C, SIGTERM) once all have ended.

    when_ready is called once, as soon as ``is_ready`` says so.
    """
    ready = False
    try:
        while True:
            for child in children:
                child.look()
            if not ready and is_ready():
                ready = True
                when_ready()
            sleep(LOOK_S)
    finally:
        _stop(children)


def _stop(children: Sequence[Child]) -> None:
    alive = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in alive:
        process.terminate()
    deadline = monotonic() + STOP_S
    for process in alive:
        try:
            process.wait(max(0.1, deadline - monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
