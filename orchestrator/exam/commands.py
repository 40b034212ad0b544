"""What can be asked of an exam session (orders, by people) and what the engine tells it (reports).

An order that cannot be followed is refused. A report that comes twice or too late says nothing new: it is no error and
makes no event, so every step of the engine can be taken again. ``asked``: the words of a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal

from labs.text import Text
from labs.variant import Values
from orchestrator.exam.model import Backing, Book, Phase, Resolution

ENGINE = "epreuve"
"""Who acts when nobody does: the service itself."""


@dataclass(frozen=True, kw_only=True)
class _Order:
    who: str
    why: str = ""
    asked: ClassVar[Text]


@dataclass(frozen=True)
class Create(_Order):
    """Make a session. ``machines``: all those of a bench; ``devices``: the lab's physical ones. ``variants_seed``: what
    the values of its variants are drawn from; empty when it has none. ``backing``: whether it is proved."""

    asked = Text("de créer la session", "create the session")
    slug: str
    lab: str
    lab_version: str
    lab_hash: str
    format: str
    machines: tuple[str, ...]
    phases: tuple[Phase, ...]
    devices: tuple[str, ...] = ()
    variants_seed: str = ""
    backing: Backing | None = None


@dataclass(frozen=True)
class Enrol(_Order):
    """Put a candidate on the list. ``extra_percent``: see ``clock.ExtraTime``."""

    asked = Text("d'inscrire le candidat", "enrol the candidate")
    candidate: str
    seat: str | None = None
    host: str | None = None
    extra_percent: Decimal | float | Literal["tiers"] = 0


@dataclass(frozen=True)
class Withdraw(_Order):
    """Take a candidate off the list, before the exam. Needs a reason."""

    asked = Text("de désinscrire le candidat", "withdraw the candidate")
    candidate: str


@dataclass(frozen=True)
class Prepare(_Order):
    """Have the benches made of all who have none yet."""

    asked = Text("de préparer la session", "prepare the session")


@dataclass(frozen=True)
class MarkAbsent(_Order):
    """A candidate has not come, or will begin later than the others."""

    asked = Text("de noter l'absence", "mark the candidate absent")
    candidate: str


@dataclass(frozen=True)
class Return(_Order):
    """An absent candidate comes after all."""

    asked = Text("de noter le retour", "mark the candidate as returned")
    candidate: str


@dataclass(frozen=True)
class Move(_Order):
    """Another seat, another host, or both. ``host_lost``: the host that the bench is on, or was on its way to, is dead
    for good, by the word of whoever asks: what it still has of the bench counts for nothing, and the last checkpoint is
    what goes on. Needs a reason then."""

    asked = Text("de déplacer le candidat", "move the candidate")
    candidate: str
    seat: str | None = None
    host: str | None = None
    host_lost: bool = False


@dataclass(frozen=True)
class PlaceDevices(_Order):
    """Say at which addresses the physical devices of candidates are, all at once: two may change places."""

    asked = Text("de placer les appareils", "place the devices")
    machine: str
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ConfirmDevice(_Order):
    """Confirm the key that a device has shown (``HostKey``): from now on it is asked. Another one than was confirmed
    needs a reason."""

    asked = Text("de confirmer la clé de l'appareil", "confirm the device's key")
    candidate: str
    machine: str
    host_key: str


@dataclass(frozen=True)
class TellRadios(_Order):
    """Say which radios a candidate's device has, by their hardware addresses: no other network on the air is taken for
    one of its own. ``read``: the device has told them, which is believed only before its candidate begins."""

    asked = Text("de noter les radios de l'appareil", "note the device's radios")
    candidate: str
    machine: str
    radios: tuple[str, ...]
    read: bool = False


@dataclass(frozen=True)
class Start(_Order):
    """Start one candidate, or (None) all who are ready."""

    asked = Text("de démarrer l'épreuve", "start the exam")
    candidate: str | None = None


@dataclass(frozen=True)
class Pause(_Order):
    """Stop the clock of one candidate, or (None) of the room. Needs a reason."""

    asked = Text("de mettre en pause", "pause")
    candidate: str | None = None


@dataclass(frozen=True)
class Resume(_Order):
    """Take back the pause of one candidate, or (None) that of the room."""

    asked = Text("de reprendre l'épreuve", "resume the exam")
    candidate: str | None = None


@dataclass(frozen=True)
class Extend(_Order):
    """Give one candidate, or (None) all who are at work, so many seconds more. Needs a reason."""

    asked = Text("de prolonger l'épreuve", "extend the exam")
    candidate: str | None
    seconds: int


@dataclass(frozen=True)
class TakeBack(_Order):
    """Correct an extension downwards, for one candidate or (None) all who are at work. Needs a reason."""

    asked = Text("de reprendre du temps accordé", "take back granted time")
    candidate: str | None
    seconds: int


@dataclass(frozen=True)
class FinishEarly(_Order):
    """The candidate hands in before the bell; there is no way back."""

    asked = Text("de terminer avant la fin", "finish early")
    candidate: str


@dataclass(frozen=True)
class Freeze(_Order):
    """A supervisor ends the practical of one candidate, or (None) of the room, before the bell. Needs a reason."""

    asked = Text("d'arrêter l'épreuve", "stop the exam")
    candidate: str | None = None


@dataclass(frozen=True)
class AskReset(_Order):
    """Bring a machine, or (None) the whole bench, back to its start or to a checkpoint. Needs a reason."""

    asked = Text("de réinitialiser", "reset")
    candidate: str
    machine: str | None = None
    to: str = "start"


@dataclass(frozen=True)
class Judge(_Order):
    """Record that the candidate's observation was judged: with which lab, to how many points. From the second time on
    it needs a reason. ``verdicts``: hash of what was found."""

    asked = Text("de juger", "judge")
    candidate: str
    lab_hash: str
    verdicts: str
    points: float
    max_points: float


@dataclass(frozen=True)
class Record(_Order):
    """Something was written into a book of the candidate (see ``orchestrator.engine.recording``). ``number``: which
    entry of that book, from 1. ``digest``: hash of what was written."""

    asked = Text("d'écrire dans le dossier", "write into the dossier")
    candidate: str
    book: Book
    number: int
    what: str
    digest: str


@dataclass(frozen=True)
class OpenCopy(_Order):
    """Have a copy of the frozen bench made, for the jury to look at."""

    asked = Text("d'ouvrir une copie du poste", "open a copy of the bench")
    candidate: str


@dataclass(frozen=True)
class UseCopy(_Order):
    """Somebody opens the console of a machine of the copy. Recorded once in a while."""

    asked = Text("d'ouvrir une console de la copie", "open a console of the copy")
    candidate: str
    machine: str


@dataclass(frozen=True)
class CloseCopy(_Order):
    """Remove the copy; the frozen work stays as it is."""

    asked = Text("de fermer la copie du poste", "close the copy of the bench")
    candidate: str


@dataclass(frozen=True)
class AskIncident(_Order):
    """Bring an incident of the lab into the open copy. ``request``: it breaks nothing, something is asked for."""

    asked = Text("d'injecter l'incident", "inject the incident")
    candidate: str
    incident: str
    request: bool = False


@dataclass(frozen=True)
class AskVerification(_Order):
    """Look whether the incident of this number (``Sitting.incidents``) is solved, and nothing else harmed."""

    asked = Text("de vérifier l'incident", "verify the incident")
    candidate: str
    number: int


@dataclass(frozen=True)
class BeginPhase(_Order):
    """A candidate begins a phase of the jury's part. ``phase``: which one of ``Exam.phases``, from 0. One at a time, in
    any order; a second time needs a reason."""

    asked = Text("de commencer la phase", "begin the phase")
    candidate: str
    phase: int


@dataclass(frozen=True)
class EndPhase(_Order):
    """The phase that a candidate is in is over. ``number``: which of theirs is meant (``Sitting.phases``, from 1), so
    that nobody ends one that somebody else has begun meanwhile; None: whichever it is."""

    asked = Text("de terminer la phase", "end the phase")
    candidate: str
    number: int | None = None


@dataclass(frozen=True)
class OpenJury(_Order):
    """Begin the jury's part."""

    asked = Text("d'ouvrir le jury", "open the jury's part")


