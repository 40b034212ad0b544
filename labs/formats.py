"""Formats: how a certification examines, as data. Phases in order, how long each lasts and on which machines.

A format says only what its certification says. Where that gives no durations the format is marked ``by-centre``: its
minutes are then defaults of ours, which the centre that holds the exam may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from labs.base import Slug, Strict
from labs.errors import EpreuveError
from labs.model import Lab
from labs.problems import one_of
from labs.text import Text, tr

BlockId = Annotated[str, StringConstraints(pattern=r"^BC[0-9]{2}$")]
"""A block of a referential, for example ``BC03``."""

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
"""What a candidate does in a phase.

questionnaire: answers questions on paper or on screen. practical: works on machines. written: writes a case study or a
document. preparation: reads what the jury will ask. jury: shows the work and answers the jury's requests on machines.
presentation: presents a document orally. technical-interview, final-interview: talks with the jury.
"""

MIN_MINUTES, MAX_MINUTES = 1, 600

REHEARSAL = "-repetition"
"""How the id of a format ends that is held as a rehearsal."""


class FormatError(EpreuveError):
    """A format is unknown, or cannot be what was asked of it."""

    code = "format"
    exit_code = 6


class Phase(Strict):
    """One phase of an exam, in the words of the certification.

    minutes: for a candidate without extra time. machines: the roles that the candidate works on; ``all`` when the
    certification names none and the lab decides. jury: the jury is present; else a supervisor watches. extra_time:
    whether a candidate's extra time lengthens it (the candidate's own work, not the jury's questions).
    """

    id: Slug
    kind: PhaseKind
    title: str
    minutes: int = Field(ge=MIN_MINUTES, le=MAX_MINUTES)
    machines: Literal["all"] | tuple[Slug, ...] = ()
    jury: bool
    extra_time: bool

    @model_validator(mode="after")
    def _a_practical_has_machines(self) -> Self:
        if self.kind == "practical" and not self.machines:
            raise ValueError(tr("une phase pratique a des machines, ou « all »", "a practical has machines, or “all”"))
        return self

    def machines_in(self, lab: Lab) -> tuple[str, ...]:
        """The bench's machines that the candidate works on in this phase, in the lab's order."""
        return tuple(name for name in lab.virtual if self.machines == "all" or name in self.machines)


class Format(Strict):
    """One way to hold the exam.

    source: where the certification says so, or that it does not. blocks: what it assesses. durations: who sets them.
    total_minutes: the candidate's total as the certification states it; the phases must add up to it.
    """

    id: Slug
    title: str
    source: str
    blocks: tuple[BlockId, ...] = Field(min_length=1)
    durations: Literal["certification", "by-centre"]
    total_minutes: int | None = Field(default=None, ge=MIN_MINUTES)
    phases: tuple[Phase, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        ids = [phase.id for phase in self.phases]
        if len(set(ids)) != len(ids):
            raise ValueError(tr("deux phases ont le même nom", "two phases have one id"))
        if len(set(self.blocks)) != len(self.blocks):
            raise ValueError(tr("un bloc est donné deux fois", "a block is given twice"))
        if self.total_minutes is None:
            return self
        if self.durations == "by-centre":
            raise ValueError(tr("le centre fixe les durées : pas de total", "the centre sets durations: no total"))
        if self.minutes != self.total_minutes:
            raise ValueError(
                tr(
                    f"les phases font {self.minutes} min et non {self.total_minutes}",
                    f"the phases make {self.minutes} min, not {self.total_minutes}",
                )
            )
        return self

    @property
    def minutes(self) -> int:
        """The sum of the phases, for a candidate without extra time."""
        return sum(phase.minutes for phase in self.phases)

    def phase(self, name: str) -> Phase:
        """The phase of this id. Raises FormatError."""
        for phase in self.phases:
            if phase.id == name:
                return phase
        known = one_of((phase.id for phase in self.phases), name)
        raise FormatError(
            Text(f"le format n'a pas de phase « {name} »", f"the format has no phase “{name}”"),
            where=self.id,
            do=Text(f"Phases : {known.fr}.", f"Phases: {known.en}."),
        )

    def with_minutes(self, minutes: Mapping[str, int]) -> Format:
        """The format with a centre's own durations, by the id of the phase.

        Raises FormatError when the certification sets the durations, when a phase is unknown, and when a duration is
        not between 1 and 600 minutes.
        """
        if not minutes:
            return self
        if self.durations != "by-centre":
            raise FormatError(
                Text("la certification fixe les durées de ce format", "the certification sets this format's durations"),
                where=self.id,
                do=Text(
                    "Gardez ces durées, ou faites une répétition (--rehearsal).",
                    "Keep these durations, or hold a rehearsal (--rehearsal).",
                ),
            )
        for name, value in minutes.items():
            if self.phase(name) and not MIN_MINUTES <= value <= MAX_MINUTES:
                raise FormatError(
                    Text(f"{value} min ne convient pas à cette phase", f"{value} min does not fit this phase"),
                    where=f"{self.id}, {name}",
                    do=Text(f"De {MIN_MINUTES} à {MAX_MINUTES} min.", f"Between {MIN_MINUTES} and {MAX_MINUTES} min."),
                )
        phases = tuple(
            phase.model_copy(update={"minutes": minutes.get(phase.id, phase.minutes)}) for phase in self.phases
        )
        return self.model_copy(update={"phases": phases})


def as_rehearsal(format_: Format) -> Format:
    """The same format as a rehearsal: its durations may be changed, and its id says that it examines nobody."""
    return format_.model_copy(
        update={"id": f"{format_.id}{REHEARSAL}", "durations": "by-centre", "total_minutes": None}
    )


def has_practical(format_: Format) -> bool:
    """Whether candidates work on machines in it, by themselves."""
    return any(phase.kind == "practical" for phase in format_.phases)


def hindrance(format_: Format, lab: Lab) -> Text | None:
    """Why a format cannot be held on a lab's machines; None when it can."""
    if not has_practical(format_) and not any(phase.jury for phase in format_.phases):
        return Text(
            "ni pratique sur machines ni jury : se tient sans Épreuve",
            "neither a practical on machines nor a jury: held without Épreuve",
        )
    if missing := missing_machines(format_, lab):
        names = ", ".join(missing)
        return Text(f"le sujet n'a pas de machine {names}", f"the lab has no machine {names}")
    return None


def missing_machines(format_: Format, lab: Lab) -> tuple[str, ...]:
    """The roles that a format needs and a lab does not have, in the format's order; empty when the lab serves it.

    A phase needs a machine of the bench: where all of its roles are physical machines, it lacks them.
    """
    wanted = [phase.machines for phase in format_.phases if phase.machines != "all"]
    missing = (
        role for roles in wanted for role in roles if role not in lab.machines or not set(roles) & lab.virtual.keys()
    )
    return tuple(dict.fromkeys(missing))
