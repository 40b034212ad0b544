"""The rules of the jury's part: the phases that a candidate takes, in whatever order the jury wants, one at a time.

No bell rings in them: somebody is there. When each began and ended is recorded, and how much longer it lasted than it
was to. A format without a practical has this part alone: its candidates need no bench, and where they are given one
(for what the jury asks on machines) it is frozen as it was made, without an observation.
"""

from __future__ import annotations

from datetime import datetime

from labs.text import Text
from orchestrator.exam import commands, events
from orchestrator.exam.clock import Clock
from orchestrator.exam.commands import Command, PhaseOrder
from orchestrator.exam.events import Event
from orchestrator.exam.fold import apply
from orchestrator.exam.model import CandidateState, Exam, Phase, SessionState, Sitting
from orchestrator.exam.refusals import place, refused
from orchestrator.exam.rules import COPYABLE, OPEN, candidate_in, explained, session_in, stamp

_BEFORE_START: tuple[CandidateState, ...] = ("enrolled", "preparing", "ready")
_NOT_STARTED: tuple[SessionState, ...] = ("draft", "prepared")


def answer(exam: Exam, order: PhaseOrder, now: datetime) -> tuple[Event, ...]:
    """The events of an order about a phase. The first phase of a session opens the jury's part. Raises Refused."""
    if isinstance(order, commands.EndPhase):
        return (_ended(exam, order, now),)
    phase = _meant(exam, order)
    opened = _opened(exam, order, now)
    sitting = candidate_in(exam, order.candidate, order, *may_come(exam))
    if (busy := exam.phase_of(sitting)) is not None:
        raise refused(
            order,
            Text(f"« {busy.title} » est en cours", f"“{busy.title}” is under way"),
            Text("Terminez d'abord cette phase.", "End that phase first."),
            place(exam, sitting),
        )
    if any(taken.index == order.phase for taken in sitting.phases):
        explained(exam, order)
    begun = events.PhaseBegun(
        **stamp(order, now, sitting.id),
        number=len(sitting.phases) + 1,
        phase=order.phase,
        title=phase.title,
        allotted_s=allotted_s(phase, sitting),
    )
    return (*opened, begun)


def allotted_s(phase: Phase, sitting: Sitting) -> int:
    """Seconds that a phase is to last for a candidate, their extra time included where it counts."""
    extra = sitting.clock.extra_percent if phase.extra_time else 0
    return Clock(base_s=60 * phase.minutes, extra_percent=extra).allotted_s


def may_come(exam: Exam) -> tuple[CandidateState, ...]:
    """The states in which candidates may come before the jury: their work is frozen or, without a practical, they are
    on the list."""
    return ("frozen",) if exam.has_practical else ("enrolled", "frozen")


def attendance(exam: Exam) -> tuple[SessionState, ...]:
    """The states of a session in which somebody may turn out to be absent, or come after all."""
    return OPEN if exam.has_practical else (*OPEN, "jury")


def may_be_absent(exam: Exam) -> tuple[CandidateState, ...]:
    """The states in which a candidate may be found not to have come."""
    return (*_BEFORE_START, *(() if exam.has_practical else ("frozen",)))


def not_begun(exam: Exam, order: commands.MarkAbsent) -> None:
    """Raises Refused when a candidate has come before the jury: they were there."""
    sitting = exam.candidates.get(order.candidate)
    if sitting is not None and sitting.phases:
        raise refused(
            order,
            Text("il est déjà passé devant le jury", "the candidate has been before the jury"),
            Text("Terminez la phase en cours, s'il y en a une.", "End the phase that is under way, if there is one."),
            place(exam, sitting),
        )


def can_open(exam: Exam, order: commands.OpenJury | commands.BeginPhase) -> None:
    """Raises Refused when the jury's part cannot begin yet."""
    if exam.has_practical:
        session_in(exam, order, "frozen")
        return
    session_in(exam, order, *_NOT_STARTED)
    making = [one.id for one in exam.candidates.values() if one.state in ("preparing", "ready", "ended")]
    if making:
        names = ", ".join(making)
        raise refused(
            order,
            Text(f"le poste de {names} se prépare encore", f"the bench of {names} is still being made"),
            Text("Attendez quelques instants.", "Wait a moment."),
            exam.slug,
        )


def with_practical(exam: Exam, order: commands.Start) -> None:
    """Raises Refused when there is nothing to start."""
    if not exam.has_practical:
        raise refused(
            order,
            Text("ce format n'a pas d'épreuve pratique", "this format has no practical"),
            Text("Commencez la première phase devant le jury.", "Begin the first phase before the jury."),
            exam.slug,
        )


def all_ended(exam: Exam, order: commands.Close) -> None:
    """Raises Refused while somebody is in a phase: when it ended is for a person to say."""
    for sitting in exam.candidates.values():
        if (phase := exam.phase_of(sitting)) is not None:
            raise refused(
                order,
                Text(f"{sitting.id} est dans la phase « {phase.title} »", f"{sitting.id} is in phase “{phase.title}”"),
                Text("Terminez d'abord cette phase.", "End that phase first."),
                place(exam, sitting),
            )


def without_practical(exam: Exam, command: Command, now: datetime) -> tuple[Event, ...]:
    """What follows for a session without a practical: a bench that is made is kept as it is; when all are, it is
    prepared."""
    made: tuple[Event, ...] = tuple(
        events.BenchForJury(**stamp(command, now, one.id)) for one in exam.candidates.values() if one.state == "ready"
    )
    for event in made:
        exam = apply(exam, event)
    states = {sitting.state for sitting in exam.candidates.values()} - {"absent", "withdrawn"}
    if exam.state == "draft" and states == {"frozen"}:
        made += (events.SessionPrepared(**{**stamp(command, now), "why": ""}),)  # the reason was that bench's
    return made


def _meant(exam: Exam, order: commands.BeginPhase) -> Phase:
    phase = exam.phases[order.phase] if 0 <= order.phase < len(exam.phases) else None
    if phase is None:
        raise refused(
            order,
            Text("le format n'a pas cette phase", "the format has no such phase"),
            Text("Voyez ses phases (phase list).", "See its phases (phase list)."),
            exam.slug,
        )
    if phase.kind == "practical":
        raise refused(
            order,
            Text("la pratique n'est pas une phase du jury", "the practical is no phase of the jury's part"),
            Text("C'est le surveillant qui la démarre (start).", "It is the supervisor who starts it (start)."),
            exam.slug,
        )
    return phase


def _opened(exam: Exam, order: commands.BeginPhase, now: datetime) -> tuple[Event, ...]:
    """The jury's part begins with its first phase. While others are still at work the session stays as it is."""
    if exam.state == "jury" or exam.state == "running":
        return ()
    can_open(exam, order)
    return (events.JuryOpened(**stamp(order, now)),)


def _ended(exam: Exam, order: commands.EndPhase, now: datetime) -> Event:
    session_in(exam, order, *COPYABLE)
    sitting = candidate_in(exam, order.candidate, order, *may_come(exam))
    taken, phase = sitting.under_way, exam.phase_of(sitting)
    if taken is None or phase is None or order.number not in (None, len(sitting.phases)):
        raise refused(
            order,
            Text("elle n'est pas en cours", "it is not under way"),
            Text("Voyez où en est le candidat (phase list).", "See where the candidate is (phase list)."),
            place(exam, sitting),
        )
    return events.PhaseEnded(
        **stamp(order, now, sitting.id),
        number=len(sitting.phases),
        phase=taken.index,
        title=phase.title,
        allotted_s=taken.allotted_s,
        lasted_s=taken.lasted_s(now),
    )
