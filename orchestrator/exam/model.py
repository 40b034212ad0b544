"""An exam session as it stands: its format, its state, and one sitting per candidate.

Never changed in place: ``fold.apply`` makes the next one from an event. No personal data is in here: a candidate is an
id (``c01``, also the name of their bench); who that is stands in the store alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from labs.base import Slug
from labs.text import Text
from orchestrator.exam.clock import Clock

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,15}$")]
"""A session's slug or a candidate's id: both become part of the names of libvirt's domains (``orchestrator.bench``)."""

Label = Annotated[
    str, StringConstraints(min_length=1, max_length=64, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")
]
"""A seat, a host, a person who acts: one line of at most 64 characters."""

Seed = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{0,64}$")]
"""What values are drawn from: hexadecimal; empty where nothing is drawn."""

PhaseKind = Literal[
    "questionnaire",
    "practical",
    "written",
    "preparation",
    "jury",
    "presentation",
    "technical-interview",
    "final-interview",
]
SessionState = Literal["draft", "prepared", "running", "frozen", "jury", "closed", "sealed", "purged"]
CandidateState = Literal[
    "enrolled", "preparing", "ready", "running", "paused", "ended", "frozen", "absent", "withdrawn"
]
Hold = Literal["candidate", "room"]
"""Who stopped a clock: a pause of this candidate, or of the whole room. The clock runs again when no hold is left."""

Resolution = Literal["solved", "unsolved", "unclear"]
"""What a verification of an incident found: its proof passes, fails, or could not be seen in full."""

Book = Literal["tickets", "marks", "incidents"]
"""What is written during the jury's part is kept in books, each append-only."""

Desired = Literal["none", "suspended", "running", "frozen", "copied", "kept", "gone"]


class Frozen(BaseModel):
    """Base of what does not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Phase(Frozen):
    """A part of the exam. ``machines``: the roles that the candidate works on in it; none: the format names none.

    id: its name in the format. jury: the jury is present. extra_time: a candidate's extra time lengthens it. Sessions
    made before these three were kept have their defaults.
    """

    kind: PhaseKind
    title: str = Field(min_length=1, max_length=200)
    minutes: int = Field(ge=1, le=24 * 60)
    machines: tuple[Slug, ...] = ()
    id: Slug | None = None
    jury: bool = False
    extra_time: bool = False


class Backing(Frozen):
    """Whether the lab of a session was proved when the session was made. ``proved_at``: when it had been, None when it
    was not; ``why``: the reason for which an exam uses it all the same."""

    proved_at: AwareDatetime | None = None
    why: Annotated[str, StringConstraints(max_length=500, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class Reset(Frozen):
    """A reset that was asked for and not yet done. ``number``: which one of this bench, from 1; what the engine names
    when it reports. ``machine``: None for the whole bench. ``to``: ``start`` or a checkpoint."""

    number: int
    machine: Slug | None
    to: str


class Copy(Frozen):
    """A copy of a frozen bench that is wanted. ``number``: which one of this bench, from 1. ``opened_at``: since when
    it is there. ``used_at``: when somebody last opened a console of it, as far as was recorded."""

    number: int
    asked_at: AwareDatetime
    opened_at: AwareDatetime | None = None
    used_at: AwareDatetime | None = None


class Verification(Frozen):
    """One look at whether an incident is solved. ``harm``: ids of the lab's checks that do worse than before the
    incident, and are not its own; None where that cannot be told: it is not solved, or another one is there, too.
    ``error``: why nothing could be found out."""

    asked_at: AwareDatetime
    done_at: AwareDatetime | None = None
    outcome: Resolution | None = None
    harm: tuple[str, ...] | None = None
    error: Text | None = None


class IncidentState(Frozen):
    """An incident of the lab in a copy.

    number: which one of this candidate, from 1. request: nothing is broken, something is asked for. copy_number: the
    copy that it is in, and ends with. touched: a failed one may have changed something in it. injected_at: since when
    its proof is seen to fail.
    """

    number: int
    incident: Slug
    request: bool
    copy_number: int
    state: Literal["asked", "injected", "failed", "ended"] = "asked"
    asked_at: AwareDatetime
    injected_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    failure: Text | None = None
    touched: bool = False
    verifications: tuple[Verification, ...] = ()

    @property
    def is_live(self) -> bool:
        """It is in the copy, or on its way."""
        return self.state in ("asked", "injected")

    @property
    def verification(self) -> Verification | None:
        """The last one that was done."""
        return next((one for one in reversed(self.verifications) if one.done_at is not None), None)

    @property
    def pending(self) -> int | None:
        """The number, from 1, of the verification that was asked for and is not done."""
        waits = self.state == "injected" and self.verifications and self.verifications[-1].done_at is None
        return len(self.verifications) if waits else None


class PhaseTaken(Frozen):
    """A phase that a candidate has begun. ``index``: which one of ``Exam.phases``, from 0. ``allotted_s``: how long it
    is to last for them, extra time included; nothing ends it but a person."""

    index: int
    begun_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    allotted_s: int

    def lasted_s(self, now: datetime) -> float:
        """Seconds from its beginning to its end, or until ``now`` while it is under way."""
        return max(0.0, ((self.ended_at or now) - self.begun_at).total_seconds())

    def over_s(self, now: datetime) -> float:
        """Seconds by which it has lasted longer than it was to."""
        return max(0.0, self.lasted_s(now) - self.allotted_s)


HostKey = Annotated[
    str,
    StringConstraints(
        pattern=r"^((ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{40,2000}={0,2}"
        r"|x509-sha256 [0-9a-f]{64})$"
    ),
]
"""What a device is known by: an SSH host key, as ``type base64``; of a page, the SHA-256 of its certificate."""

HardwareAddress = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$")]
"""Of a network interface: six bytes, lower case."""


class DeviceAt(Frozen):
    """A physical device of a candidate's. host_key: the one that was confirmed; empty before. refused: fingerprint of
    another one that it has shown since. shown: the key that it showed last; empty before. silent: it did not answer
    when it was last looked for. radios: hardware addresses of its wireless ones, where they are known;
    radios_at, radios_read: since when, and whether it has told them itself."""

    address: str
    host_key: str = ""
    refused: str = ""
    shown: str = ""
    silent: bool = False
    radios: tuple[HardwareAddress, ...] = ()
    radios_at: AwareDatetime | None = None
    radios_read: bool = False


class Sitting(Frozen):
    """One candidate in this session.

    holds: what keeps the clock from running; sorted, without doubles.
    returns_to: where an absent candidate goes on when they come after all.
    failure: the first failure of their bench since it last did what was asked; checkpoint_failure: the same for
    checkpoints. checkpoints: ids, oldest first. resets: how many were asked for.
    missing_since, restored_at: the last time that the bench had vanished, and was back.
    host: where the bench should be; home: where it is, as was last reported (both None where there is one host only).
    given_up: hosts that were said to be dead while they had it: what they still have of it counts for nothing.
    moving_since: when it was last asked to be on another host, until it is; between: the hosts it was sent to then.
    observation: hash of the observation made when the bench was frozen; None when nothing could be observed.
    judgements: how often it was judged. frozen_copy: the copy of the frozen bench that is wanted; copies: how many were
    asked for; copy_failure: why the last one could not be made. incidents: those of its copies, in order of number.
    phases: those of the jury's part that they have begun, in the order in which they did; at most the last one is under
    way. records: how many entries each book has. dossier: SHA-256 of the manifest of their sealed dossier.
    devices: their physical ones that have an address.
    """

    id: Name
    seat: Label | None
    host: Label | None
    clock: Clock
    state: CandidateState = "enrolled"
    holds: tuple[Hold, ...] = ()
    returns_to: CandidateState | None = None
    finished_early: bool = False
    failure: Text | None = None
    checkpoint_failure: Text | None = None
    checkpoints: tuple[str, ...] = ()
    reset: Reset | None = None
    resets: int = 0
    missing_since: AwareDatetime | None = None
    restored_at: AwareDatetime | None = None
    observation: str | None = None
    judgements: int = 0
    frozen_copy: Copy | None = None
    copies: int = 0
    copy_failure: Text | None = None
    incidents: tuple[IncidentState, ...] = ()
    records: dict[Book, int] = Field(default_factory=dict)
    home: Label | None = None
    given_up: tuple[Label, ...] = ()
    moving_since: AwareDatetime | None = None
    between: tuple[Label, ...] = ()
    phases: tuple[PhaseTaken, ...] = ()
    dossier: str | None = None
    devices: dict[Slug, DeviceAt] = Field(default_factory=dict)

    @property
    def under_way(self) -> PhaseTaken | None:
        """The phase that they are in; None between two phases, before the first and after the last."""
        return self.phases[-1] if self.phases and self.phases[-1].ended_at is None else None

    def hosts_but(self, host: str) -> set[str]:
        """The hosts, but for one, that may have something of the bench, given up or not."""
        return {name for name in (self.home, *self.between) if name is not None} - {host}


class Exam(Frozen):
    """One exam session. ``machines``: those of the lab, hence of every bench; ``devices``: its physical ones.
    ``candidates``: by id, in the order of enrolment. ``updated_at``: moment of the last event; time does not go back
    behind it. ``variants_seed``: what each candidate's values of the lab's variants are drawn from (``labs.values``);
    empty when the lab has none. ``backing``: None in sessions made before it was kept."""

    slug: Name
    lab: Slug
    lab_version: str
    lab_hash: str
    format: Slug
    machines: tuple[Slug, ...]
    devices: tuple[Slug, ...] = ()
    phases: tuple[Phase, ...]
    variants_seed: Seed = ""
    created_at: AwareDatetime
    updated_at: AwareDatetime
    backing: Backing | None = None
    state: SessionState = "draft"
    candidates: dict[Name, Sitting] = Field(default_factory=dict)

    @property
    def practical_s(self) -> int:
        """Seconds of practical that the format gives to everyone."""
        return practical_s(self.phases)

    @property
    def has_practical(self) -> bool:
        """Candidates work by themselves, on benches that are observed. Without, they only come before the jury."""
        return self.practical_s > 0

    def phase_of(self, sitting: Sitting) -> Phase | None:
        """The phase of the jury's part that a candidate is in."""
        taken = sitting.under_way
        return None if taken is None else self.phases[taken.index]

    def machines_of(self, phase: Phase) -> tuple[Slug, ...]:
        """The machines of a phase, in the lab's order; all of the bench when the format names none."""
        return tuple(name for name in self.machines if not phase.machines or name in phase.machines)

    @property
    def room_paused(self) -> bool:
        """The whole room stands still."""
        return any("room" in sitting.holds for sitting in self.candidates.values())


def practical_s(phases: tuple[Phase, ...]) -> int:
    """Seconds of practical in these phases; 0 when there is none."""
    return 60 * sum(phase.minutes for phase in phases if phase.kind == "practical")


_WHILE_OPEN: dict[CandidateState, Desired] = {
    "enrolled": "none",
    "preparing": "suspended",
    "ready": "suspended",
    "running": "running",
    "paused": "suspended",
    "ended": "suspended",
    "frozen": "frozen",
    "withdrawn": "gone",
}


def desired(sitting: Sitting, session: SessionState) -> Desired:
    """What should exist of a candidate's bench; the reconciler compares it with what the hypervisor reports.

    none: nothing was asked for. suspended: all machines are there, their processors stopped. running: they run.
    frozen: observed, memory and disks saved, no machine left running. copied: the same, and a copy of it runs.
    kept: the files only, as evidence. gone: nothing is left; whatever is found is removed.

    Nothing is kept of a bench that nobody worked on once the session is past its practical. Where there is none, the
    bench of an absent candidate waits for them as it is.
    """
    if session == "purged":
        return "gone"
    if session in ("closed", "sealed"):
        return "kept" if sitting.state == "frozen" else "gone"
    if sitting.state == "absent" and sitting.returns_to != "frozen":
        return "gone" if session in ("frozen", "jury") else _WHILE_OPEN[sitting.returns_to or "enrolled"]
    if sitting.state == "frozen" and sitting.frozen_copy is not None:
        return "copied"
    return _WHILE_OPEN["frozen" if sitting.state == "absent" else sitting.state]
