"""Trials: a trainer tries a lab at a bench of their own. A session like any, of one candidate, that examines nobody.

Short and few: the host is there for exams. A trial that is ended leaves no bench, no file and no name behind, at once;
its journal stays, as every session's does.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from datetime import timedelta
from time import monotonic

from labs.errors import EpreuveError
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.devices.given import Given
from orchestrator.engine.desk import Desk, Open
from orchestrator.engine.opening import TRIAL, Enrolment, open_session
from orchestrator.exam import Command, Phase, commands
from orchestrator.exam.commands import ENGINE
from orchestrator.exam.rules import OVER
from orchestrator.store import accounts, exams
from orchestrator.store.database import Transaction
from orchestrator.store.exams import StoredCandidate

log = logging.getLogger(__name__)

FORMAT = TRIAL
BENCH = "c01"
AT_ONCE = 2
"""Trials on one host."""
MAX_MINUTES = 180
"""On the clock, however long the exam is."""
LIVES = timedelta(hours=6)
"""From its making; then it is ended, whatever state it is in."""

_ALPHABET = "bcdfghjkmnpqrstvwxz23456789"
_LOOK_S = 60.0


class TrialError(EpreuveError):
    """A trial cannot be begun, or is none."""

    code = "trial"
    exit_code = 6


def is_trial(opened: Open) -> bool:
    """Whether a session examines nobody."""
    return opened.stored.format_id == FORMAT


def trials(desk: Desk) -> list[Open]:
    """Those that are not ended, the oldest first."""
    return [opened for opened in desk.sessions() if is_trial(opened) and opened.exam.state != "purged"]


def begin_trial(desk: Desk, lab: LoadedLab, *, who: str, name: str, simulated: bool) -> str:
    """A trial of a lab, entrusted to a trainer; its session's name. It is prepared like any session.

    name: the trainer's own, for the paper. Raises TrialError when there are enough already, LibraryError when nobody
    has approved the lab.
    """
    slug = "essai-" + "".join(secrets.choice(_ALPHABET) for _ in range(6))
    minutes = min(lab.lab.duration_minutes, MAX_MINUTES)
    open_session(
        desk,
        slug,
        lab,
        [Enrolment(StoredCandidate(id=BENCH, surname=name, first_name="", number=FORMAT))],
        format_id=FORMAT,
        phases=(Phase(kind="practical", title="Essai", minutes=minutes, machines=tuple(lab.lab.virtual)),),
        who=who,
        retention_days=0,
        simulated=simulated,
        trusted={"trainer": [who]},
        provided=lambda tx: _there_is_room(tx, who),
    )
    return slug


def place_devices(desk: Desk, slug: str, devices: Mapping[str, Given], *, who: str) -> None:
    """Say where the devices of a trial are. Raises Refused."""
    desk.do(
        slug,
        *(
            commands.PlaceDevices(who=who, machine=machine, places=((BENCH, one.address),))
            for machine, one in devices.items()
        ),
    )


def _there_is_room(tx: Transaction, who: str) -> None:
    """Two clicks at once make one trial. Raises TrialError when the trainer has one already, or the host enough."""
    under_way = [one.slug for one in exams.list_sessions(tx) if one.format_id == FORMAT and one.state != "purged"]
    mine = [slug for slug in under_way if who in accounts.entrusted(tx, slug, "trainer")]
    if mine:
        raise TrialError(
            Text("Vous avez déjà un essai en cours.", "You have a trial under way already."),
            where=mine[0],
            do=Text("Terminez-le d'abord.", "End it first."),
        )
    if len(under_way) >= AT_ONCE:
        raise TrialError(
            Text(f"Il y a déjà {AT_ONCE} essais en cours.", f"There are {AT_ONCE} trials under way already."),
            do=Text("Attendez que l'un d'eux soit terminé.", "Wait until one of them is ended."),
        )


def end_trial(desk: Desk, slug: str, *, who: str, why: str = "fin de l'essai") -> None:
    """End a trial and remove what it made; the service takes its bench away. Ended already: nothing to do.

    Raises TrialError when the session is none: an exam is never ended like this.
    """
    opened = desk.open(slug)
    if not is_trial(opened):
        raise TrialError(Text("Cette session n'est pas un essai.", "This session is no trial."), where=slug)
    if opened.exam.state not in OVER:
        desk.do(slug, *_to_its_end(opened, who, why))
    if desk.open(slug).exam.state != "purged":
        desk.purge(slug, commands.Purge(who=who, why=why), early=True)
    with desk.store.write() as tx:
        accounts.entrust(tx, slug, "trainer", [])


class Sweeper:
    """Ends the trials that somebody has forgotten; asked at every pass of the service, it looks once a minute."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._looked: float | None = None

    def look(self) -> None:
        """End what has lived too long."""
        if self._looked is not None and monotonic() - self._looked < _LOOK_S:
            return
        self._looked = monotonic()
        for opened in trials(self._desk):
            if opened.exam.state in OVER or opened.now - opened.exam.created_at > LIVES:
                try:
                    end_trial(self._desk, opened.exam.slug, who=ENGINE, why="essai oublié")
                except EpreuveError as error:  # the exams go on, and the next look tries again
                    log.warning("%s: %s", opened.exam.slug, error)


def _to_its_end(opened: Open, who: str, why: str) -> list[Command]:
    """The orders that close it at once: what was done at its bench is nobody's evidence, so nothing is observed."""
    sitting = opened.exam.candidates[BENCH]
    orders: list[Command] = []
    if sitting.state in ("running", "paused"):
        due = sitting.clock.is_due(opened.now)
        orders.append(commands.RingBell() if due else commands.Freeze(who=who, why=why))
    if sitting.state in ("running", "paused", "ended"):
        orders.append(commands.BenchFrozen(candidate=BENCH, observation=None, why=why))
    return [*orders, commands.Close(who=who, why=why)]
