"""Long work that a page asks for, done by a process of its own: it outlives the page, the request and the web server.

Its lock (``<data>/jobs/<name>.lock``) is held for as long as it lives; how it goes is in ``<name>.json``. A job that
was killed is told apart from one at work by the lock alone, and is simply asked for again.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from labs.errors import EpreuveError
from labs.files import write_atomic
from labs.text import Text
from orchestrator.engine import service
from orchestrator.engine.desk import Desk
from orchestrator.engine.locks import is_held, take
from orchestrator.settings import Settings
from orchestrator.store import open_store
from orchestrator.store.benches import Failure

log = logging.getLogger(__name__)


class Order(BaseModel):
    """A job to do. slug: the session that it is about; empty: only to have a service running. why, force: of a seal
    (``sealing.seal_session``). keys: of devices (``comparing.compare_keys``), by machine."""

    model_config = ConfigDict(frozen=True)

    settings: Settings
    simulated: bool
    who: str
    slug: str = ""
    what: Literal["prepare", "seal", "radios", "devices"] = "prepare"
    why: str = ""
    force: bool = False
    keys: Mapping[str, str] = {}

    @property
    def name(self) -> str:
        """Its name among jobs."""
        return f"{self.what}-{self.slug}" if self.slug else "service"

    def spoken(self) -> str:
        """As it stands in a process list: without the secret of the centre's own sign-in, which no job needs."""
        return self.model_dump_json(exclude={"settings": {"oidc"}})


class Progress(BaseModel):
    """How a job goes, in its own words. failure: why it ended without its end. done: it came to it."""

    model_config = ConfigDict(frozen=True)

    who: str
    since: datetime
    doing: Text | None = None
    failure: Failure | None = None
    done: bool = False
    at_work: bool = False
    """Its process lives; not of its own saying. Neither this, nor a failure, nor done: it was killed."""


class Jobs(Protocol):
    """Who does the long work. Asked twice: the one at work goes on."""

    def prepare(self, slug: str, who: str) -> None:
        """Prepare a session (``preparing.prepare_session``)."""

    def seal(self, slug: str, who: str, *, why: str, force: bool) -> None:
        """Seal a session (``sealing.seal_session``)."""

    def compare_keys(self, slug: str, who: str, keys: Mapping[str, str], *, why: str) -> None:
        """Have the devices of a session looked for, and those confirmed that show the key given
        (``comparing.compare_keys``)."""

    def note_radios(self, slug: str, who: str) -> None:
        """Have the devices of a session tell their radios (``noting.note_radios``)."""

    def serve(self, who: str, *, wait_s: float = 0.0) -> None:
        """Have a service running, for what was ordered to be done. wait_s: how long to wait until it does."""


class DetachedJobs:
    """Jobs as processes of their own."""

    def __init__(self, settings: Settings, *, simulated: bool) -> None:
        self._settings = settings
        self._simulated = simulated

    def prepare(self, slug: str, who: str) -> None:
        """Returns at once."""
        begin(Order(settings=self._settings, simulated=self._simulated, who=who, slug=slug))

    def seal(self, slug: str, who: str, *, why: str, force: bool) -> None:
        """Returns at once."""
        order = Order(settings=self._settings, simulated=self._simulated, who=who, slug=slug, what="seal")
        begin(order.model_copy(update={"why": why, "force": force}))

    def compare_keys(self, slug: str, who: str, keys: Mapping[str, str], *, why: str) -> None:
        """Returns at once."""
        order = Order(settings=self._settings, simulated=self._simulated, who=who, slug=slug, what="devices")
        begin(order.model_copy(update={"keys": dict(keys), "why": why}))

    def note_radios(self, slug: str, who: str) -> None:
        """Returns at once."""
        begin(Order(settings=self._settings, simulated=self._simulated, who=who, slug=slug, what="radios"))

    def serve(self, who: str, *, wait_s: float = 0.0) -> None:
        """Returns once it runs, or in time."""
        if service.running(self._settings) is None:
            begin(Order(settings=self._settings, simulated=self._simulated, who=who))
        limit = monotonic() + wait_s
        while not self._looks_after() and monotonic() < limit:
            sleep(0.05)

    def _looks_after(self) -> bool:
        status = service.running(self._settings)
        return status is not None and status.pid != 0  # 0: it has yet to make its first pass


