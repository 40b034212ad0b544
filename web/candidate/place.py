"""A candidate's place as it stands: which page is theirs now, the time left, and what to tell them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from labs.text import Text
from labs.typography import typeset
from orchestrator.engine.desk import Open
from orchestrator.exam import Exam, Phase, Refused, Sitting
from orchestrator.exam.model import PhaseKind
from orchestrator.exam.phases import attendance
from orchestrator.store import seats
from orchestrator.store.database import Transaction
from web.site import actor, site

Kind = Literal[
    "waiting", "absent", "withdrawn", "work", "ending", "over", "closed", "preparation", "machines", "interview"
]
"""ending: the time is over, the work not yet saved. over: it is. closed: the session ended without them.

The last three are phases of the jury's part. machines: with the jury, on the copy of their bench. interview: whatever
needs nothing of this page.
"""

_PHASES: dict[PhaseKind, Kind] = {"preparation": "preparation", "jury": "machines"}

_PAUSED = {
    "room": Text(
        "Pause de toute la salle : votre temps ne court plus. Vos machines s'arrêtent et reprendront d'elles-mêmes.",
        "The whole room is paused: your time does not run. Your machines stop, and will go on by themselves.",
    ),
    "candidate": Text(
        "Votre épreuve est en pause : votre temps ne court plus. Vos machines s'arrêtent et reprendront d'elles-mêmes.",
        "Your exam is paused: your time does not run. Your machines stop, and will go on by themselves.",
    ),
}
_RESET_ALL = Text(
    "Toutes vos machines sont en cours de remise en état. Leurs consoles reviendront d'elles-mêmes.",
    "All your machines are being reset. Their consoles will come back by themselves.",
)
_RESET_ONE = Text(
    "La machine « {machine} » est en cours de remise en état. Sa console reviendra d'elle-même.",
    "The machine “{machine}” is being reset. Its console will come back by itself.",
)


@dataclass(frozen=True)
class Place:
    """One candidate's, at one moment."""

    opened: Open
    sitting: Sitting
    page: seats.Page

    @property
    def exam(self) -> Exam:
        """The session."""
        return self.opened.exam

    @property
    def phase(self) -> Phase | None:
        """The phase of the jury's part that they are in."""
        return self.exam.phase_of(self.sitting)

    @property
    def is_open(self) -> bool:
        """The session's practical is ahead or under way; without one, the session is not over."""
        return self.exam.state in attendance(self.exam)

    @property
    def kind(self) -> Kind:
        """Which page is theirs now. The deadline ends their work, whether or not the engine has rung yet."""
        state, phase = self.sitting.state, self.phase
        if phase is not None:
            return _PHASES.get(phase.kind, "interview")
        if state in ("running", "paused"):
            return "ending" if self.sitting.clock.is_due(self.opened.now) else "work"
        if state in ("ended", "frozen") and self.exam.has_practical:
            return "ending" if state == "ended" else "over"
        if state == "withdrawn":
            return "withdrawn"
        if not self.is_open:
            return "closed"
        return "absent" if state == "absent" else "waiting"

    @property
    def can_call(self) -> bool:
        """A raised hand is of use."""
        return (self.is_open and self.kind in ("waiting", "absent", "work")) or self.kind == "preparation"

    def require_call(self) -> None:
        """Raises Refused when nobody would look at a raised hand."""
        if not self.can_call:
            raise Refused(
                Text("L'épreuve est finie pour vous.", "The exam is over for you."),
                do=Text("Adressez-vous au surveillant.", "Speak to the supervisor."),
            )

    def require_work(self) -> None:
        """Raises Refused when their time does not run: before the start, in a pause, after the bell."""
        if self.kind == "work" and self.sitting.state == "running":
            return
        if self.kind == "work":
            raise Refused(
                Text("L'épreuve est en pause.", "The exam is paused."),
                do=Text("Attendez la reprise.", "Wait until it goes on."),
            )
        raise Refused(
            Text("Votre temps ne court pas ou est terminé.", "Your time does not run, or is over."),
            do=Text("Rien de plus n'est pris en compte.", "Nothing more is counted."),
        )

    @property
    def machines(self) -> tuple[str, ...]:
        """The machines that they work on: those of the phase, as the format says; all when it names none."""
        if self.phase is not None:
            return self.exam.machines_of(self.phase) if self.kind == "machines" else ()
        named = {name for phase in self.exam.phases if phase.kind == "practical" for name in phase.machines}
        return tuple(name for name in self.exam.machines if not named or name in named)

    @property
    def page_name(self) -> str:
        """Another one when another page is theirs: each phase has its own."""
        return self.kind if self.phase is None else f"{self.kind}-{len(self.sitting.phases)}"

    @property
    def left_s(self) -> float:
        """Seconds that they have left, of their practical or of what was planned for their phase."""
        taken = self.sitting.under_way
        if taken is not None:
            return max(0.0, taken.allotted_s - taken.lasted_s(self.opened.now))
        return self.sitting.clock.remaining_s(self.opened.now) if self.kind == "work" else 0.0

    @property
    def has_subject(self) -> bool:
        """They work on machines that a subject describes: where there is no practical, only once they have a bench."""
        return self.exam.has_practical or self.sitting.state == "frozen"

    def notices(self, titles: dict[str, str]) -> list[str]:
        """What they must know now, in sentences. titles: of the machines."""
        if self.kind != "work":
            return []
        told = [_PAUSED["room" if "room" in self.sitting.holds else "candidate"]] if self.sitting.holds else []
        if reset := self.sitting.reset:
            machine = reset.machine
            told.append(_RESET_ONE.format(machine=titles.get(machine, machine)) if machine else _RESET_ALL)
        return [typeset(str(sentence)) for sentence in told]

    def told(self, titles: dict[str, str]) -> dict[str, Any]:
        """What their browser asks for every few seconds. left_s: seconds of exam time; speed: exam seconds a second."""
        return {
            "page": self.page_name,
            "running": (self.kind == "work" and self.sitting.state == "running") or self.phase is not None,
            "left_s": round(self.left_s, 3),
            "speed": self.opened.stored.anchor.speed,
            "hand": self.page.hand_at is not None,
            "notices": self.notices(titles),
        }


def whose() -> tuple[str, str]:
    """The session and the candidate of whoever asks: the only ones that these pages ever show or change."""
    seat = actor().seat
    assert seat is not None  # noqa: S101 - the rule
    return seat


def place_in(tx: Transaction) -> Place:
    """The place of whoever asks, in a transaction. Raises RecordError."""
    slug, candidate = whose()
    opened = site().desk.look(tx, slug)
    return Place(opened, opened.exam.candidates[candidate], seats.page(tx, slug, candidate))


def place() -> Place:
    """The place of whoever asks."""
    with site().store.read() as tx:
        return place_in(tx)
