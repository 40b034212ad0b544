"""What people write in the book ``marks``: one document for each kind of record.

A document is complete in itself: what the machine proposed when somebody marked stands beside the mark, so that an
appeal a year later reads what the juror saw. Free text is personal data: it stands here, never in the journal.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from checkers.proposal import Level
from labs.formats import BlockId
from orchestrator.exam.model import Book, Frozen

BOOK: Book = "marks"

TitleDecision = Literal["granted", "partial", "refused"]
"""partial: not the title, but blocks of it."""

About = Annotated[str, StringConstraints(pattern=r"^BC[0-9]{2}\.C[0-9]{1,2}(\.K[0-9]{1,2})?$")]
"""A competency (``BC01.C1``) or one of its criteria (``BC01.C1.K1``)."""

Place = Annotated[str, StringConstraints(pattern=r"^(BC[0-9]{2}\.C[0-9]{1,2}|phase-[0-9]{1,2}|general)$")]
"""What a note is about: a competency, a phase of the exam (from 1), or the whole."""


def _lines(value: object) -> object:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


Prose = Annotated[
    str,
    StringConstraints(max_length=4000, strip_whitespace=True, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$"),
    BeforeValidator(_lines),
]
"""What a juror writes, on as many lines as they like."""

Salt = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{0,64}$")]


class Written(Frozen):
    """Base of all documents. salt: drawn at random when it is written, since the journal keeps a hash of the document
    for ever: a document of a few words could be guessed from it."""

    salt: Salt = ""


class Mark(Written):
    """A juror's mark. proposed: what the machine proposed then (None: nothing); judgement: from which judgement.

    reason: why it was changed after the grid was handed in.
    """

    about: About
    level: Level
    justification: Prose = ""
    proposed: Level | None = None
    judgement: int | None = Field(default=None, ge=1)
    reason: Prose = ""


class CommonMark(Mark):
    """The mark that the jurors agreed on. reason: why it was changed after a decision was taken."""


class Note(Written):
    """What a juror noted while observing or asking; it replaces their former note about the same."""

    about: Place
    text: Annotated[Prose, StringConstraints(max_length=20_000)]


class HandedIn(Written):
    """A juror's grid is complete: from now on it is seen by the others who handed theirs in."""


class JurorMissing(Written):
    """The jury goes on with fewer than two grids. reason: why."""

    reason: Annotated[Prose, StringConstraints(min_length=1)]


class BlockDecision(Frozen):
    """What was decided of one block (certificat de compétences professionnelles)."""

    block: BlockId
    granted: bool
    motivation: Prose = ""


class Decision(Written):
    """What the jury decided, with the common levels it rests on, by competency.

    title: None where the session's format assesses some blocks only. reason: why a former decision is revised.
    """

    blocks: Annotated[tuple[BlockDecision, ...], Field(min_length=1)]
    title: TitleDecision | None
    motivation: Prose = ""
    levels: dict[About, Level] = Field(default_factory=dict)
    reason: Prose = ""


class Signed(Written):
    """A juror confirms a decision. decision: the number of its record; digest: the hash of that record's document.

    name: how they are called. how: what they gave so that it is sure that it was they: their password again, or their
    name, typed, where the centre's own sign-in opens the account.
    """

    decision: int = Field(ge=1)
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    how: Literal["password", "name"]


Document = Mark | CommonMark | Note | HandedIn | JurorMissing | Decision | Signed

KINDS: dict[str, type[Document]] = {
    "mark": Mark,
    "note": Note,
    "handed-in": HandedIn,
    "juror-missing": JurorMissing,
    "common-mark": CommonMark,
    "decision": Decision,
    "signed": Signed,
}
"""Every document under the name that its records have (``Record.what``)."""


def kind_of(document: Document) -> str:
    """The name that the records of this document have."""
    return next(name for name, model in KINDS.items() if model is type(document))
