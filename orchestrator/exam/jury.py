"""The rules of what happens to frozen work: it is judged, perhaps again, looked at on a copy, and written about."""

from __future__ import annotations

from datetime import datetime, timedelta

from labs.text import Text
from orchestrator.exam import commands, events, incidents
from orchestrator.exam.commands import CopyReport, JuryOrder
from orchestrator.exam.events import Event
from orchestrator.exam.model import CandidateState, Copy, Exam, SessionState, Sitting
from orchestrator.exam.refusals import place, refused, shown
from orchestrator.exam.rules import COPYABLE, candidate_in, explained, session_in, stamp

WRITABLE: tuple[SessionState, ...] = (*COPYABLE, "closed")
"""The session's books are open."""

RECORDABLE: tuple[CandidateState, ...] = ("enrolled", "preparing", "ready", "running", "paused", "ended", "frozen")
"""The candidate sits, or sat, the exam: there is something to write about."""

USED_EVERY = timedelta(minutes=10)
"""How often it is recorded that the same copy is used."""


def answer(exam: Exam, order: JuryOrder, now: datetime) -> tuple[Event, ...]:
    """The events of an order about frozen work. Raises Refused."""
    if isinstance(order, commands.Judge):
        return (_judged(exam, order, now),)
    if isinstance(order, commands.Record):
        return (_recorded(exam, order, now),)
    session_in(exam, order, *COPYABLE)
    sitting = candidate_in(exam, order.candidate, order, "frozen")
    signed = stamp(order, now, sitting.id)
    if isinstance(order, commands.OpenCopy):
        if sitting.frozen_copy is not None:
            raise refused(
                order,
                Text("elle est déjà ouverte ou demandée", "it is open or asked for already"),
                Text("Servez-vous de celle-là, ou fermez-la d'abord.", "Use that one, or close it first."),
                place(exam, sitting),
            )
        return (events.CopyAsked(**signed, number=sitting.copies + 1),)
    copy = _copy(exam, sitting, order)
    if isinstance(order, commands.CloseCopy):
        closed = events.CopyClosed(**signed, number=copy.number, cause="asked")
        return (*incidents.end_all(sitting, order, now), closed)
    return _used(exam, sitting, copy, order, now)


def told(exam: Exam, report: CopyReport, now: datetime) -> tuple[Event, ...]:
    """The events of a report about a copy; none when that copy is wanted no more."""
    sitting = exam.candidates.get(report.candidate)
    copy = None if sitting is None else sitting.frozen_copy
    if sitting is None or copy is None or copy.number != report.number:
        return ()
    signed = stamp(report, now, report.candidate)
    match report:
        case commands.CopyOpened():
            return () if copy.opened_at else (events.CopyOpened(**signed, number=copy.number),)
        case commands.CopyFailed():
            failed = events.CopyFailed(**signed, number=copy.number, error=report.error)
            return (*incidents.end_all(sitting, report, now), failed)
        case commands.CopyEnded():
            closed = events.CopyClosed(**signed, number=copy.number, cause=report.cause)
            return (*incidents.end_all(sitting, report, now), closed)


def close_all(exam: Exam, order: commands.Close, now: datetime) -> tuple[Event, ...]:
    """No copy outlives its session, and no incident its copy."""
    made: list[Event] = []
    for sitting in exam.candidates.values():
        if (copy := sitting.frozen_copy) is not None:
            signed = stamp(order, now, sitting.id)
            made += incidents.end_all(sitting, order, now)
            made.append(events.CopyClosed(**signed, number=copy.number, cause="session-closed"))
    return tuple(made)


def _judged(exam: Exam, order: commands.Judge, now: datetime) -> Event:
    session_in(exam, order, *COPYABLE, "closed")
    sitting = candidate_in(exam, order.candidate, order, "frozen")
    if sitting.observation is None:
        raise refused(
            order,
            Text("rien n'a pu être observé de ce poste", "nothing could be observed of this bench"),
            Text("Le jury décide sans relevé.", "The jury decides without an observation."),
            place(exam, sitting),
        )
    if sitting.judgements:
        explained(exam, order)
    return events.Judged(
        **stamp(order, now, sitting.id),
        number=sitting.judgements + 1,
        lab_hash=order.lab_hash,
        verdicts=order.verdicts,
        points=order.points,
        max_points=order.max_points,
    )


def _recorded(exam: Exam, order: commands.Record, now: datetime) -> Event:
    """Who may write what is for each book to say; a sealed dossier takes nothing more, and no entry takes the place
    of another."""
    session_in(exam, order, *WRITABLE)
    sitting = candidate_in(exam, order.candidate, order, *RECORDABLE)
    if order.number != sitting.records.get(order.book, 0) + 1:
        raise refused(
            order,
            Text("quelque chose vient d'y être écrit", "something has just been written there"),
            Text("Relisez, puis recommencez.", "Read it again, then try again."),
            place(exam, sitting),
        )
    return events.Recorded(
        **stamp(order, now, sitting.id), book=order.book, number=order.number, what=order.what, digest=order.digest
    )


def _copy(exam: Exam, sitting: Sitting, order: JuryOrder) -> Copy:
    if sitting.frozen_copy is None:
        raise refused(
            order,
            Text("il n'y en a pas", "there is none"),
            Text("Ouvrez-en une d'abord.", "Open one first."),
            place(exam, sitting),
        )
    return sitting.frozen_copy


def _used(exam: Exam, sitting: Sitting, copy: Copy, order: commands.UseCopy, now: datetime) -> tuple[Event, ...]:
    if copy.opened_at is None:
        raise refused(
            order,
            Text("la copie n'est pas encore prête", "the copy is not ready yet"),
            Text("Attendez quelques secondes.", "Wait some seconds."),
            place(exam, sitting),
        )
    if order.machine not in exam.machines:
        name, names = shown(order.machine), ", ".join(exam.machines)
        raise refused(
            order,
            Text(f"le poste n'a pas de machine « {name} »", f"the bench has no machine “{name}”"),
            Text(f"Machines : {names}.", f"Machines: {names}."),
            place(exam, sitting),
        )
    if copy.used_at is not None and now - copy.used_at < USED_EVERY:
        return ()
    return (events.CopyUsed(**stamp(order, now, sitting.id), number=copy.number, machine=order.machine),)
