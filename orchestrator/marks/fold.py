"""What the records of one candidate add up to: grids, common marks, decisions and their signatures.

Nothing replaces anything: each mark, note and decision keeps its former versions, the last one being in force.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from pydantic import ValidationError

from checkers.proposal import Level
from orchestrator.exam.refusals import HistoryError
from orchestrator.marks.documents import (
    KINDS,
    CommonMark,
    Decision,
    Document,
    HandedIn,
    JurorMissing,
    Mark,
    Note,
    Signed,
)

D = TypeVar("D", bound=Document)


class Entry(Protocol):
    """A record of the book, as the store has it."""

    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def who(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def document(self) -> str: ...
    @property
    def digest(self) -> str: ...


@dataclass(frozen=True)
class Version(Generic[D]):
    """A document as it was written. number: of its record. correction: it changed what others had already read."""

    number: int
    at: datetime
    who: str
    digest: str
    said: D
    correction: bool = False


Versions = tuple[Version[D], ...]
"""All that was said about one thing, the last one in force."""


@dataclass(frozen=True)
class Grid:
    """What one juror wrote. marks and notes: by what they are about. handed_in: when, None until then."""

    juror: str
    marks: dict[str, Versions[Mark]] = field(default_factory=dict)
    notes: dict[str, Versions[Note]] = field(default_factory=dict)
    handed_in: Version[HandedIn] | None = None

    def mark(self, about: str) -> Mark | None:
        """The mark in force; None where there is none."""
        return self.marks[about][-1].said if about in self.marks else None

    def note(self, about: str) -> str:
        """The note in force; empty where there is none."""
        return self.notes[about][-1].said.text if about in self.notes else ""

    @property
    def levels(self) -> dict[str, Level]:
        """The level in force of each competency and criterion that was marked."""
        return {about: versions[-1].said.level for about, versions in self.marks.items()}

    @property
    def corrections(self) -> list[Version[Mark]]:
        """The marks that were changed after the grid was handed in, the first one first."""
        found = [version for versions in self.marks.values() for version in versions if version.correction]
        return sorted(found, key=lambda version: version.number)


@dataclass(frozen=True)
class Decided:
    """A decision and who signed it: by juror."""

    version: Version[Decision]
    signatures: dict[str, Version[Signed]] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Of its record."""
        return self.version.number

    @property
    def said(self) -> Decision:
        """What was decided."""
        return self.version.said


@dataclass(frozen=True)
class Marking:
    """What the jury wrote about one candidate. decisions: every version, the last one in force. settled: a decision was
    signed by everybody once: it may be revised, but no further opinion can be independent any more."""

    grids: dict[str, Grid] = field(default_factory=dict)
    missing: Versions[JurorMissing] = ()
    common: dict[str, Versions[CommonMark]] = field(default_factory=dict)
    decisions: tuple[Decided, ...] = ()
    settled: bool = False

    @property
    def jurors(self) -> tuple[str, ...]:
        """Who handed in their grid, the first one first."""
        done = {grid.juror: grid.handed_in.number for grid in self.grids.values() if grid.handed_in}
        return tuple(sorted(done, key=done.__getitem__))

    @property
    def deliberates(self) -> bool:
        """There may be common marks and a decision: two jurors handed in, or it is said why there is one only."""
        return len(self.jurors) >= 2 or bool(self.jurors and self.missing)

    @property
    def levels(self) -> dict[str, Level]:
        """The level in force of each common mark."""
        return {about: versions[-1].said.level for about, versions in self.common.items()}

    @property
    def decision(self) -> Decided | None:
        """The decision in force; None before the first one."""
        return self.decisions[-1] if self.decisions else None

    @property
    def basis(self) -> int:
        """The number of the last record that a decision rests on: a common mark, a grid handed in or corrected."""
        common = [versions[-1].number for versions in self.common.values()]
        handed_in = [grid.handed_in.number for grid in self.grids.values() if grid.handed_in]
        corrected = [version.number for grid in self.grids.values() for version in grid.corrections]
        return max([0, *common, *handed_in, *corrected])

    @property
    def is_outdated(self) -> bool:
        """Something that the decision rests on was written after it: it must be taken again before it is signed."""
        return self.decision is not None and self.basis > self.decision.number

    @property
    def unsigned(self) -> tuple[str, ...]:
        """Who has yet to sign the decision in force."""
        signed = self.decision.signatures if self.decision and not self.is_outdated else {}
        return tuple(juror for juror in self.jurors if juror not in signed)

    @property
    def is_signed(self) -> bool:
        """The decision in force is signed by every juror who handed in a grid."""
        return self.decision is not None and not self.is_outdated and not self.unsigned

    def grid(self, juror: str) -> Grid:
        """A juror's grid; an empty one when they wrote nothing."""
        return self.grids.get(juror) or Grid(juror)


def fold(entries: Iterable[Entry]) -> Marking:
    """The state that records add up to, in the order of their numbers. Raises HistoryError."""
    marking = Marking()
    for entry in sorted(entries, key=lambda entry: entry.number):
        marking = _next(marking, entry, _read(entry))
    return marking


def _read(entry: Entry) -> Document:
    try:
        return KINDS[entry.what].model_validate_json(entry.document)
    except (KeyError, ValidationError) as error:
        raise HistoryError(f"marks {entry.number}: {entry.what}") from error


def _next(marking: Marking, entry: Entry, said: Document) -> Marking:
    grid = marking.grid(entry.who)
    match said:
        case CommonMark():  # before Mark: it is one
            common = _version(entry, said, correction=bool(marking.decisions))
            return replace(marking, common=_added(marking.common, said.about, common))
        case Mark():
            mark = _version(entry, said, correction=grid.handed_in is not None)
            return _with(marking, replace(grid, marks=_added(grid.marks, said.about, mark)))
        case Note():
            return _with(marking, replace(grid, notes=_added(grid.notes, said.about, _version(entry, said))))
        case HandedIn():
            return _with(marking, replace(grid, handed_in=_version(entry, said)))
        case JurorMissing():
            return replace(marking, missing=(*marking.missing, _version(entry, said)))
        case Decision():
            return replace(marking, decisions=(*marking.decisions, Decided(_version(entry, said))))
        case Signed():
            signature = _version(entry, said)
            signed = replace(marking, decisions=tuple(_signed(one, signature) for one in marking.decisions))
            return replace(signed, settled=signed.settled or signed.is_signed)


def _version(entry: Entry, said: D, *, correction: bool = False) -> Version[D]:
    return Version(entry.number, entry.at, entry.who, entry.digest, said, correction)


def _with(marking: Marking, grid: Grid) -> Marking:
    return replace(marking, grids={**marking.grids, grid.juror: grid})


def _added(known: dict[str, Versions[D]], about: str, version: Version[D]) -> dict[str, Versions[D]]:
    return {**known, about: (*known.get(about, ()), version)}


def _signed(decided: Decided, version: Version[Signed]) -> Decided:
    if decided.number != version.said.decision:
        return decided
    return replace(decided, signatures={**decided.signatures, version.who: version})
