"""The screens of running machines, for supervisors: small pictures in ``<bench>/screens/``, taken in turn by a thread.

Nothing waits for it: the loop only says what runs, and a screen that cannot be taken is not. Near a bell none is taken,
since at the bell nothing else must hold the machines.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from time import monotonic
from typing import Protocol

from labs.errors import EpreuveError
from labs.files import write_atomic
from orchestrator.bench_start import domain_name
from orchestrator.engine.actual import FROZEN
from orchestrator.engine.pictures import thumbnail, whole
from orchestrator.hypervisor.port import DomainState

log = logging.getLogger(__name__)

SCREENS = "screens"
EVERY_S = 15.0
_CALM_BEFORE_BELL_S = 2.0
_SHORTEST_PAUSE_S = 0.1

Machine = tuple[str, str, str]
"""Session, bench, machine."""


class Camera(Protocol):
    """What screens are taken by: a hypervisor, or all hosts."""

    def screenshot(self, domain: str) -> bytes:
        """The screen now, as PNG. Raises HypervisorError."""


def screen_path(store: Path, session: str, bench: str, machine: str) -> Path:
    """Where the small picture of a machine's screen is, once it was taken."""
    return store / session / bench / SCREENS / f"{machine}.jpg"


def frozen_screen_path(store: Path, session: str, bench: str, machine: str) -> Path:
    """Where the screen of a machine as it was at the bell is, at full size."""
    return store / session / bench / FROZEN / f"screen-{machine}.png"


def keep_screen(camera: Camera, domain: str, path: Path) -> None:
    """Keep the screen of a machine that the bell has stopped; the first one is kept. Never raises: it is no verdict."""
    try:
        if not path.exists():
            write_atomic(path, whole(camera.screenshot(domain)), mode=0o600)
    except (EpreuveError, OSError) as error:
        log.warning("screen of %s not kept: %s", domain, error)


def running_machines(machines: Mapping[tuple[str, str], Mapping[str, DomainState]]) -> list[Machine]:
    """Those that run, of all benches."""
    return [
        (session, bench, machine)
        for (session, bench), states in machines.items()
        for machine, state in states.items()
        if state is DomainState.RUNNING
    ]


class Screens:
    """The thread. ``look`` tells it what runs; ``close`` ends it."""

    def __init__(self, camera: Camera, store: Path, *, every_s: float = EVERY_S) -> None:
        self._camera = camera
        self._store = store
        self._every_s = every_s
        self._lock = threading.Lock()
        self._running: tuple[Machine, ...] = ()
        self._bell_at = float("inf")
        self._taken: dict[Machine, float] = {}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="screens", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def look(self, running: Iterable[Machine], bell_in_s: float) -> None:
        """What runs now, and when the next bell rings. Returns at once."""
        with self._lock:
            self._running = tuple(running)
            self._bell_at = monotonic() + bell_in_s
            self._taken = {machine: at for machine, at in self._taken.items() if machine in self._running}

    def close(self) -> None:
        """End; a picture that is being taken is not waited for long."""
        self._end.set()
        self._thread.join(timeout=2.0)

    def take_next(self) -> bool:
        """Take the picture that is most overdue; False when none is."""
        with self._lock:
            if self._bell_at - monotonic() < _CALM_BEFORE_BELL_S or not self._running:
                return False
            machine = min(self._running, key=lambda one: self._taken.get(one, 0.0))
            if monotonic() - self._taken.get(machine, -self._every_s) < self._every_s:
                return False
            self._taken[machine] = monotonic()
        self._take(machine)
        return True

    def _take(self, machine: Machine) -> None:
        path = screen_path(self._store, *machine)
        try:
            picture = thumbnail(self._camera.screenshot(domain_name(*machine)))
            path.parent.mkdir(mode=0o700, exist_ok=True)  # not the bench's own: it may have been removed meanwhile
            new = path.with_suffix(".new")
            new.write_bytes(picture)  # not made durable: in a quarter of a minute there is another one
            new.replace(path)
        except (EpreuveError, OSError) as error:
            log.debug("screen of %s: %s", machine, error)

    def _run(self) -> None:
        while not self._end.wait(max(_SHORTEST_PAUSE_S, self._every_s / (2 * max(1, len(self._running))))):
            try:
                self.take_next()
            except Exception:  # a defect of ours must not end the pictures
                log.exception("screens")
