"""The service's lookout: a thread that looks for the devices of every session now and then, and when it is asked to.

Pages read what it has found; none of them touches a network. Asked: by a file of the session's name in
``<data>/device-looks``, which goes once that look is done.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic

from labs.errors import EpreuveError
from orchestrator.devices.look import look_for_devices
from orchestrator.devices.net import DeviceNet
from orchestrator.devices.nets import net_for
from orchestrator.engine.desk import Desk, Open
from orchestrator.exam.rules import OPEN, OVER

log = logging.getLogger(__name__)

EVERY_S = 60.0
_NOTICE_S = 0.5


def ask_for_look(data: Path, slug: str) -> None:
    """Have the service look for the devices of a session now."""
    folder = data / "device-looks"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / slug).touch()


def is_asked(data: Path, slug: str) -> bool:
    """Whether a look that was asked for is not done yet."""
    return (data / "device-looks" / slug).exists()


class Lookout:
    """The thread. ``close`` ends it."""

    def __init__(
        self,
        desk: Desk,
        data: Path,
        *,
        every_s: float = EVERY_S,
        net: Callable[[bool], DeviceNet] = lambda simulated: net_for(simulated=simulated),
    ) -> None:
        self._desk = desk
        self._data = data
        self._every_s = every_s
        self._net = net
        self._due = 0.0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="devices", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End; a look that is under way is not waited for long."""
        self._end.set()
        self._thread.join(timeout=2.0)

    def look(self) -> None:
        """Look for the devices that are due, and for those that somebody has asked about."""
        asked = self._asked()
        due = monotonic() >= self._due
        if not (asked or due):
            return
        if due:
            self._due = monotonic() + self._every_s
        for opened in self._desk.sessions():
            state = opened.exam.state
            if opened.exam.devices and ((due and state in OPEN) or (opened.exam.slug in asked and state not in OVER)):
                self._look_in(opened)
        for slug in asked:
            (self._data / "device-looks" / slug).unlink(missing_ok=True)

    def _look_in(self, opened: Open) -> None:
        """Whatever goes wrong with one session, the others are looked at."""
        slug = opened.exam.slug
        try:
            look_for_devices(self._desk, slug, self._net(opened.stored.simulated))
        except EpreuveError as error:  # its lab cannot be read, or the database is busy: with the next look
            log.warning("devices of %s: %s", slug, error)
        except Exception:
            log.exception("devices of %s", slug)

    def _asked(self) -> set[str]:
        with suppress(OSError):
            return {path.name for path in (self._data / "device-looks").iterdir()}
        return set()

    def _run(self) -> None:
        while not self._end.wait(_NOTICE_S):
            try:
                self.look()
            except Exception:  # a defect of ours must not end the lookout
                log.exception("devices")
