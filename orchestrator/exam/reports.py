"""What the engine reports. Twice, too late, or about nobody: nothing new, hence no event and never an error."""

from __future__ import annotations

import math
from datetime import datetime

from orchestrator.exam import commands, devices, events, incidents, jury
from orchestrator.exam.commands import BenchReport, Report
from orchestrator.exam.events import Event
from orchestrator.exam.model import Exam, Sitting
from orchestrator.exam.rules import OPEN, OVER, stamp


def answer(exam: Exam, report: Report, now: datetime) -> tuple[Event, ...]:
    """The events of a report; none once the session is closed: its journal is then complete."""
    if exam.state in OVER:
        return ()
    match report:
        case commands.RingBell():
            return ring(exam, report, now)
        case commands.ClockJumped():
            return (events.ClockJumped(**stamp(report, now), by_s=report.by_s),)
        case commands.HostWasDown():
            return _host_was_down(exam, report, now)
        case commands.ServiceStarted():
            return (events.ServiceStarted(**stamp(report, now)),)
        case commands.ServiceStopped():
            return (events.ServiceStopped(**stamp(report, now)),)
        case commands.CopyOpened() | commands.CopyFailed() | commands.CopyEnded():
            return jury.told(exam, report, now)
        case commands.IncidentInjected() | commands.IncidentFailed() | commands.IncidentVerified():
            return incidents.told(exam, report, now)
        case _:
            sitting = exam.candidates.get(report.candidate)
            return () if sitting is None else _about_bench(exam, sitting, report, now)


def ring(exam: Exam, report: commands.RingBell, now: datetime) -> tuple[Event, ...]:
    """A bell for everybody whose deadline is reached, whenever the engine comes to ask."""
    made: list[Event] = []
    for sitting in exam.candidates.values():
        due_at = sitting.clock.deadline()
        if sitting.state == "running" and due_at is not None and due_at <= now:
            late_s = (now - due_at).total_seconds()
            made.append(events.BellRung(**stamp(report, now, sitting.id), due_at=due_at, late_s=late_s))
    return tuple(made)


def _host_was_down(exam: Exam, report: commands.HostWasDown, now: datetime) -> tuple[Event, ...]:
    """Whoever was at work gets the time back, even past a deadline that came meanwhile: nobody could work."""
    since = min(report.since, now)
    down = events.HostWasDown(**stamp(report, now), since=since, down_s=(now - since).total_seconds())
    made: list[Event] = [down]
    for sitting in exam.candidates.values():
        seconds = math.ceil((sitting.clock.worked(now) - sitting.clock.worked(since)).total_seconds())
        if sitting.state == "running" and seconds > 0 and not sitting.clock.is_due(since):
            made.append(events.TimeExtended(**stamp(report, now, sitting.id), seconds=seconds, origin="host-down"))
    return tuple(made)


def _about_bench(exam: Exam, sitting: Sitting, report: BenchReport, now: datetime) -> tuple[Event, ...]:
    signed = stamp(report, now, sitting.id)
    match report:
        case commands.BenchPlaced():
            unplaced = sitting.home is None and (sitting.host in (None, report.host))
            return (events.BenchPlaced(**signed, host=report.host),) if unplaced else ()
        case commands.DeviceLooked():
            return devices.told(sitting, report, now)
        case commands.BenchMoved():
            return _moved(sitting, report, now)
        case commands.HostCleared():
            given_up = report.host in sitting.given_up
            return (events.HostCleared(**signed, host=report.host),) if given_up else ()
        case commands.BenchReached():
            return () if sitting.failure is None else (events.BenchReached(**signed),)
        case commands.BenchReady():
            waiting = "preparing" in (sitting.state, sitting.returns_to) and exam.state in OPEN
            return (events.BenchReady(**signed, variants=dict(report.variants)),) if waiting else ()
        case commands.BenchFailed():
            known = sitting.failure is not None or sitting.state in ("enrolled", "frozen", "withdrawn")
            return () if known else (events.BenchFailed(**signed, error=report.error),)
        case commands.BenchFrozen():
            ended = sitting.state == "ended"
            return (events.BenchFrozen(**signed, observation=report.observation),) if ended else ()
        case commands.BenchRestored():
            return _restored(sitting, report, now)
        case commands.PoweredOn():
            on = sitting.state == "running"
            return (events.MachinePoweredOn(**signed, machine=report.machine),) if on else ()
        case commands.ResetDone():
            asked = sitting.reset is not None and sitting.reset.number == report.number
            return (events.MachineResetDone(**signed, number=report.number),) if asked else ()
        case commands.ResetFailed():
            asked = sitting.reset is not None and sitting.reset.number == report.number
            failed = events.MachineResetFailed(**signed, number=report.number, error=report.error) if asked else None
            return (failed,) if failed else ()
        case commands.CheckpointTaken():
            known = report.checkpoint in sitting.checkpoints or not _has_bench(sitting)
            taken = {"checkpoint": report.checkpoint, "stopped_s": report.stopped_s}
            return () if known else (events.CheckpointTaken(**signed, **taken),)
        case commands.CheckpointFailed():
            known = report.error == sitting.checkpoint_failure or not _has_bench(sitting)
            return () if known else (events.CheckpointFailed(**signed, error=report.error),)


def _has_bench(sitting: Sitting) -> bool:
    """Their bench was ready once and is not frozen yet."""
    return sitting.state in ("ready", "running", "paused", "ended") or sitting.returns_to == "ready"


def _moved(sitting: Sitting, report: commands.BenchMoved, now: datetime) -> tuple[Event, ...]:
    """The bench is on another host, and the time for which the clock ran meanwhile is given back; where a host was
    given up, that comes when the bench is restored."""
    since = sitting.moving_since
    if since is None:
        return ()
    signed = stamp(report, now, sitting.id)
    moved = events.BenchMoved(**signed, host=report.host)
    if sitting.home in sitting.given_up or sitting.state not in ("running", "paused"):
        return (moved,)
    seconds = math.ceil((sitting.clock.worked(now) - sitting.clock.worked(min(since, now))).total_seconds())
    if seconds == 0 or sitting.clock.is_due(now):
        return (moved,)
    return (moved, events.TimeExtended(**signed, seconds=seconds, origin="bench-moved"))


def _restored(sitting: Sitting, report: commands.BenchRestored, now: datetime) -> tuple[Event, ...]:
    """The bench is back, and the time on the clock for which it was missing with it.

    Time already given back is not given twice, and after the deadline nothing is given: the bell rings when it must.
    """
    if report.missing_since == sitting.missing_since or not _has_bench(sitting):
        return ()
    signed = stamp(report, now, sitting.id)
    back = events.BenchRestored(
        **signed, missing_since=report.missing_since, checkpoint=report.checkpoint, lost_s=report.lost_s
    )
    since = report.missing_since if sitting.restored_at is None else max(report.missing_since, sitting.restored_at)
    missing = sitting.clock.worked(now) - sitting.clock.worked(min(since, now))
    seconds = math.ceil(missing.total_seconds())
    if seconds == 0 or sitting.state not in ("running", "paused") or sitting.clock.is_due(now):
        return (back,)
    return (back, events.TimeExtended(**signed, seconds=seconds, origin="bench-restored"))