@dataclass(frozen=True)
class Close(_Order):
    """End the session; before anybody began, this cancels it."""

    asked = Text("de clore la session", "close the session")


@dataclass(frozen=True)
class Seal(_Order):
    """Seal the session: every dossier is written. ``dossiers``: the SHA-256 of each one's manifest, by candidate.
    ``key``: the public key. ``undecided``: whose decision is missing or unsigned; needs a reason then."""

    asked = Text("de sceller la session", "seal the session")
    dossiers: tuple[tuple[str, str], ...]
    key: str
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True)
class Purge(_Order):
    """Remove personal data and benches."""

    asked = Text("de purger la session", "purge the session")


# --- reports of the engine
@dataclass(frozen=True, kw_only=True)
class _Report(_Order):
    asked = Text("de noter ce compte rendu", "record this report")
    who: str = ENGINE


@dataclass(frozen=True)
class BenchPlaced(_Report):
    """The bench will be made on this host; nothing of it was made before."""

    candidate: str
    host: str


@dataclass(frozen=True)
class BenchMoved(_Report):
    """All of the bench is on this host. If the clock ran meanwhile, that is given back."""

    candidate: str
    host: str


@dataclass(frozen=True)
class HostCleared(_Report):
    """A host that was given up is back, and has nothing of the bench any more."""

    candidate: str
    host: str


@dataclass(frozen=True)
class BenchReached(_Report):
    """The host of the bench answers again."""

    candidate: str


@dataclass(frozen=True)
class BenchReady(_Report):
    """The candidate's bench is made and suspended. ``variants``: the values that it was made with."""

    candidate: str
    variants: Values = field(default_factory=dict)


@dataclass(frozen=True)
class BenchFailed(_Report):
    """The bench did not do what was asked; kept until it does, later failures are not recorded beside it."""

    candidate: str
    error: Text


