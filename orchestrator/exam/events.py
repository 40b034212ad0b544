"""What can happen in an exam session. The journal is made of these; the exam is what they add up to.

Each says when, who and why; ``candidate`` is None for what concerns the whole session. Written by ``decide``, read back
with ``EVENT.validate_json``. A ``kind`` and its fields never change their meaning: old journals must stay readable.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints, TypeAdapter

from labs.base import Slug
from labs.text import Text
from labs.variant import Value
from orchestrator.exam.clock import ExtraTime
from orchestrator.exam.model import (
    Backing,
    Book,
    Frozen,
    HardwareAddress,
    Hold,
    HostKey,
    Label,
    Name,
    Phase,
    Resolution,
    Seed,
)

Why = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Happened(Frozen):
    """Base of all events. ``at``: exam time. ``who``: login name, or the engine's. ``why``: the reason given."""

    at: AwareDatetime
    who: Label
    why: Why = ""
    candidate: Name | None = None


class OfSession(Happened):
    """Base of what concerns the whole session."""

    candidate: None = None


class OfCandidate(Happened):
    """Base of what concerns one candidate."""

    candidate: Name


# --- the session
class SessionCreated(OfSession):
    """A session was made."""

    kind: Literal["session-created"] = "session-created"
    slug: Name
    lab: Slug
    lab_version: Reference
    lab_hash: Reference
    format: Slug
    machines: tuple[Slug, ...]
    devices: tuple[Slug, ...] = Field(default=(), exclude_if=lambda devices: not devices)
    phases: tuple[Phase, ...]
    variants_seed: Seed = Field(default="", exclude_if=lambda seed: not seed)
    backing: Backing | None = Field(default=None, exclude_if=lambda backing: backing is None)


class SessionPrepared(OfSession):
    """Every expected candidate's bench is ready."""

    kind: Literal["session-prepared"] = "session-prepared"


class SessionFrozen(OfSession):
    """Every candidate's work is frozen, or they were absent."""

    kind: Literal["session-frozen"] = "session-frozen"


class JuryOpened(OfSession):
    """The jury's part began."""

    kind: Literal["jury-opened"] = "jury-opened"


class SessionClosed(OfSession):
    """The session is over; of the benches only the files are kept."""

    kind: Literal["session-closed"] = "session-closed"


class SessionSealed(OfSession):
    """The dossiers are sealed. ``undecided``: whose decision was missing or unsigned; ``why`` says why that was so."""

    kind: Literal["session-sealed"] = "session-sealed"
    undecided: tuple[Name, ...] = ()


class SessionPurged(OfSession):
    """Personal data and benches are removed."""

    kind: Literal["session-purged"] = "session-purged"


# --- who sits here
class CandidateEnrolled(OfCandidate):
    """A candidate was put on the list."""

    kind: Literal["candidate-enrolled"] = "candidate-enrolled"
    seat: Label | None
    host: Label | None
    extra_percent: ExtraTime


class CandidateWithdrawn(OfCandidate):
    """A candidate was taken off the list before the exam."""

    kind: Literal["candidate-withdrawn"] = "candidate-withdrawn"


class CandidateAbsent(OfCandidate):
    """A candidate did not come."""

    kind: Literal["candidate-absent"] = "candidate-absent"


class CandidateReturned(OfCandidate):
    """A candidate came after all."""

    kind: Literal["candidate-returned"] = "candidate-returned"


class Moved(OfCandidate):
    """Another seat, another host, or both. None: as before. ``host_lost``: the host that the bench was on was said to
    be dead for good."""

    kind: Literal["moved"] = "moved"
    seat: Label | None
    host: Label | None
    host_lost: bool = False


# --- the devices on the tables
class DevicePlaced(OfCandidate):
    """A supervisor said at which address a physical device is; its key is to be confirmed again when it has moved."""

    kind: Literal["device-placed"] = "device-placed"
    machine: Slug
    address: IPv4Address


class DeviceConfirmed(OfCandidate):
    """A supervisor confirmed the host key that a device has shown."""

    kind: Literal["device-confirmed"] = "device-confirmed"
    machine: Slug
    host_key: HostKey


