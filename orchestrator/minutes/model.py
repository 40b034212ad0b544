"""The minutes as data. Immutable; moments are exam time, durations are whole seconds."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from labs.text import Text
from orchestrator.exam.model import Backing, Frozen, IncidentState, Phase, PhaseTaken, SessionState
from orchestrator.marks.documents import TitleDecision

Presence = Literal["expected", "present", "late", "absent", "withdrawn"]
"""expected: the exam has not begun for them. late: began after the others, or had been marked absent."""

Ended = Literal["bell", "early", "stopped"]
"""bell: the time was over. early: handed in before. stopped: by a supervisor."""

Nature = Literal["attendance", "pause", "fault", "reset", "move", "time", "end", "jury"]
"""What kind of event it is; ``fault``: of machines or hosts."""


class Person(Frozen):
    """Somebody to whom the session is entrusted. ``account``: as journals name them."""

    account: str
    name: str


class Titled(Frozen):
    """Something that a certification or a lab names."""

    id: str
    title: str


class Granted(Frozen):
    """Time that was added on the way, or taken back (negative). ``returned``: for a fault, not by a person's grace."""

    at: AwareDatetime
    seconds: int
    returned: bool
    who: str
    why: str


class Attendance(Frozen):
    """One candidate: who, present or not, their times.

    extra_s: extra time (a share of the practical, ``extra_percent``). allotted_s: all that was theirs. late_s: how long
    after the first of all they began. deadline: when the bell was to ring. paused_s: for how long their clock stood.
    phases: of the jury's part.
    """

    id: str
    surname: str
    first_name: str
    number: str
    birth_date: date | None
    seat: str | None
    presence: Presence
    late_s: int
    extra_percent: str
    extra_s: int
    granted: tuple[Granted, ...]
    allotted_s: int
    paused_s: int
    started_at: AwareDatetime | None
    deadline: AwareDatetime | None
    ended_at: AwareDatetime | None
    ended: Ended | None
    observation: str | None
    phases: tuple[PhaseTaken, ...]

    @property
    def name(self) -> str:
        """Surname first; the id once the names are gone (purged)."""
        return f"{self.surname} {self.first_name}".strip() or self.id


class Happening(Frozen):
    """Something that happened. ``candidates``: whom it concerns, by id; none: the whole session, or room.
    ``until``: when it was over, for what lasts."""

    at: AwareDatetime
    until: AwareDatetime | None = None
    nature: Nature
    candidates: tuple[str, ...] = ()
    what: Text
    why: str = ""
    who: str


class Injected(Frozen):
    """An incident, or a request, that the jury gave a candidate, and what came of it. ``title``: the lab's."""

    candidate: str
    title: str
    state: IncidentState


class Signature(Frozen):
    """A juror's word for a decision."""

    name: str
    at: AwareDatetime


class Decision(Frozen):
    """What the jury decided on one candidate, by block; ``title``: None where the format does not assess all blocks.

    unsigned: who has yet to sign it. outdated: marks were written after it, so that it must be taken again.
    """

    candidate: str
    taken_at: AwareDatetime
    blocks: dict[str, bool]
    title: TitleDecision | None
    signatures: tuple[Signature, ...]
    unsigned: tuple[str, ...]
    outdated: bool

    @property
    def is_signed(self) -> bool:
        """Every juror who marked has signed it, and nothing was written since."""
        return bool(self.signatures) and not self.unsigned and not self.outdated


class Journal(Frozen):
    """The journal that the minutes were drawn up from. ``hash``: of its last entry."""

    entries: int
    hash: str
    intact: bool


class Minutes(Frozen):
    """All of it.

    place: the centre and the room, as typed. blocks: those that the format assesses; none where it examines nobody.
    practical_s: for a candidate without extra time. others: who else has given orders, as the journal names them.
    incidents, decisions: in the order of the roster.
    """

    session: str
    place: str
    state: SessionState
    simulated: bool
    rehearsal: bool
    certification: str
    lab: Titled
    lab_version: str
    lab_hash: str
    backing: Backing | None
    format: Titled
    blocks: tuple[Titled, ...]
    decides_title: bool
    phases: tuple[Phase, ...]
    practical_s: int
    supervisors: tuple[Person, ...]
    jury: tuple[Person, ...]
    others: tuple[str, ...]
    created_at: AwareDatetime
    began_at: AwareDatetime | None
    attendance: tuple[Attendance, ...]
    happenings: tuple[Happening, ...]
    incidents: tuple[Injected, ...]
    decisions: tuple[Decision, ...]
    journal: Journal
    drawn_up_at: AwareDatetime
    software: str

    @property
    def is_final(self) -> bool:
        """The session is over: what the minutes say of it changes no more."""
        return self.state in ("closed", "sealed", "purged")

    @property
    def names(self) -> dict[str, str]:
        """The candidates' names by id."""
        return {one.id: one.name for one in self.attendance}
