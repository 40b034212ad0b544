"""Incidents and requests: what the jury may have happen on a bench, and how to tell that it was dealt with.

Of all this only ``ticket`` ever reaches a candidate; the rest is for the jury and for the machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from labs.base import CheckUse, CompetencyId, CriterionId, Slug, Strict
from labs.text import tr

Level = Annotated[int, Field(ge=1, le=3)]
"""1 high, 2 middling, 3 low: impact (how much of the firm is concerned) or urgency (how long it can wait)."""


class Change(Strict):
    """Something done to the bench: a shell script on one machine, or a playbook, which names its own.

    The script is run by root over the guest agent, with the session's secrets as upper-case environment variables; it
    answers 0 once what it brings about can be seen from outside. ``on``: another machine than the incident's own.
    """

    on: Slug | None = None
    shell: Path | None = None
    playbook: Path | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.shell is None) == (self.playbook is None):
            raise ValueError(tr("« shell » ou « playbook », l'un des deux", "“shell” or “playbook”, one of them"))
        if self.playbook is not None and self.on is not None:
            raise ValueError(tr("un playbook nomme lui-même ses machines", "a playbook names its machines itself"))
        return self


class Proof(CheckUse):
    """A check that passes while nothing is broken (or once a request is fulfilled). It is worth no points.

    It judges the end state, never the way: a candidate may repair by any means.
    """


class Ticket(Strict):
    """What the candidate gets: the user's words, never the cause."""

    caller: Annotated[str, Field(min_length=1, max_length=80)]
    channel: Literal["phone", "mail", "desk", "portal"]
    subject: Annotated[str, Field(min_length=1, max_length=120)]
    text: Annotated[str, Field(min_length=1, max_length=2000)]


class Answer(Strict):
    """What the user says when the candidate asks something like ``ask``."""

    ask: str
    say: str


class Script(Strict):
    """The jury member's part as the user: the first sentence, likely questions, what the user cannot know."""

    opening: str
    answers: Annotated[tuple[Answer, ...], Field(min_length=1)]
    unknown: tuple[str, ...] = ()


class Incident(Strict):
    """One incident, or one request (which breaks nothing: the candidate must bring something about).

    ``title`` says the cause, to staff. ``criterion``: the one of its competency that dealing with it is evidence for.
    ``proof``: every check passes while healthy and once repaired or fulfilled; at least one fails while broken, or
    before a request is fulfilled. ``affects``: checks of the lab that the incident itself, or any right repair of it,
    may change; any other that did better before is harm done by the repair. ``diagnosis``: what a good one looks like,
    step by step. ``impact``, ``urgency``: how it should be qualified. ``minutes``: what a prepared candidate needs.
    """

    id: Slug
    kind: Literal["incident", "request"]
    title: str
    competency: CompetencyId
    criterion: CriterionId | None = None
    machine: Slug
    break_: Change | None = Field(default=None, alias="break")
    repair: Change
    proof: Annotated[tuple[Proof, ...], Field(min_length=1)]
    affects: tuple[Slug, ...] = ()
    ticket: Ticket
    script: Script
    diagnosis: Annotated[tuple[str, ...], Field(min_length=1)]
    impact: Level
    urgency: Level
    minutes: Annotated[int, Field(ge=1, le=60)]

    @model_validator(mode="after")
    def _breaks_or_asks(self) -> Self:
        if self.kind == "incident" and self.break_ is None:
            raise ValueError(tr("un incident a besoin de « break »", "an incident needs “break”"))
        if self.kind == "request" and self.break_ is not None:
            raise ValueError(tr("une demande ne casse rien : pas de « break »", "a request breaks nothing: no “break”"))
        return self
