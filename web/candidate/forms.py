"""What a candidate's page sends: small JSON documents, each field of one type and bounded."""

from __future__ import annotations

from typing import TypeVar

from flask import abort, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from web.candidate.notes import LONGEST


class Sent(BaseModel):
    """Base: nothing else than the fields, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class HandSent(Sent):
    """The hand goes up or down."""

    up: bool


class TickSent(Sent):
    """A task, ticked or no more."""

    task: str = Field(max_length=40)
    done: bool


class NotesSent(Sent):
    """The notes, and the version that they go on from."""

    text: str = Field(max_length=LONGEST)
    base: str = Field(max_length=16)


S = TypeVar("S", bound=Sent)


def sent(form: type[S]) -> S:
    """What was sent, read; 400 when it is something else."""
    try:
        return form.model_validate_json(request.get_data(cache=False))
    except ValidationError:
        abort(400)
