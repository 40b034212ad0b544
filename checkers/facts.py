"""Facts and observations: what was found, how, through which channel, and when. Immutable data."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Literal

import rfc8785
from pydantic import BaseModel, ConfigDict, Field

from labs.text import Text
from labs.variant import Value


class Frozen(BaseModel):
    """Base of stored data: immutable, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Raw(Frozen):
    """One command's output as text (UTF-8; what was not, is replaced and noted)."""

    stdout: str
    stderr: str = ""
    exit_code: int | None = 0
    duration_ms: int = 0
    timed_out: bool = False
    truncated: bool = False
    not_utf8: bool = False


class Look(Frozen):
    """Another answer to the same question, kept when it is other than the one before. round: which asking of the
    observation, from 1 (0 is the first of all); the same for all questions that were asked at that time."""

    round: int
    status: Literal["seen", "unseen"]
    value: Any = None
    why: Text | None = None
    raw: Raw | None = None
    channel: str
    taken_at: datetime


class Again(Frozen):
    """How often a question was asked once more, the last time when, and what it was answered then."""

    times: int
    until: datetime
    looks: tuple[Look, ...] = ()


class Fact(Frozen):
    """The answer to one question.

    key: the question, for example ``server/dhcp-config`` or ``wire:lan/ports {"host": …}``.
    at: where it was asked: a machine, ``wire:<network>``, ``radio:<machine>`` or ``bench``.
    value: the probe's typed value as JSON; None when ``status`` is ``unseen``, and ``why`` then says why.
    channel: ``agent``, ``ssh``, ``winrm``, ``disk``, ``disk-cut``, ``witness``, ``radio``, ``hypervisor``,
    ``simulated`` or ``none``.
    again: what it was answered when a check that waits had it asked again; no other check looks at that.
    """

    key: str
    at: str
    probe: str
    args: dict[str, Any] = Field(default_factory=dict)
    status: Literal["seen", "unseen"]
    value: Any = None
    why: Text | None = None
    command: str = ""
    raw: Raw | None = None
    channel: str
    taken_at: datetime
    again: Again | None = Field(default=None, exclude_if=lambda again: again is None)

    def at_round(self, number: int) -> Fact:
        """The fact as it was known after a round of asking again; 0: as it was at first."""
        looks = [look for look in (self.again.looks if self.again else ()) if look.round <= number]
        if not looks:
            return self
        names = [name for name in Look.model_fields if name != "round"]
        return self.model_copy(update={name: getattr(looks[-1], name) for name in names})

    @property
    def is_witness(self) -> bool:
        """Whether it was asked from outside the machine."""
        return self.at.startswith(("wire:", "radio:")) or self.at == "bench"


class Observation(Frozen):
    """All the facts of a bench at one moment."""

    format: Literal[1] = 1
    session: str
    bench: str
    candidate: str
    lab: str
    lab_version: str
    lab_hash: str
    variants: dict[str, Value] = Field(default_factory=dict, exclude_if=lambda values: not values)
    """The candidate's values of the lab's variants: it is judged by these. Left out where the lab has none, as in
    observations made before there were any."""
    simulated: bool
    started_at: datetime
    ended_at: datetime
    software: dict[str, str]
    """Versions that matter to read it again: épreuve, libvirt, qemu, images."""
    facts: tuple[Fact, ...]

    def by_key(self) -> dict[str, Fact]:
        """The facts, each under its question."""
        return {fact.key: fact for fact in self.facts}

    def digest(self) -> str:
        """SHA-256 of the canonical JSON (RFC 8785), hexadecimal."""
        return hashlib.sha256(rfc8785.dumps(self.model_dump(mode="json"))).hexdigest()