class DeviceRadios(OfCandidate):
    """The hardware addresses of a device's radios. read: it has told them itself; else a supervisor has."""

    kind: Literal["device-radios"] = "device-radios"
    machine: Slug
    radios: Annotated[tuple[HardwareAddress, ...], Field(min_length=1, max_length=8)]
    read: bool


class DeviceRefused(OfCandidate):
    """A device showed another key than the confirmed one: it is not asked. ``host_key``: empty in old journals."""

    kind: Literal["device-refused"] = "device-refused"
    machine: Slug
    fingerprint: Reference
    host_key: HostKey | Literal[""] = Field(default="", exclude_if=lambda key: not key)


class DeviceShown(OfCandidate):
    """A device answers, with this key: nobody has confirmed one, or it is the confirmed one again."""

    kind: Literal["device-shown"] = "device-shown"
    machine: Slug
    host_key: HostKey


class DeviceSilent(OfCandidate):
    """A device does not answer any more, or not yet."""

    kind: Literal["device-silent"] = "device-silent"
    machine: Slug


# --- the clock
class CandidateStarted(OfCandidate):
    """The clock runs."""

    kind: Literal["candidate-started"] = "candidate-started"


class CandidatePaused(OfCandidate):
    """A hold was put on the clock. ``was_running``: False when another hold had stopped it already."""

    kind: Literal["candidate-paused"] = "candidate-paused"
    hold: Hold
    was_running: bool


class CandidateResumed(OfCandidate):
    """A hold was taken off the clock. ``runs_again``: False when another hold still stops it."""

    kind: Literal["candidate-resumed"] = "candidate-resumed"
    hold: Hold
    runs_again: bool


class TimeExtended(OfCandidate):
    """More time. ``origin``: granted by a person, or given back for a bench that vanished or was moved, or a host
    that was down."""

    kind: Literal["time-extended"] = "time-extended"
    seconds: int = Field(ge=1)
    origin: Literal["granted", "bench-restored", "bench-moved", "host-down"]


class TimeTakenBack(OfCandidate):
    """An extension was corrected downwards."""

    kind: Literal["time-taken-back"] = "time-taken-back"
    seconds: int = Field(ge=1)


class FinishedEarly(OfCandidate):
    """The candidate handed in before the bell."""

    kind: Literal["finished-early"] = "finished-early"


class CandidateStopped(OfCandidate):
    """A supervisor ended the candidate's practical before the bell."""

    kind: Literal["candidate-stopped"] = "candidate-stopped"


class BellRung(OfCandidate):
    """Time is over. ``due_at``: the deadline. ``late_s``: seconds from the deadline to this event."""

    kind: Literal["bell-rung"] = "bell-rung"
    due_at: AwareDatetime
    late_s: Seconds


# --- the bench
class PrepareAsked(OfCandidate):
    """The candidate's bench is to be made."""

    kind: Literal["prepare-asked"] = "prepare-asked"


class BenchPlaced(OfCandidate):
    """The bench is made on this host."""

    kind: Literal["bench-placed"] = "bench-placed"
    host: Label


class BenchMoved(OfCandidate):
    """The bench is on this host now, and nowhere else."""

    kind: Literal["bench-moved"] = "bench-moved"
    host: Label


class HostCleared(OfCandidate):
    """A host that was given up is back; what it had of the bench, which had been replaced, is removed."""

    kind: Literal["host-cleared"] = "host-cleared"
    host: Label


class BenchReached(OfCandidate):
    """The host of the bench, which had not answered, answers again."""

    kind: Literal["bench-reached"] = "bench-reached"


class BenchReady(OfCandidate):
    """The bench is made, checked and suspended. variants: the candidate's values of the lab's variants."""

    kind: Literal["bench-ready"] = "bench-ready"
    variants: dict[str, Value] = Field(default_factory=dict, exclude_if=lambda values: not values)


class BenchFailed(OfCandidate):
    """The bench did not do what was asked; the engine goes on trying."""

    kind: Literal["bench-failed"] = "bench-failed"
    error: Text


class BenchFrozen(OfCandidate):
    """The bench is observed and saved. ``observation``: its hash; None when nothing could be observed."""

    kind: Literal["bench-frozen"] = "bench-frozen"
    observation: Reference | None


