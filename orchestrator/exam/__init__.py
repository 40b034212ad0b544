"""The pure core of an exam session: its states, each candidate's clock, and the events that explain both.

``decide(exam, command, now)`` gives events or raises Refused; ``apply(exam, event)`` gives the next exam. What is
stored is always the fold of the events. No I/O, no clock is read: see ``docs/exam-session.md``.
"""

from __future__ import annotations

from orchestrator.exam import commands, events
from orchestrator.exam.clock import Clock, ExtraTime, Pause
from orchestrator.exam.commands import ENGINE, Command
from orchestrator.exam.decide import decide
from orchestrator.exam.events import EVENT, Event
from orchestrator.exam.fold import apply, fold
from orchestrator.exam.model import (
    CandidateState,
    Desired,
    Exam,
    IncidentState,
    Phase,
    Reset,
    SessionState,
    Sitting,
    Verification,
    desired,
)
from orchestrator.exam.refusals import CANDIDATE_STATES, SESSION_STATES, HistoryError, Refused

__all__ = [
    "CANDIDATE_STATES",
    "ENGINE",
    "EVENT",
    "SESSION_STATES",
    "CandidateState",
    "Clock",
    "Command",
    "Desired",
    "Event",
    "Exam",
    "ExtraTime",
    "HistoryError",
    "IncidentState",
    "Pause",
    "Phase",
    "Refused",
    "Reset",
    "SessionState",
    "Sitting",
    "Verification",
    "apply",
    "commands",
    "decide",
    "desired",
    "events",
    "fold",
]
