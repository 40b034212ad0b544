"""What the rules share: who is meant, who is still at work, the signature of an event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from orchestrator.exam.commands import Command
from orchestrator.exam.model import CandidateState, Exam, SessionState, Sitting
from orchestrator.exam.refusals import bell_has_rung, no_reason, unknown_candidate, wrong_candidate, wrong_session

OPEN: tuple[SessionState, ...] = ("draft", "prepared", "running")
"""The session's practical is ahead or under way."""

OVER: tuple[SessionState, ...] = ("closed", "sealed", "purged")
"""Nothing is done in the session any more."""

COPYABLE: tuple[SessionState, ...] = ("running", "frozen", "jury")
"""The session's benches are still looked after: there can be a copy of a frozen one."""

NOT_ENDED: tuple[CandidateState, ...] = ("enrolled", "preparing", "ready", "running", "paused")
"""The candidate's practical is ahead or under way."""


def stamp(command: Command, now: datetime, candidate: str | None = None) -> dict[str, Any]:
    """When, who, why and whom: what every event begins with."""
    return {"at": now, "who": command.who, "why": command.why, "candidate": candidate}


def session_in(exam: Exam, command: Command, *states: SessionState) -> None:
    """Raises Refused when the session is in none of these states."""
    if exam.state not in states:
        raise wrong_session(exam, command)


def candidate_in(exam: Exam, candidate: str, command: Command, *states: CandidateState) -> Sitting:
    """The sitting meant. Raises Refused when there is none, or when it is in none of these states."""
    sitting = exam.candidates.get(candidate)
    if sitting is None:
        raise unknown_candidate(exam, candidate, command)
    if sitting.state not in states:
        raise wrong_candidate(exam, sitting, command)
    return sitting


def not_due(exam: Exam, sitting: Sitting, command: Command, now: datetime) -> None:
    """Raises Refused when the deadline has passed: whether the engine has rung already makes no difference."""
    if sitting.clock.is_due(now):
        raise bell_has_rung(exam, sitting, command)


def explained(exam: Exam, command: Command) -> None:
    """Raises Refused when no reason is given."""
    if not command.why.strip():
        raise no_reason(exam, command)


def at_work(exam: Exam, now: datetime) -> list[Sitting]:
    """Those who have begun and whose time is not over: running or paused."""
    return [
        sitting
        for sitting in exam.candidates.values()
        if sitting.state in ("running", "paused") and not sitting.clock.is_due(now)
    ]
