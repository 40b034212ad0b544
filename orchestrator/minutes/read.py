"""Reading what the minutes are drawn up from."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from checkers.report.model import Sum
from labs.errors import EpreuveError
from labs.loader import LoadedLab
from labs.referential import Referential, load_referential
from orchestrator.catalog import open_lab
from orchestrator.engine import judging
from orchestrator.engine.desk import Desk
from orchestrator.marks import reading as marks
from orchestrator.marks.views import seen_by
from orchestrator.minutes.draw import Known, draw_up
from orchestrator.minutes.model import Minutes, Person
from orchestrator.store import accounts, exams, journal, judgements
from orchestrator.store.accounts import SessionRole
from orchestrator.store.database import Transaction
from orchestrator.version import version


def read_minutes(desk: Desk, slug: str, *, place: str = "", juror: str | None = None) -> Minutes:
    """The minutes of a session as it stands. place: the centre and the room, which Épreuve does not know.

    juror: who reads them, if it is one: with no decision on whom they may still have to mark by themselves. Raises
    RecordError when there is no session of this name.
    """
    with desk.store.read() as tx:
        return minutes_of(desk, tx, slug, place=place, juror=juror)


def minutes_of(desk: Desk, tx: Transaction, slug: str, *, place: str = "", juror: str | None = None) -> Minutes:
    """The same, in a transaction that reads more."""
    opened, written = desk.look(tx, slug), marks.of_session(tx, slug)
    lab = _lab(opened.stored.lab_folder)
    known = Known(
        exam=opened.exam,
        entries=journal.entries(tx, slug),
        people={one.id: one for one in exams.candidates(tx, slug)},
        lab=lab,
        referential=lab.referential if lab else _referential(tx, slug),
        supervisors=_entrusted(tx, slug, "supervisor"),
        jury=_entrusted(tx, slug, "jury"),
        marks=written if juror is None else {name: seen_by(one, juror) for name, one in written.items()},
        simulated=opened.stored.simulated,
        intact=not journal.verify(tx, slug),
        now=opened.now,
        drawn_up_at=desk.clock.read().wall,
        software=version(),
        place=place,
    )
    return draw_up(known)


def read_points(desk: Desk, slug: str) -> dict[str, Sum]:
    """What the last judgement of each candidate found, by id; who was not judged is not in it."""
    with desk.store.read() as tx:
        return {name: judging.read(one) for name, one in judgements.latest(tx, slug).items()}


def _lab(folder: str) -> LoadedLab | None:
    """The lab of the session, for its titles; None when its folder is gone or cannot be read any more."""
    if not Path(folder).is_dir():
        return None
    try:
        return open_lab(folder)
    except EpreuveError:
        return None


def _referential(tx: Transaction, slug: str) -> Referential | None:
    """The certification as a judgement names it: what is decided does not go with the lab's folder."""
    for one in judgements.latest(tx, slug).values():
        with suppress(EpreuveError):
            return load_referential(judging.read(one).lab.referential)
    return None


def _entrusted(tx: Transaction, slug: str, role: SessionRole) -> list[Person]:
    found = (accounts.find(tx, name) for name in accounts.entrusted(tx, slug, role))
    return [Person(account=one.id, name=one.name) for one in found if one is not None]
