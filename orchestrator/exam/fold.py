"""From events to the exam that they add up to. What was decided is only recorded here: no rule is checked again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from orchestrator.exam import events
from orchestrator.exam.clock import Clock
from orchestrator.exam.events import Event
from orchestrator.exam.model import (
    Copy,
    DeviceAt,
    Exam,
    Hold,
    IncidentState,
    PhaseTaken,
    Reset,
    SessionState,
    Sitting,
    Verification,
)
from orchestrator.exam.refusals import HistoryError

_Attendance = events.CandidateWithdrawn | events.CandidateAbsent | events.CandidateReturned | events.Moved
_AfterBell = events.JuryEvent | events.IncidentEvent | events.PhaseEvent
_OfSitting = events.ClockEvent | events.BenchEvent | _AfterBell | _Attendance | events.DeviceEvent

_SESSION_STATE: dict[type[events.OfSession], SessionState] = {
    events.SessionPrepared: "prepared",
    events.SessionFrozen: "frozen",
    events.JuryOpened: "jury",
    events.SessionClosed: "closed",
    events.SessionSealed: "sealed",
    events.SessionPurged: "purged",
}


def fold(history: Iterable[Event]) -> Exam:
    """The exam after all these events. Raises HistoryError when they cannot belong together."""
    exam: Exam | None = None
    for event in history:
        exam = apply(exam, event)
    if exam is None:
        raise HistoryError("0")
    return exam


def apply(exam: Exam | None, event: Event) -> Exam:
    """The exam after one more event; None: before the first. Raises HistoryError when it cannot be the next one."""
    if isinstance(event, events.SessionCreated):
        if exam is not None:
            raise HistoryError(f"{exam.slug}: {event.kind}")
        return _created(event)
    if exam is None:
        raise HistoryError(event.kind)
    changes: dict[str, Any] = {"updated_at": max(exam.updated_at, event.at)}
    if isinstance(event, events.SessionEvent):
        changes["state"] = _SESSION_STATE.get(type(event), exam.state)
        return exam.model_copy(update=changes)
    if isinstance(event, events.CandidateEnrolled):
        clock = Clock(base_s=exam.practical_s, extra_percent=event.extra_percent)
        sitting = Sitting(id=event.candidate, seat=event.seat, host=event.host, clock=clock)
    else:
        before = exam.candidates.get(event.candidate)
        if before is None or not _can_follow(before, event):
            raise HistoryError(f"{exam.slug}/{event.candidate}: {event.kind}")
        sitting = before.model_copy(update=_changes(before, event))
    if isinstance(event, events.CandidateStarted):
        changes["state"] = "running"
    changes["candidates"] = {**exam.candidates, sitting.id: sitting}
    return exam.model_copy(update=changes)


def _created(event: events.SessionCreated) -> Exam:
    return Exam(
        slug=event.slug,
        lab=event.lab,
        lab_version=event.lab_version,
        lab_hash=event.lab_hash,
        format=event.format,
        machines=event.machines,
        devices=event.devices,
        phases=event.phases,
        variants_seed=event.variants_seed,
        backing=event.backing,
        created_at=event.at,
        updated_at=event.at,
    )


def _can_follow(sitting: Sitting, event: _OfSitting) -> bool:
    """An event that undoes something needs that something; without it there is no next state to go to."""
    match event:
        case events.CandidateResumed():
            return event.hold in sitting.holds
        case events.CandidateReturned():
            return sitting.returns_to is not None
        case events.CopyOpened() | events.CopyUsed():
            return sitting.frozen_copy is not None
        case events.IncidentAsked():
            return sitting.frozen_copy is not None and event.number == len(sitting.incidents) + 1
        case events.IncidentVerified():
            known = [one for one in sitting.incidents if one.number == event.number]
            return bool(known) and known[0].pending == event.verification
        case events.OfIncident():
            return 1 <= event.number <= len(sitting.incidents)
        case events.PhaseEnded():
            return sitting.under_way is not None
        case (
            events.DeviceConfirmed()
            | events.DeviceRadios()
            | events.DeviceRefused()
            | events.DeviceShown()
            | events.DeviceSilent()
        ):
            return event.machine in sitting.devices
        case _:
            return True


def _changes(sitting: Sitting, event: _OfSitting) -> dict[str, Any]:
    """What an event changes in a sitting, by field."""
    if isinstance(event, events.ClockEvent):
        return _clock_changes(sitting, event)
    if isinstance(event, events.BenchEvent):
        return _bench_changes(sitting, event)
    if isinstance(event, events.JuryEvent):
        return _jury_changes(sitting, event)
    if isinstance(event, events.IncidentEvent):
        return _incident_changes(sitting, event)
    if isinstance(event, events.PhaseEvent):
        return _phase_changes(sitting, event)
    if isinstance(event, events.DeviceEvent):
        return _device_changes(sitting, event)
    match event:
        case events.CandidateWithdrawn():
            return {"state": "withdrawn", "returns_to": None, "reset": None}
        case events.CandidateAbsent():
            return {"state": "absent", "returns_to": sitting.state}
        case events.CandidateReturned():
            return {"state": sitting.returns_to, "returns_to": None}
        case events.Moved():
            return _moved(sitting, event)


def _device_changes(sitting: Sitting, event: events.DeviceEvent) -> dict[str, Any]:
    known = sitting.devices.get(event.machine)
    if isinstance(event, events.DevicePlaced):
        address = str(event.address)
        now = known if known is not None and known.address == address else DeviceAt(address=address)
        return {"devices": {**sitting.devices, event.machine: now}}
    assert known is not None  # noqa: S101 - _can_follow has seen to it
    match event:
        case events.DeviceConfirmed():
            confirmed = {"host_key": event.host_key, "shown": event.host_key, "refused": "", "silent": False}
            now = known.model_copy(update=confirmed)
        case events.DeviceRadios():
            noted = {"radios": event.radios, "radios_at": event.at, "radios_read": event.read}
            now = known.model_copy(update=noted)
        case events.DeviceRefused():
            shown = {"refused": event.fingerprint, "shown": event.host_key, "silent": False}
            now = known.model_copy(update=shown)
        case events.DeviceShown():
            now = known.model_copy(update={"refused": "", "shown": event.host_key, "silent": False})
        case events.DeviceSilent():
            now = known.model_copy(update={"silent": True})
    return {"devices": {**sitting.devices, event.machine: now}}


def _moved(sitting: Sitting, event: events.Moved) -> dict[str, Any]:
    seat = {"seat": event.seat or sitting.seat}
    if event.host is None:
        return seat
    lost = sitting.hosts_but(event.host) if event.host_lost else set()
    return {
        **seat,
        "host": event.host,
        "given_up": tuple(sorted({*sitting.given_up, *lost})),
        "moving_since": event.at,
        "between": tuple(sorted({*sitting.between, event.host})),
    }


def _clock_changes(sitting: Sitting, event: events.ClockEvent) -> dict[str, Any]:
    clock = sitting.clock
    match event:
        case events.CandidateStarted():
            return {"state": "running", "clock": clock.start(event.at)}
        case events.CandidatePaused():
            holds: tuple[Hold, ...] = tuple(sorted({*sitting.holds, event.hold}))
            return {"state": "paused", "holds": holds, "clock": clock if sitting.holds else clock.pause(event.at)}
        case events.CandidateResumed():
            left = tuple(hold for hold in sitting.holds if hold != event.hold)
            return {"holds": left} if left else {"state": "running", "holds": (), "clock": clock.resume(event.at)}
        case events.TimeExtended():
            return {"clock": clock.extend(event.seconds)}
        case events.TimeTakenBack():
            return {"clock": clock.extend(-event.seconds)}
        case events.FinishedEarly() | events.CandidateStopped() | events.BellRung():
            early = isinstance(event, events.FinishedEarly)
            return {"state": "ended", "holds": (), "clock": clock.end(event.at), "finished_early": early}


def _bench_changes(sitting: Sitting, event: events.BenchEvent) -> dict[str, Any]:
    match event:
        case events.PrepareAsked():
            return {"state": "preparing"}
        case events.BenchPlaced():
            return {"host": sitting.host or event.host, "home": event.host}
        case events.BenchMoved():
            return {"home": event.host, "moving_since": None, "between": (), "failure": None}
        case events.HostCleared():
            return {"given_up": tuple(host for host in sitting.given_up if host != event.host)}
        case events.BenchReached():
            return {"failure": None}
        case events.BenchReady():
            return {"returns_to" if sitting.state == "absent" else "state": "ready", "failure": None}
        case events.BenchFailed():
            return {"failure": event.error}
        case events.BenchRestored():
            return {"missing_since": event.missing_since, "restored_at": event.at, "failure": None}
        case events.BenchForJury():
            return {"state": "ended"}
        case events.MachinePoweredOn():
            return {"failure": None}
        case events.MachineResetAsked():
            reset = Reset(number=event.number, machine=event.machine, to=event.to)
            return {"reset": reset, "resets": event.number}
        case events.MachineResetDone():
            return {"reset": None, "failure": None}
        case events.MachineResetFailed():
            return {"reset": None, "failure": event.error}
        case events.CheckpointTaken():
            return {"checkpoints": (*sitting.checkpoints, event.checkpoint), "checkpoint_failure": None}
        case events.CheckpointFailed():
            return {"checkpoint_failure": event.error}
        case events.BenchFrozen():
            return {"state": "frozen", "observation": event.observation, "reset": None, "failure": None}


def _jury_changes(sitting: Sitting, event: events.JuryEvent) -> dict[str, Any]:
    wanted = sitting.frozen_copy
    match event:
        case events.Judged():
            return {"judgements": event.number}
        case events.Recorded():
            return {"records": {**sitting.records, event.book: event.number}}
        case events.DossierSealed():
            return {"dossier": event.manifest}
        case events.CopyAsked():
            asked = Copy(number=event.number, asked_at=event.at)
            return {"frozen_copy": asked, "copies": event.number, "copy_failure": None}
        case events.CopyOpened():
            return {"frozen_copy": wanted and wanted.model_copy(update={"opened_at": event.at})}
        case events.CopyUsed():
            return {"frozen_copy": wanted and wanted.model_copy(update={"used_at": event.at})}
        case events.CopyFailed():
            return {"frozen_copy": None, "copy_failure": event.error}
        case events.CopyClosed():
            return {"frozen_copy": None}


def _incident_changes(sitting: Sitting, event: events.IncidentEvent) -> dict[str, Any]:
    if isinstance(event, events.IncidentAsked):
        asked = IncidentState(
            number=event.number,
            incident=event.incident,
            request=event.request,
            copy_number=event.copy_number,
            asked_at=event.at,
        )
        return {"incidents": (*sitting.incidents, asked)}
    before = sitting.incidents[event.number - 1]
    after = before.model_copy(update=_one_incident(before, event))
    return {"incidents": tuple(after if one is before else one for one in sitting.incidents)}


def _one_incident(incident: IncidentState, event: events.IncidentEvent) -> dict[str, Any]:
    match event:
        case events.IncidentAsked():
            return {}
        case events.IncidentInjected():
            return {"state": "injected", "injected_at": event.at}
        case events.IncidentFailed():
            return {"state": "failed", "ended_at": event.at, "failure": event.error, "touched": event.touched}
        case events.IncidentEnded():
            return {"state": "ended", "ended_at": event.at}
        case events.VerificationAsked():
            return {"verifications": (*incident.verifications, Verification(asked_at=event.at))}
        case events.IncidentVerified():
            found = {"done_at": event.at, "outcome": event.outcome, "harm": event.harm, "error": event.error}
            last = incident.verifications[-1].model_copy(update=found)
            return {"verifications": (*incident.verifications[:-1], last)}


def _phase_changes(sitting: Sitting, event: events.PhaseEvent) -> dict[str, Any]:
    match event:
        case events.PhaseBegun():
            begun = PhaseTaken(index=event.phase, begun_at=event.at, allotted_s=event.allotted_s)
            return {"phases": (*sitting.phases, begun)}
        case events.PhaseEnded():
            ended = sitting.phases[-1].model_copy(update={"ended_at": event.at})
            return {"phases": (*sitting.phases[:-1], ended)}
