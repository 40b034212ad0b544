"""What is typed at the service desk, read into the documents that are recorded: their bounds are the only ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, request
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from labs.errors import UsageError
from labs.text import Text
from orchestrator.tickets.documents import DOCUMENT, Document, What

FIELDS: dict[What, tuple[str, ...]] = {
    "opened": ("caller", "channel", "subject", "text"),
    "answered": ("text",),
    "reopened": ("text",),
    "taken": (),
    "qualified": ("kind", "category", "impact", "urgency"),
    "step": ("text",),
    "asked": ("text",),
    "escalated": ("to", "text"),
    "solved": ("text", "cause"),
    "knowledge": ("title", "symptoms", "cause", "text", "audience"),
    "closed": ("text",),
    "corrected": ("record", "text"),
}
"""What a form of each kind sends; nothing else of what comes is read."""


class UnfitError(UsageError):
    """Something is missing, too long or not to be chosen. ``faults``: a sentence for each field."""

    def __init__(self, faults: Mapping[str, Text]) -> None:
        super().__init__(
            Text("Rien n'est enregistré : complétez ou corrigez.", "Nothing is recorded: complete or correct it.")
        )
        self.faults = dict(faults)


def typed(what: What, ticket: int) -> Document:
    """What was typed, as a document. Raises UnfitError."""
    values: dict[str, Any] = {name: request.form.get(name, "") for name in FIELDS[what]}
    try:
        return DOCUMENT.validate_python({"what": what, "ticket": ticket, **values})
    except ValidationError as error:
        raise UnfitError(
            {str(one["loc"][-1]): _sentence(one) for one in error.errors(include_url=False, include_input=False)}
        ) from None


def seen() -> int:
    """The number of the last entry that the page shows, as it says itself."""
    number = request.values.get("seen", "0")
    if not (number.isascii() and number.isdigit() and len(number) < 8):
        abort(400)
    return int(number)


def _sentence(error: ErrorDetails) -> Text:
    if error["type"] == "string_too_short":
        return Text("À remplir.", "Please fill in.")
    if error["type"] == "string_too_long":
        most = error["ctx"]["max_length"]
        return Text(f"{most} caractères au plus.", f"At most {most} characters.")
    return Text("À choisir.", "Please choose.")
