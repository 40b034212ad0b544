"""What a record of book ``tickets`` says. Old records must stay readable: no field ever changes its meaning.

All that people type is bounded here, whoever wrote it and whichever way it came; control characters are dropped.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter

from labs.base import CompetencyId, Slug
from orchestrator.exam.model import Frozen
from orchestrator.tickets.priority import Level

LINE, PROSE = 120, 4000
"""Most characters of a line, and of a text of several."""

Channel = Literal["phone", "mail", "desk", "portal"]
Kind = Literal["incident", "request"]
Category = Literal[
    "hardware", "network", "wireless", "accounts", "files", "printing", "software", "server", "security", "other"
]
Audience = Literal["users", "technicians"]

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean(text: object) -> object:
    """A text with ``\\n`` between its lines and nothing unseen in it or around it; what is no text is the model's."""
    if not isinstance(text, str):
        return text
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _one_line(text: object) -> object:
    cleaned = clean(text)
    return " ".join(cleaned.split()) if isinstance(cleaned, str) else cleaned


Line = Annotated[str, StringConstraints(min_length=1, max_length=LINE), BeforeValidator(_one_line)]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=PROSE), BeforeValidator(clean)]


class Expected(Frozen):
    """How the ticket should be qualified, as the incident's author says. For the jury only.

    incident: the lab's incident, by its id. competency: the one that it is to show.
    """

    incident: Slug
    kind: Kind
    impact: Level
    urgency: Level
    competency: CompetencyId


class _OfTicket(Frozen):
    """ticket: its number, from 1 for each candidate."""

    ticket: int = Field(ge=1)


# --- by the jury
class Opened(_OfTicket):
    """A ticket comes in, in the user's words. incident: the number of the incident in this exam that it belongs to;
    for the jury only, as ``expected``."""

    what: Literal["opened"] = "opened"
    caller: Line
    channel: Channel
    subject: Line
    text: Prose
    incident: int | None = Field(default=None, ge=1)
    expected: Expected | None = None


class Answered(_OfTicket):
    """What the user said: typed by the jury, or by the candidate who heard it."""

    what: Literal["answered"] = "answered"
    text: Prose


class Reopened(_OfTicket):
    """The user is not content."""

    what: Literal["reopened"] = "reopened"
    text: Prose


# --- by the candidate
class Taken(_OfTicket):
    """The candidate takes charge of it, or takes it back from where it was escalated to."""

    what: Literal["taken"] = "taken"


class Qualified(_OfTicket):
    """What it is, and how pressing. A later one replaces it."""

    what: Literal["qualified"] = "qualified"
    kind: Kind
    category: Category
    impact: Level
    urgency: Level


class Step(_OfTicket):
    """Something that was done or found."""

    what: Literal["step"] = "step"
    text: Prose


class Asked(_OfTicket):
    """A question to the user; the ticket waits for the answer."""

    what: Literal["asked"] = "asked"
    text: Prose


class Escalated(_OfTicket):
    """Handed to somebody else. to: whom. text: why, and what was done so far."""

    what: Literal["escalated"] = "escalated"
    to: Line
    text: Prose


class Solved(_OfTicket):
    """What put it right, and what the cause was."""

    what: Literal["solved"] = "solved"
    text: Prose
    cause: Prose


class Knowledge(_OfTicket):
    """The entry for the knowledge base. A later one replaces it."""

    what: Literal["knowledge"] = "knowledge"
    title: Line
    symptoms: Prose
    cause: Prose
    text: Prose
    audience: Audience


class Closed(_OfTicket):
    """The user agrees that it is solved. text: how they said so."""

    what: Literal["closed"] = "closed"
    text: Prose


class Corrected(_OfTicket):
    """A remark of the same author on an earlier record, which stays as it was. record: its number."""

    what: Literal["corrected"] = "corrected"
    record: int = Field(ge=1)
    text: Prose


Document = Annotated[
    Opened
    | Answered
    | Reopened
    | Taken
    | Qualified
    | Step
    | Asked
    | Escalated
    | Solved
    | Knowledge
    | Closed
    | Corrected,
    Field(discriminator="what"),
]
DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)
What = Literal[
    "opened",
    "answered",
    "reopened",
    "taken",
    "qualified",
    "step",
    "asked",
    "escalated",
    "solved",
    "knowledge",
    "closed",
    "corrected",
]