@dataclass(frozen=True)
class RingBell(_Report):
    """Ring for everybody whose deadline is reached."""


@dataclass(frozen=True)
class BenchFrozen(_Report):
    """The bench is observed and saved. ``observation``: its hash; None when nothing could be observed, with ``why``."""

    candidate: str
    observation: str | None = None


@dataclass(frozen=True)
class BenchRestored(_Report):
    """A bench that had vanished at ``missing_since`` is back, from a checkpoint (None: from its start).

    ``lost_s``: seconds of work lost with it. The time on the clock for which it was missing is given back.
    """

    candidate: str
    missing_since: datetime
    lost_s: float
    checkpoint: str | None = None


@dataclass(frozen=True)
class PoweredOn(_Report):
    """A machine that the candidate had powered off runs again."""

    candidate: str
    machine: str


@dataclass(frozen=True)
class ResetDone(_Report):
    """The reset of this number (``Sitting.reset``) is done."""

    candidate: str
    number: int


@dataclass(frozen=True)
class ResetFailed(_Report):
    """The reset of this number is given up; the bench is as it was."""

    candidate: str
    number: int
    error: Text


@dataclass(frozen=True)
class CheckpointTaken(_Report):
    """A checkpoint was taken; the machines stood still for ``stopped_s`` seconds."""

    candidate: str
    checkpoint: str
    stopped_s: float


@dataclass(frozen=True)
class CheckpointFailed(_Report):
    """A checkpoint could not be taken. The same failure again is not recorded until one succeeds."""

    candidate: str
    error: Text


@dataclass(frozen=True)
class DeviceLooked(_Report):
    """A physical device was looked for at an address. ``host_key``: what it shows; empty when nothing answers."""

    candidate: str
    machine: str
    address: str
    host_key: str


@dataclass(frozen=True)
class CopyOpened(_Report):
    """The copy of this number (``Sitting.frozen_copy``) is there."""

    candidate: str
    number: int


@dataclass(frozen=True)
class CopyFailed(_Report):
    """The copy of this number could not be made and is given up; nothing is left of it."""

    candidate: str
    number: int
    error: Text


@dataclass(frozen=True)
class CopyEnded(_Report):
    """Nobody has used the copy of this number for long, or machines of it are lost: it is wanted no more."""

    candidate: str
    number: int
    cause: Literal["idle", "lost"]


@dataclass(frozen=True)
class IncidentInjected(_Report):
    """The incident of this number is in the copy, seen from outside. ``breaking_s``: how long it took to bring it
    about; ``seeing_s``: and then until it was seen."""

    candidate: str
    number: int
    breaking_s: float
    seeing_s: float


@dataclass(frozen=True)
class IncidentFailed(_Report):
    """The incident of this number could not be brought about. ``touched``: the copy may have been changed by it."""

    candidate: str
    number: int
    error: Text
    touched: bool


@dataclass(frozen=True)
class IncidentVerified(_Report):
    """What a verification found. ``number``: of the incident; ``verification``: which one of it, from 1. ``harm``: see
    ``model.Verification``. ``observation``: hash of what was seen; None when nothing was, with ``error``."""

    candidate: str
    number: int
    verification: int
    outcome: Resolution
    harm: tuple[str, ...] | None = None
    observation: str | None = None
    error: Text | None = None


@dataclass(frozen=True)
class ClockJumped(_Report):
    """The host's clock jumped by so many seconds."""

    by_s: float


@dataclass(frozen=True)
class HostWasDown(_Report):
    """The host was rebooted; until ``since`` it was known to be up. To be reported before any bell is rung."""

    since: datetime


@dataclass(frozen=True)
class ServiceStarted(_Report):
    """The service looks after this session from now on."""


@dataclass(frozen=True)
class ServiceStopped(_Report):
    """The service stops looking after it."""


RoomOrder = Start | Pause | Resume | Extend | TakeBack | Freeze
CandidateOrder = Withdraw | MarkAbsent | Return | Move | FinishEarly | AskReset
JuryOrder = Judge | Record | OpenCopy | UseCopy | CloseCopy
IncidentOrder = AskIncident | AskVerification
PhaseOrder = BeginPhase | EndPhase
DeviceOrder = PlaceDevices | ConfirmDevice | TellRadios
SessionOrder = Enrol | Prepare | OpenJury | Close | Seal | Purge
BenchReport = (
    BenchPlaced
    | DeviceLooked
    | BenchMoved
    | HostCleared
    | BenchReached
    | BenchReady
    | BenchFailed
    | BenchFrozen
    | BenchRestored
    | PoweredOn
    | ResetDone
    | ResetFailed
    | CheckpointTaken
    | CheckpointFailed
)
CopyReport = CopyOpened | CopyFailed | CopyEnded
IncidentReport = IncidentInjected | IncidentFailed | IncidentVerified
Report = (
    BenchReport | CopyReport | IncidentReport | RingBell | ClockJumped | HostWasDown | ServiceStarted | ServiceStopped
)
Command = (
    Create | SessionOrder | CandidateOrder | JuryOrder | IncidentOrder | PhaseOrder | DeviceOrder | RoomOrder | Report
)
