"""The desk: where every order of a person and every report of the engine enters a session.

One write transaction each: read the exam, decide, append the events to the journal, store what the exam has become. So
two supervisors acting at once, or a process killed anywhere, leave either all of it or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from orchestrator.exam import Command, Event, Exam, apply, decide
from orchestrator.exam.commands import ClockJumped, HostWasDown
from orchestrator.exam.events import SessionClosed
from orchestrator.store import accounts, exams, examtime, journal, privacy, seats
from orchestrator.store.accounts import SessionRole
from orchestrator.store.database import Store, Transaction
from orchestrator.store.exams import StoredCandidate, StoredSession

JUMP_S = 2.0
"""A wall clock that moved by less against the exam time is being steered, not set."""


@dataclass(frozen=True)
class Open:
    """A session as read at one moment: its row, its exam, and the exam time."""

    stored: StoredSession
    exam: Exam
    now: datetime


class Desk:
    """Entry to the sessions of one store. Safe for many threads."""

    def __init__(self, store: Store, clock: examtime.Clock | None = None) -> None:
        self.store = store
        self.clock: examtime.Clock = clock or examtime.HostClock()

    def create(
        self,
        new: StoredSession,
        people: Sequence[StoredCandidate],
        orders: Sequence[Command],
        *,
        trusted: Mapping[SessionRole, Sequence[str]] | None = None,
        provided: Callable[[Transaction], None] = lambda _tx: None,
    ) -> Exam:
        """A new session with its candidates and their seat codes: all of it or nothing. ``orders``: Create first, then
        Enrol. ``trusted``: accounts that it is entrusted to, by role. ``provided``: raises if there may be none, as the
        store is when it is made.

        ``new.document`` and ``new.state`` are filled in here. Raises Refused, RecordError, UsageError.
        """
        now = examtime.at(new.anchor, self.clock.read())
        exam: Exam | None = None
        made: list[Event] = []
        for order in orders:
            for event in decide(exam, order, now):
                exam = apply(exam, event)
                made.append(event)
        assert exam is not None  # noqa: S101 - decide refuses anything before Create
        with self.store.write() as tx:
            provided(tx)
            exams.create(tx, _with(new, exam))
            exams.add_candidates(tx, new.slug, people)
            seats.ensure_codes(tx, new.slug, [person.id for person in people], self.clock.read().wall)
            for role, who in (trusted or {}).items():
                accounts.entrust(tx, new.slug, role, who)
            for event in made:
                _journal(tx, new.slug, event)
        return exam

    def do(self, slug: str, *commands: Command) -> tuple[Event, ...]:
        """Carry out orders or reports, all in one transaction; the events they made.

        Raises Refused (nothing was changed then) and RecordError when there is no such session.
        """
        with self.store.write() as tx:
            return self.within(tx, slug, *commands)

    def within(self, tx: Transaction, slug: str, *commands: Command) -> tuple[Event, ...]:
        """The same, in a transaction that does more."""
        opened = self._open(exams.load(tx, slug))
        exam, made = opened.exam, []
        for command in commands:
            for event in decide(exam, command, opened.now):
                exam = apply(exam, event)
                _journal(tx, slug, event)
                made.append(event)
                if isinstance(event, SessionClosed):
                    exams.mark_closed(tx, slug, self.clock.read().wall)
        if made:
            exams.save_document(tx, slug, exam.state, exam.model_dump_json())
        return tuple(made)

    def purge(self, slug: str, command: Command, *, early: bool) -> int:
        """Remove the personal data of a session and have its files removed; how many candidates."""
        with self.store.write() as tx:
            removed = privacy.purge(tx, slug, now=self.clock.read().wall, early=early)
            if self._open(exams.load(tx, slug)).exam.state != "purged":
                self.within(tx, slug, command)
        return removed

    def open(self, slug: str) -> Open:
        """A session as it stands. Raises RecordError."""
        with self.store.read() as tx:
            return self.look(tx, slug)

    def look(self, tx: Transaction, slug: str) -> Open:
        """The same, in a transaction that does more."""
        return self._open(exams.load(tx, slug))

    def sessions(self) -> list[Open]:
        """Every session, the oldest first."""
        with self.store.read() as tx:
            return [self._open(stored) for stored in exams.list_sessions(tx)]

    def keep_time(self, slug: str) -> None:
        """Move the session's anchor on: what it holds is the last known exam time, should the host fail.

        A wall clock that was set meanwhile changes no deadline; it is explained in the journal. The time for which a
        rebooted host was down is given back to whoever was at work.
        """
        with self.store.write() as tx:
            stored = exams.load(tx, slug)
            reading = self.clock.read()
            if examtime.rebooted(stored.anchor, reading):  # in the transaction that anchors anew: counted once
                self.within(tx, slug, HostWasDown(since=stored.anchor.exam_time))
            jumped = examtime.jump(stored.anchor, reading)
            if abs(jumped) >= timedelta(seconds=JUMP_S):
                self.within(tx, slug, ClockJumped(by_s=round(jumped.total_seconds(), 3)))
            exams.save_anchor(tx, slug, examtime.refreshed(stored.anchor, reading))

    def _open(self, stored: StoredSession) -> Open:
        exam = _exam(stored.document)
        return Open(stored, exam, max(examtime.at(stored.anchor, self.clock.read()), exam.updated_at))


@lru_cache(maxsize=32)
def _exam(document: str) -> Exam:
    """An exam from its document. It is never changed in place, and a whole room asks for the same again and again."""
    return Exam.model_validate_json(document)


def _with(new: StoredSession, exam: Exam) -> StoredSession:
    return replace(new, state=exam.state, document=exam.model_dump_json())


def _journal(tx: Transaction, slug: str, event: Event) -> None:
    data = json.loads(event.model_dump_json(exclude={"at", "who", "why", "candidate", "kind"}))
    journal.append(
        tx, slug, at=event.at, who=event.who, kind=event.kind, candidate=event.candidate, why=event.why, data=data
    )
