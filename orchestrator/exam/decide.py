"""From an order or a report to the events that it makes: the rules of an exam session.

Nothing is changed here: ``fold.apply`` turns the events into the next exam. Pure, so that it can be asked again.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from orchestrator.exam import commands, devices, events, incidents, jury, orders, phases, reports, room
from orchestrator.exam.commands import Command
from orchestrator.exam.events import Event
from orchestrator.exam.fold import apply
from orchestrator.exam.model import Exam
from orchestrator.exam.refusals import no_session, wrong_value
from orchestrator.exam.rules import stamp


def decide(exam: Exam | None, command: Command, now: datetime) -> tuple[Event, ...]:
    """The events that a command makes; empty when a report says nothing new.

    exam: as it stands; None before Create. now: exam time, aware, UTC. A ``now`` earlier than the last event counts as
    that event's moment: a clock that goes back neither lengthens nor shortens anybody's exam.

    :raises Refused: the order cannot be followed in this state, or a value is not valid. Nothing happened then.
    """
    try:
        if exam is None:
            return _first(command, now)
        moment = max(now, exam.updated_at)
        made = _answer(exam, command, moment)
        return made + _consequences(exam, made, command, moment)
    except ValidationError as error:
        raise wrong_value(command, error) from error


def _first(command: Command, now: datetime) -> tuple[Event, ...]:
    if isinstance(command, commands.Create):
        return (orders.create(command, now),)
    if isinstance(command, commands.Report):
        return ()
    raise no_session(command)


def _answer(exam: Exam, command: Command, now: datetime) -> tuple[Event, ...]:
    if isinstance(command, commands.Report):
        return reports.answer(exam, command, now)
    if isinstance(command, commands.RoomOrder):
        return room.answer(exam, command, now)
    if isinstance(command, commands.JuryOrder):
        return jury.answer(exam, command, now)
    if isinstance(command, commands.IncidentOrder):
        return incidents.answer(exam, command, now)
    if isinstance(command, commands.PhaseOrder):
        return phases.answer(exam, command, now)
    if isinstance(command, commands.DeviceOrder):
        return devices.answer(exam, command, now)
    return orders.answer(exam, command, now)


def _consequences(exam: Exam, made: tuple[Event, ...], command: Command, now: datetime) -> tuple[Event, ...]:
    """What the session becomes by what happened to its candidates; when nothing did, it stays what it is."""
    if not made:
        return ()
    for event in made:
        exam = apply(exam, event)
    if not exam.has_practical:
        return phases.without_practical(exam, command, now)
    states = {sitting.state for sitting in exam.candidates.values()} - {"absent", "withdrawn"}
    if exam.state == "draft" and states == {"ready"}:
        return (events.SessionPrepared(**stamp(command, now)),)
    if exam.state == "running" and states == {"frozen"}:
        return (events.SessionFrozen(**stamp(command, now)),)
    return ()
