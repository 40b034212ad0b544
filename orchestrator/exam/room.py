"""The rules about time: orders that concern one candidate or the whole room.

For the whole room, an order reaches those who can follow it, and is refused when nobody can. Whoever's deadline has
passed is out of reach, even before the engine has rung.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from labs.text import Text
from orchestrator.exam import commands, events
from orchestrator.exam.commands import Extend, Freeze, Pause, Resume, RoomOrder, Start, TakeBack
from orchestrator.exam.events import Event
from orchestrator.exam.model import Exam, Hold, Sitting
from orchestrator.exam.phases import with_practical
from orchestrator.exam.refusals import nobody, place, refused, wrong_candidate
from orchestrator.exam.rules import NOT_ENDED, OPEN, at_work, candidate_in, explained, not_due, session_in, stamp

MAX_EXTENSION_S = 8 * 3600
"""More than a day's exam at once is a slip of the hand."""


def answer(exam: Exam, order: RoomOrder, now: datetime) -> tuple[Event, ...]:
    """The events of an order about time. Raises Refused."""
    match order:
        case commands.Start():
            made = _start(exam, order, now)
        case commands.Pause():
            made = _pause(exam, order, now)
        case commands.Resume():
            made = _resume(exam, order, now)
        case commands.Extend():
            made = _extend(exam, order, now)
        case commands.TakeBack():
            made = _take_back(exam, order, now)
        case commands.Freeze():
            made = _freeze(exam, order, now)
    if not made:
        raise nobody(exam, order)
    return made


def _start(exam: Exam, order: Start, now: datetime) -> tuple[Event, ...]:
    with_practical(exam, order)
    session_in(exam, order, "prepared", "running")
    if order.candidate is not None:
        candidate_in(exam, order.candidate, order, "ready")
    if exam.room_paused:
        raise refused(order, Text("la salle est en pause", "the room is paused"), _RESUME_ROOM, exam.slug)
    return tuple(
        events.CandidateStarted(**stamp(order, now, sitting.id))
        for sitting in exam.candidates.values()
        if sitting.state == "ready" and order.candidate in (None, sitting.id)
    )


def _pause(exam: Exam, order: Pause, now: datetime) -> tuple[Event, ...]:
    """The room's pause is put on those who are paused already, too: resumed alone, they wait for the room."""
    session_in(exam, order, "running")
    explained(exam, order)
    hold: Hold = "room" if order.candidate is None else "candidate"
    if order.candidate is None:
        reached = at_work(exam, now)
        if all(sitting.state == "paused" for sitting in reached):
            raise nobody(exam, order)
    else:
        sitting = candidate_in(exam, order.candidate, order, "running", "paused")
        not_due(exam, sitting, order, now)
        if hold in sitting.holds:
            raise wrong_candidate(exam, sitting, order)
        reached = [sitting]
    return tuple(
        events.CandidatePaused(**stamp(order, now, sitting.id), hold=hold, was_running=not sitting.holds)
        for sitting in reached
        if hold not in sitting.holds
    )


def _resume(exam: Exam, order: Resume, now: datetime) -> tuple[Event, ...]:
    session_in(exam, order, "running")
    hold: Hold = "room" if order.candidate is None else "candidate"
    if order.candidate is None:
        reached = [sitting for sitting in exam.candidates.values() if hold in sitting.holds]
    else:
        sitting = candidate_in(exam, order.candidate, order, "paused")
        if hold not in sitting.holds:
            because = Text("c'est toute la salle qui est en pause", "it is the whole room that is paused")
            raise refused(order, because, _RESUME_ROOM, place(exam, sitting))
        reached = [sitting]
    return tuple(
        events.CandidateResumed(**stamp(order, now, sitting.id), hold=hold, runs_again=sitting.holds == (hold,))
        for sitting in reached
    )


def _extend(exam: Exam, order: Extend, now: datetime) -> tuple[Event, ...]:
    """The room: those at work, for whom something took time; not those who have yet to begin."""
    session_in(exam, order, *OPEN)
    explained(exam, order)
    _bounded(exam, order)
    if order.candidate is None:
        reached = at_work(exam, now)
    else:
        sitting = candidate_in(exam, order.candidate, order, *NOT_ENDED)
        not_due(exam, sitting, order, now)
        reached = [sitting]
    return tuple(
        events.TimeExtended(**stamp(order, now, sitting.id), seconds=order.seconds, origin="granted")
        for sitting in reached
    )


def _take_back(exam: Exam, order: TakeBack, now: datetime) -> tuple[Event, ...]:
    session_in(exam, order, *OPEN)
    explained(exam, order)
    _bounded(exam, order)

    def possible(sitting: Sitting) -> bool:
        """Never below what everyone has, and never so that the bell would ring at once."""
        enough = sitting.clock.remaining(now) > timedelta(seconds=order.seconds)
        return enough and sitting.clock.extended_s >= order.seconds

    if order.candidate is None:
        reached = [sitting for sitting in at_work(exam, now) if possible(sitting)]
    else:
        sitting = candidate_in(exam, order.candidate, order, *NOT_ENDED)
        not_due(exam, sitting, order, now)
        if not possible(sitting):
            because = Text(
                "ce serait plus que le temps accordé ou restant", "it would be more than was granted or is left"
            )
            granted, left = sitting.clock.extended_s, int(sitting.clock.remaining_s(now))
            do = Text(f"Accordé : {granted} s ; restant : {left} s.", f"Granted: {granted} s; left: {left} s.")
            raise refused(order, because, do, place(exam, sitting))
        reached = [sitting]
    return tuple(events.TimeTakenBack(**stamp(order, now, sitting.id), seconds=order.seconds) for sitting in reached)


def _freeze(exam: Exam, order: Freeze, now: datetime) -> tuple[Event, ...]:
    session_in(exam, order, "running")
    explained(exam, order)
    if order.candidate is None:
        reached = at_work(exam, now)
    else:
        sitting = candidate_in(exam, order.candidate, order, "running", "paused")
        not_due(exam, sitting, order, now)
        reached = [sitting]
    return tuple(events.CandidateStopped(**stamp(order, now, sitting.id)) for sitting in reached)


def _bounded(exam: Exam, order: Extend | TakeBack) -> None:
    if not 1 <= order.seconds <= MAX_EXTENSION_S:
        because = Text(f"{order.seconds} s n'est pas une durée admise", f"{order.seconds} s is no duration allowed")
        raise refused(order, because, Text("De 1 seconde à 8 heures.", "From 1 second to 8 hours."), exam.slug)


_RESUME_ROOM = Text(
    "Reprenez l'épreuve de toute la salle (resume, sans candidat).", "Resume the whole room (resume, no candidate)."
)
