"""What is written into the book ``incidents``: how an incident was brought about, and what each look at it found.

Written by the engine alone. Read back by pages, reports and dossiers: ``read`` puts the entries in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from checkers.facts import Frozen, Observation
from checkers.incidents import ProofOutcome
from labs.text import Text
from orchestrator.exam.model import IncidentState, Resolution
from orchestrator.store.records import Record

INJECTED, FAILED, LOOKED = "injected", "failed", "verified"
"""Kinds of entry."""

_LONGEST = 1000


class Entry(Frozen):
    """What every entry says: which incident it is of. ``number``: of the incident, among the candidate's."""

    number: int
    incident: str
    request: bool


class Injection(Entry):
    """How an incident was brought about, or why it was not. Hashes are those of observations kept with the bench.

    copy_number: the copy that it was in. proof_before, before: what was seen before anything was broken, of the proof;
    proof, observation: and then. error: why it was given up; touched: the copy may have been changed by then; detail:
    more about the error, for administrators.
    """

    copy_number: int
    before: str | None = None
    proof_before: tuple[ProofOutcome, ...] = ()
    observation: str | None = None
    proof: tuple[ProofOutcome, ...] = ()
    breaking_s: float = 0.0
    seeing_s: float = 0.0
    error: Text | None = None
    touched: bool = False
    detail: str = ""

    @classmethod
    def of(
        cls, asked: IncidentState, *, before: Observation | None = None, proof_before: tuple[ProofOutcome, ...] = ()
    ) -> Self:
        """Of which nothing more is known yet."""
        return cls(
            number=asked.number,
            incident=asked.incident,
            request=asked.request,
            copy_number=asked.copy_number,
            before=before and before.digest(),
            proof_before=proof_before,
        )

    def seen(
        self, observation: Observation, proof: Sequence[ProofOutcome], *, breaking_s: float, seeing_s: float
    ) -> Self:
        """With what was seen after it."""
        times = {"breaking_s": round(breaking_s, 1), "seeing_s": round(seeing_s, 1)}
        return self.model_copy(update={"observation": observation.digest(), "proof": tuple(proof), **times})

    def given_up(self, error: Text, *, touched: bool = False, detail: str = "") -> Self:
        """With the reason."""
        cut = Text(error.fr[:_LONGEST], error.en[:_LONGEST])  # machines have their word in it, and the exam keeps it
        return self.model_copy(update={"error": cut, "touched": touched, "detail": detail[:_LONGEST]})


class Worse(Frozen):
    """A check of the lab that does worse than before the incident, or cannot be seen any more."""

    check: str
    title: str
    points_before: Decimal
    points: Decimal
    reason_before: Text
    reason: Text


class Look(Entry):
    """What a verification found. ``look``: which one of the incident, from 1.

    harm: what is worse than before, and is not the incident's own; None while it cannot be told: the incident is not
    solved, or others that came after it (``beside``) are not, and what is worse may be theirs. unseen: what was seen
    before and is not now, which is no harm. error: why nothing was found out.
    """

    look: int
    outcome: Resolution
    proof: tuple[ProofOutcome, ...] = ()
    harm: tuple[Worse, ...] | None = None
    beside: tuple[str, ...] = ()
    unseen: tuple[Worse, ...] = ()
    before: str | None = None
    observation: str | None = None
    error: Text | None = None

    @classmethod
    def failed(cls, state: IncidentState, error: Text) -> Self:
        """Nothing could be found out."""
        return cls(
            number=state.number,
            incident=state.incident,
            request=state.request,
            look=len(state.verifications),
            outcome="unclear",
            error=error,
        )


@dataclass(frozen=True)
class History:
    """All that was written of one incident. ``injection``: None as long as nothing came of it."""

    injection: Injection | None
    looks: tuple[Look, ...] = ()

    @property
    def observations(self) -> set[str]:
        """The hashes of all observations that these entries rest on."""
        entries: list[Injection | Look] = [*([self.injection] if self.injection else []), *self.looks]
        return {hash_ for one in entries for hash_ in (one.before, one.observation) if hash_}


def read(records: Iterable[Record]) -> dict[int, History]:
    """The entries of a candidate's book, by the number of the incident."""
    found: dict[int, History] = {}
    for record in records:
        if record.what == LOOKED:
            look = Look.model_validate_json(record.document)
            before = found.get(look.number, History(None))
            found[look.number] = History(before.injection, (*before.looks, look))
        else:
            injection = Injection.model_validate_json(record.document)
            found[injection.number] = History(injection)
    return found