class BenchRestored(OfCandidate):
    """A vanished bench is back from a checkpoint (None: from its start). ``lost_s``: seconds of work lost with it."""

    kind: Literal["bench-restored"] = "bench-restored"
    missing_since: AwareDatetime
    checkpoint: Reference | None
    lost_s: Seconds


class BenchForJury(OfCandidate):
    """In a format without a practical: the bench is kept as it was made, for what the jury asks on machines."""

    kind: Literal["bench-for-jury"] = "bench-for-jury"


class MachinePoweredOn(OfCandidate):
    """A machine that somebody in it had powered off was powered on again."""

    kind: Literal["machine-powered-on"] = "machine-powered-on"
    machine: Slug


class MachineResetAsked(OfCandidate):
    """A machine, or the whole bench (None), is to be brought back to its start or to a checkpoint."""

    kind: Literal["machine-reset-asked"] = "machine-reset-asked"
    number: int
    machine: Slug | None
    to: Reference


class MachineResetDone(OfCandidate):
    """The reset of this number is done."""

    kind: Literal["machine-reset-done"] = "machine-reset-done"
    number: int


class MachineResetFailed(OfCandidate):
    """The reset of this number is given up; the bench is as it was."""

    kind: Literal["machine-reset-failed"] = "machine-reset-failed"
    number: int
    error: Text


class CheckpointTaken(OfCandidate):
    """A checkpoint was taken. ``stopped_s``: seconds for which the candidate's machines stood still."""

    kind: Literal["checkpoint-taken"] = "checkpoint-taken"
    checkpoint: Reference
    stopped_s: Seconds


class CheckpointFailed(OfCandidate):
    """A checkpoint could not be taken; the candidate goes on."""

    kind: Literal["checkpoint-failed"] = "checkpoint-failed"
    error: Text


# --- after the bell
class Judged(OfCandidate):
    """The observation was judged, for the ``number``-th time. ``verdicts``: hash of what was found."""

    kind: Literal["judged"] = "judged"
    number: int
    lab_hash: Reference
    verdicts: Reference
    points: Amount
    max_points: Amount


class Recorded(OfCandidate):
    """Something was written into a book: the ``number``-th entry of it. ``what``: which kind of entry. ``digest``:
    SHA-256 of it in RFC 8785 JSON; the words themselves are personal data and not in the journal."""

    kind: Literal["recorded"] = "recorded"
    book: Book
    number: int = Field(ge=1)
    what: Slug
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class DossierSealed(OfCandidate):
    """The candidate's dossier is written and sealed. ``manifest``: SHA-256 of its manifest. ``key``: the public key."""

    kind: Literal["dossier-sealed"] = "dossier-sealed"
    manifest: Reference
    key: Reference


class CopyAsked(OfCandidate):
    """A copy of the frozen bench is to be made."""

    kind: Literal["copy-asked"] = "copy-asked"
    number: int


class CopyOpened(OfCandidate):
    """The copy is there."""

    kind: Literal["copy-opened"] = "copy-opened"
    number: int


class CopyFailed(OfCandidate):
    """The copy could not be made."""

    kind: Literal["copy-failed"] = "copy-failed"
    number: int
    error: Text


class CopyUsed(OfCandidate):
    """The console of a machine of the copy was opened."""

    kind: Literal["copy-used"] = "copy-used"
    number: int
    machine: Slug


class CopyClosed(OfCandidate):
    """The copy is removed; what is frozen was never touched. ``cause``: why."""

    kind: Literal["copy-closed"] = "copy-closed"
    number: int
    cause: Literal["asked", "idle", "lost", "session-closed"]


class OfIncident(OfCandidate):
    """Base of what concerns an incident in a copy. ``number``: which one of this candidate. ``incident``: its id in the
    lab. ``request``: nothing is broken, something is asked for."""

    number: int
    incident: Slug
    request: bool


class IncidentAsked(OfIncident):
    """An incident is to be brought into a copy."""

    kind: Literal["incident-asked"] = "incident-asked"
    copy_number: int


class IncidentInjected(OfIncident):
    """It is there: its proof was seen to fail. ``breaking_s``: how long bringing it about took; ``seeing_s``: how long
    then until that was seen."""

    kind: Literal["incident-injected"] = "incident-injected"
    breaking_s: Seconds
    seeing_s: Seconds