def preparation(settings: Settings, slug: str) -> Progress | None:
    """How the preparation of a session goes, or how the last one ended; None when none was asked for here."""
    return _load(_folder(settings), f"prepare-{slug}")


def sealing(settings: Settings, slug: str) -> Progress | None:
    """The same of sealing it."""
    return _load(_folder(settings), f"seal-{slug}")


def comparing(settings: Settings, slug: str) -> Progress | None:
    """The same of looking for its devices and comparing their keys."""
    return _load(_folder(settings), f"devices-{slug}")


def noting(settings: Settings, slug: str) -> Progress | None:
    """The same of noting the radios of its devices."""
    return _load(_folder(settings), f"radios-{slug}")


def starting(settings: Settings) -> Progress | None:
    """How the last start of a service that was asked for here went; None when none was."""
    return _load(_folder(settings), "service")


def begin(order: Order) -> None:
    """Start a process for a job, unless one is at it. Raises OSError."""
    folder = _folder(order.settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = take(folder / f"{order.name}.lock")
    if lock is None:
        return
    try:
        _say(order, Progress(who=order.who, since=datetime.now(UTC)))
        with (folder / "jobs.log").open("ab") as output:
            child = subprocess.Popen(
                [sys.executable, "-m", "orchestrator.engine.jobs", order.spoken()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=(lock,),  # it holds the lock from its first moment
                cwd="/",
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
    finally:
        os.close(lock)
    threading.Thread(target=child.wait, daemon=True).start()  # so that it leaves no zombie when it ends


def do(order: Order) -> None:
    """Do a job here and now, saying how it goes. Never raises."""
    begun = Progress(who=order.who, since=datetime.now(UTC))
    try:
        _do(order, begun)
    except EpreuveError as error:
        ended = begun.model_copy(update={"failure": Failure.of(error, datetime.now(UTC))})
    except Exception:
        log.exception("%s", order.name)
        defect = EpreuveError(_DEFECT, do=Text("Voir jobs/jobs.log.", "See jobs/jobs.log."))
        ended = begun.model_copy(update={"failure": Failure.of(defect, datetime.now(UTC))})
    else:
        ended = begun.model_copy(update={"done": True})
    _say(order, ended)


def _do(order: Order, begun: Progress) -> None:
    from orchestrator.devices.comparing import compare_keys
    from orchestrator.devices.noting import note_radios
    from orchestrator.dossier.sealing import seal_session  # late: a site that only asks for jobs needs none of it
    from orchestrator.engine.preparing import prepare_session

    if not order.slug:
        service.start(order.settings, simulated=order.simulated)
        return

    def progress(doing: Text) -> None:
        _say(order, begun.model_copy(update={"doing": doing}))

    with open_store(order.settings.database) as store:
        desk = Desk(store)
        if order.what == "seal":
            seal_session(
                desk,
                order.settings,
                order.slug,
                who=order.who,
                why=order.why,
                force=order.force,
                progress=progress,
            )
        elif order.what == "radios":
            note_radios(desk, order.settings, order.slug, who=order.who, simulated=order.simulated)
        elif order.what == "devices":
            compare_keys(desk, order.slug, order.keys, who=order.who, why=order.why, simulated=order.simulated)
        else:
            prepare_session(
                order.slug, desk, order.settings, who=order.who, simulated=order.simulated, progress=progress
            )


def _say(order: Order, progress: Progress) -> None:
    with suppress(OSError):  # a full disk: the work goes on, and its end shows in the session itself
        write_atomic(_folder(order.settings) / f"{order.name}.json", progress.model_dump_json(), mode=0o600)


def _load(folder: Path, name: str) -> Progress | None:
    at_work = is_held(folder / f"{name}.lock")  # before its words: its last ones are said while it lives
    try:
        said = Progress.model_validate_json((folder / f"{name}.json").read_bytes())
    except (OSError, ValidationError):
        return None
    ended = said.done or said.failure is not None
    return said.model_copy(update={"at_work": at_work and not ended})


def _folder(settings: Settings) -> Path:
    return settings.data_dir / "jobs"


_DEFECT = Text("Défaut d'Épreuve : ce travail a échoué.", "A defect of Épreuve: this work failed.")

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    do(Order.model_validate_json(sys.argv[1]))
