"""The rules of incidents: brought into the open copy of a frozen bench, one at a time, and verified as often as needed.

What an incident is, how it is brought about and what proves it, is the lab's; here is only what happened, and when.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from labs.text import Text
from orchestrator.exam import commands, events
from orchestrator.exam.commands import Command, IncidentOrder, IncidentReport
from orchestrator.exam.events import Event
from orchestrator.exam.model import Copy, Exam, IncidentState, Sitting
from orchestrator.exam.refusals import place, refused
from orchestrator.exam.rules import COPYABLE, candidate_in, session_in, stamp


def answer(exam: Exam, order: IncidentOrder, now: datetime) -> tuple[Event, ...]:
    """The events of an order about an incident. Raises Refused."""
    session_in(exam, order, *COPYABLE)
    sitting = candidate_in(exam, order.candidate, order, "frozen")
    if isinstance(order, commands.AskIncident):
        return (_asked(exam, sitting, order, now),)
    return (_verification(exam, sitting, order, now),)


def told(exam: Exam, report: IncidentReport, now: datetime) -> tuple[Event, ...]:
    """The events of a report about an incident; none when it was told already, or the incident ended with its copy."""
    sitting = exam.candidates.get(report.candidate)
    incident = None if sitting is None else _find(sitting, report.number)
    if sitting is None or incident is None:
        return ()
    signed = _signed(report, now, sitting, incident)
    match report:
        case commands.IncidentInjected():
            injected = {"breaking_s": report.breaking_s, "seeing_s": report.seeing_s}
            return (events.IncidentInjected(**signed, **injected),) if incident.state == "asked" else ()
        case commands.IncidentFailed():
            failed = {"error": report.error, "touched": report.touched}
            return (events.IncidentFailed(**signed, **failed),) if incident.state == "asked" else ()
        case commands.IncidentVerified():
            if incident.pending != report.verification:
                return ()
            verified = events.IncidentVerified(
                **signed,
                verification=report.verification,
                outcome=report.outcome,
                harm=report.harm,
                observation=report.observation,
                error=report.error,
            )
            return (verified,)


def end_all(sitting: Sitting, command: Command, now: datetime) -> tuple[Event, ...]:
    """No incident outlives its copy."""
    return tuple(
        events.IncidentEnded(**_signed(command, now, sitting, one), copy_number=one.copy_number)
        for one in sitting.incidents
        if one.is_live
    )


def _asked(exam: Exam, sitting: Sitting, order: commands.AskIncident, now: datetime) -> Event:
    copy = _open_copy(exam, sitting, order)
    for one in sitting.incidents:
        if one.state == "asked":
            raise refused(
                order,
                Text(f"l'incident {one.number} est en cours d'injection", f"incident {one.number} is being injected"),
                Text("Attendez quelques secondes.", "Wait some seconds."),
                place(exam, sitting),
            )
        last = one.verification
        solved = last is not None and last.outcome == "solved"
        if one.state == "injected" and one.incident == order.incident and not solved:
            raise refused(
                order,
                Text(
                    f"il est déjà dans cette copie (numéro {one.number})", f"it is in this copy already ({one.number})"
                ),
                Text(
                    "Vérifiez s'il est résolu, ou fermez la copie et ouvrez-en une autre.",
                    "Verify whether it is solved, or close the copy and open another one.",
                ),
                place(exam, sitting),
            )
    return events.IncidentAsked(
        **stamp(order, now, sitting.id),
        number=len(sitting.incidents) + 1,
        incident=order.incident,
        request=order.request,
        copy_number=copy.number,
    )


def _verification(exam: Exam, sitting: Sitting, order: commands.AskVerification, now: datetime) -> Event:
    incident = _find(sitting, order.number)
    if incident is None or incident.state != "injected":
        raise refused(
            order,
            Text(f"il n'y a pas d'incident {order.number} dans la copie", f"there is no incident {order.number} in it"),
            Text("Voyez d'abord ceux qu'il y a.", "See first which there are."),
            place(exam, sitting),
        )
    if incident.pending is not None:
        raise refused(
            order,
            Text("une vérification est déjà en cours", "a verification is already under way"),
            Text("Attendez son résultat.", "Wait for its result."),
            place(exam, sitting),
        )
    signed = _signed(order, now, sitting, incident)
    return events.VerificationAsked(**signed, verification=len(incident.verifications) + 1)


def _open_copy(exam: Exam, sitting: Sitting, order: commands.AskIncident) -> Copy:
    copy = sitting.frozen_copy
    if copy is None or copy.opened_at is None:
        raise refused(
            order,
            Text("il n'y a pas de copie ouverte de ce poste", "there is no open copy of this bench"),
            Text(
                "Ouvrez-en une, et attendez qu'elle soit prête : ce qui est figé n'est jamais touché.",
                "Open one, and wait until it is ready: what is frozen is never touched.",
            ),
            place(exam, sitting),
        )
    return copy


def _find(sitting: Sitting, number: int) -> IncidentState | None:
    return next((one for one in sitting.incidents if one.number == number), None)


def _signed(command: Command, now: datetime, sitting: Sitting, incident: IncidentState) -> dict[str, Any]:
    about = {"number": incident.number, "incident": incident.incident, "request": incident.request}
    return stamp(command, now, sitting.id) | about