class IncidentFailed(OfIncident):
    """It could not be brought about. ``touched``: the copy may have been changed by the attempt."""

    kind: Literal["incident-failed"] = "incident-failed"
    error: Text
    touched: bool


class IncidentEnded(OfIncident):
    """It was in a copy that is no more."""

    kind: Literal["incident-ended"] = "incident-ended"
    copy_number: int


class VerificationAsked(OfIncident):
    """It is to be looked at whether it is solved, for the ``verification``-th time."""

    kind: Literal["verification-asked"] = "verification-asked"
    verification: int


class IncidentVerified(OfIncident):
    """What that look found. ``harm``: see ``model.Verification``. ``observation``: hash of what was seen; None when
    nothing could be, with ``error``."""

    kind: Literal["incident-verified"] = "incident-verified"
    verification: int
    outcome: Resolution
    harm: tuple[Reference, ...] | None
    observation: Reference | None
    error: Text | None


# --- the jury's part
class PhaseBegun(OfCandidate):
    """A candidate began a phase. ``number``: which of theirs, from 1. ``phase``: which one of the format, from 0.
    ``allotted_s``: how long it is to last, their extra time included."""

    kind: Literal["phase-begun"] = "phase-begun"
    number: int
    phase: int
    title: Reference
    allotted_s: int


class PhaseEnded(OfCandidate):
    """A phase is over. ``lasted_s``: for how long it went on; the rest as when it began."""

    kind: Literal["phase-ended"] = "phase-ended"
    number: int
    phase: int
    title: Reference
    allotted_s: int
    lasted_s: Seconds


# --- what only explains
class ClockJumped(OfSession):
    """The host's clock jumped by so many seconds (negative: back). Exam time did not."""

    kind: Literal["clock-jumped"] = "clock-jumped"
    by_s: float = Field(allow_inf_nan=False)


class HostWasDown(OfSession):
    """The host was down since ``since``, for so many seconds: nobody could work."""

    kind: Literal["host-was-down"] = "host-was-down"
    since: AwareDatetime
    down_s: Seconds


class ServiceStarted(OfSession):
    """The service looks after this session."""

    kind: Literal["service-started"] = "service-started"


class ServiceStopped(OfSession):
    """The service was stopped; benches go on, deadlines stay."""

    kind: Literal["service-stopped"] = "service-stopped"


SessionEvent = (
    SessionCreated
    | SessionPrepared
    | SessionFrozen
    | JuryOpened
    | SessionClosed
    | SessionSealed
    | SessionPurged
    | ClockJumped
    | HostWasDown
    | ServiceStarted
    | ServiceStopped
)
ClockEvent = (
    CandidateStarted
    | CandidatePaused
    | CandidateResumed
    | TimeExtended
    | TimeTakenBack
    | FinishedEarly
    | CandidateStopped
    | BellRung
)
BenchEvent = (
    PrepareAsked
    | BenchPlaced
    | BenchMoved
    | HostCleared
    | BenchReached
    | BenchReady
    | BenchFailed
    | BenchFrozen
    | BenchRestored
    | BenchForJury
    | MachinePoweredOn
    | MachineResetAsked
    | MachineResetDone
    | MachineResetFailed
    | CheckpointTaken
    | CheckpointFailed
)
RosterEvent = CandidateEnrolled | CandidateWithdrawn | CandidateAbsent | CandidateReturned | Moved
JuryEvent = Judged | Recorded | DossierSealed | CopyAsked | CopyOpened | CopyFailed | CopyUsed | CopyClosed
IncidentEvent = IncidentAsked | IncidentInjected | IncidentFailed | IncidentEnded | VerificationAsked | IncidentVerified
PhaseEvent = PhaseBegun | PhaseEnded
DeviceEvent = DevicePlaced | DeviceConfirmed | DeviceRadios | DeviceRefused | DeviceShown | DeviceSilent
Event = DeviceEvent | PhaseEvent | JuryEvent | IncidentEvent | SessionEvent | RosterEvent | ClockEvent | BenchEvent

EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
"""Reads any event: ``EVENT.validate_json(text)``; ``event.model_dump_json()`` writes one."""
