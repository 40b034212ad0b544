"""Sessions and their candidates, as stored. The rules of an exam are elsewhere: this keeps what they decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from labs.errors import UsageError
from labs.text import Text
from orchestrator.store.database import Transaction
from orchestrator.store.errors import RecordError
from orchestrator.store.examtime import Anchor
from orchestrator.store.tables import candidate, session

DEFAULT_RETENTION_DAYS = 365
MAX_RETENTION_DAYS = 36500

_ANCHOR = ("boot_id", "boottime_ns", "wall", "exam_time", "speed")


@dataclass(frozen=True, kw_only=True)
class StoredSession:
    """One exam session as stored.

    document: the exam as JSON text. anchor: its time. retention_days: how long personal data are kept once it is
    closed. simulated: no real machines; only then may its time run at another speed.
    """

    slug: str
    lab_id: str
    lab_folder: str
    lab_hash: str
    lab_version: str
    format_id: str
    state: str
    document: str
    created_at: datetime
    anchor: Anchor
    retention_days: int = DEFAULT_RETENTION_DAYS
    simulated: bool = False
    closed_at: datetime | None = None
    purged_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StoredCandidate:
    """A person who sits an exam: all the personal data that Épreuve holds. id: ``c01``, the only name elsewhere."""

    id: str
    surname: str
    first_name: str
    number: str
    birth_date: date | None = None
    email: str | None = None


def create(tx: Transaction, new: StoredSession) -> None:
    """Store a new session. Raises RecordError when one of this name exists, UsageError on a silly retention time."""
    if not 0 <= new.retention_days <= MAX_RETENTION_DAYS:
        raise UsageError(
            Text(
                f"La durée de conservation va de 0 à {MAX_RETENTION_DAYS} jours.",
                f"The retention time is 0 to {MAX_RETENTION_DAYS} days.",
            ),
            where=str(new.retention_days),
        )
    if tx.execute(select(session.c.slug).where(session.c.slug == new.slug)).one_or_none():
        raise RecordError(
            Text("Une session de ce nom existe déjà.", "A session of this name exists already."),
            where=new.slug,
            do=Text("Choisissez un autre nom.", "Choose another name."),
        )
    values = asdict(new)
    values |= values.pop("anchor")
    tx.execute(insert(session).values(values))


def load(tx: Transaction, slug: str) -> StoredSession:
    """A session. Raises RecordError when there is none of this name."""
    row = tx.execute(select(session).where(session.c.slug == slug)).one_or_none()
    if row is None:
        raise _no_session(slug)
    return _session(row)


def list_sessions(tx: Transaction) -> list[StoredSession]:
    """Every session, the oldest first."""
    return [_session(row) for row in tx.execute(select(session).order_by(session.c.created_at, session.c.slug))]


def save_document(tx: Transaction, slug: str, state: str, document: str) -> None:
    """Store what the exam has become. Raises RecordError."""
    _update(tx, slug, state=state, document=document)


def save_anchor(tx: Transaction, slug: str, anchor: Anchor) -> None:
    """Store the last known exam time. Raises RecordError."""
    _update(tx, slug, **asdict(anchor))


def mark_closed(tx: Transaction, slug: str, closed_at: datetime) -> None:
    """Start the retention time. Raises RecordError."""
    _update(tx, slug, closed_at=closed_at)


def mark_purged(tx: Transaction, slug: str, purged_at: datetime) -> None:
    """Remember that the personal data are gone. Raises RecordError."""
    _update(tx, slug, purged_at=purged_at)


def add_candidates(tx: Transaction, slug: str, people: Iterable[StoredCandidate]) -> None:
    """Store candidates of a session. Raises RecordError when an id or a number is there already."""
    for person in people:
        try:
            tx.execute(insert(candidate).values(session=slug, **asdict(person)))
        except IntegrityError as error:
            raise RecordError(
                Text(
                    "Ce candidat ou son numéro est déjà inscrit, ou la session n'existe pas.",
                    "This candidate or their number is enrolled already, or there is no such session.",
                ),
                where=f"{slug}/{person.id}",  # never the number: errors are logged
                do=Text("Corrigez la liste des candidats.", "Correct the list of candidates."),
            ) from error


def candidates(tx: Transaction, slug: str) -> list[StoredCandidate]:
    """The candidates of a session, by id; none once it was purged."""
    return [
        _candidate(row)
        for row in tx.execute(select(candidate).where(candidate.c.session == slug).order_by(candidate.c.id))
    ]


def find_candidate(tx: Transaction, slug: str, candidate_id: str) -> StoredCandidate | None:
    """A candidate; None when there is none, or not any more."""
    query = select(candidate).where(candidate.c.session == slug, candidate.c.id == candidate_id)
    row = tx.execute(query).one_or_none()
    return None if row is None else _candidate(row)


def _update(tx: Transaction, slug: str, **values: Any) -> None:
    if tx.execute(update(session).where(session.c.slug == slug).values(values)).rowcount == 0:
        raise _no_session(slug)


def _no_session(slug: str) -> RecordError:
    return RecordError(
        Text("Il n'y a pas de session de ce nom.", "There is no session of this name."),
        where=slug,
        do=Text("« epreuve session list » montre les sessions.", "“epreuve session list” shows the sessions."),
    )


def _session(row: Row[Any]) -> StoredSession:
    values = dict(row._mapping)
    anchor = Anchor(**{name: values.pop(name) for name in _ANCHOR})
    return StoredSession(**values, anchor=anchor)


def _candidate(row: Row[Any]) -> StoredCandidate:
    values = dict(row._mapping)
    del values["session"]
    return StoredCandidate(**values)
