"""The proof of a lab: what was seen on real machines, and whether that proves it. Pure data and one pure question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

from checkers.facts import Frozen
from checkers.verdict import Outcome, Verdict
from labs.loader import LoadedLab
from labs.mutant import Mutant
from labs.text import Text
from labs.variant import Value
from orchestrator.proving.devices import provable


class Bearing(Frozen):
    """How a whole bench did: the blank one, or the solved one. ``passed``: the checks that passed, sorted."""

    passed: tuple[str, ...]
    points: Decimal
    max_points: Decimal
    at: datetime


class Flip(Frozen):
    """A check that a mutant flipped: what it is still worth, and its reason."""

    check: str
    points: Decimal
    max_points: Decimal
    reason: Text


class ProvedMutant(Frozen):
    """A mutant that flipped exactly what it names. ``looks``: after how many looks; those after the first were at the
    checks that had not been as they must be. ``seconds``: all that it took."""

    id: str
    title: str
    machine: str
    flips: tuple[Flip, ...]
    looks: int = 1
    seconds: float
    at: datetime


class ProvedIncident(Frozen):
    """An incident or a request that was brought about, seen, and dealt with."""

    id: str
    title: str
    seconds: float
    at: datetime


class Host(Frozen):
    """The machine on which a lab was proved."""

    accelerator: str
    cpu: str
    cores: int
    memory_mib: int


class Proof(Frozen):
    """What is proved of exactly one content of a lab; it grows until it is whole.

    hash: of the lab's content. variants: the values of its variants that it was proved with. checks: of Épreuve's code
    that asks and judges. missed: how often something was not as it must be before it was, by the id of the mutant or
    incident, ``blank`` or ``solved``. updated_at: of the last thing that was added. whole: nothing was lacking then;
    ``lacking`` says whether that is so.
    """

    format: Literal[1] = 1
    lab: str
    version: str
    hash: str
    variants: dict[str, Value] = Field(default_factory=dict, exclude_if=lambda values: not values)
    checks: str
    software: dict[str, str]
    host: Host
    updated_at: datetime
    whole: bool = False
    blank: Bearing | None = None
    solved: Bearing | None = None
    mutants: tuple[ProvedMutant, ...] = ()
    incidents: tuple[ProvedIncident, ...] = ()
    missed: dict[str, int] = Field(default_factory=dict)

    def mutant(self, name: str) -> ProvedMutant | None:
        """What is proved of a mutant."""
        return next((one for one in self.mutants if one.id == name), None)


def bearing(verdicts: Sequence[Verdict], at: datetime) -> Bearing:
    """How a bench did that these are the verdicts of."""
    return Bearing(
        passed=tuple(sorted(one.check for one in verdicts if one.outcome is Outcome.PASS)),
        points=sum((one.points for one in verdicts), Decimal(0)),
        max_points=sum((one.max_points for one in verdicts), Decimal(0)),
        at=at,
    )


def lacking(proof: Proof, lab: LoadedLab) -> list[Text]:
    """What keeps this proof from proving this lab; empty when it does. Asks each claim again, and trusts no flag."""
    if proof.hash != lab.hash:
        return [Text("elle est d'un autre contenu du sujet", "it is of another content of the lab")]
    if proof.variants != lab.values:
        return [Text("elle est faite avec d'autres valeurs des variantes", "it was made with other values of variants")]
    return [*_benches(proof, lab), *_mutants(proof, lab)]


def _benches(proof: Proof, lab: LoadedLab) -> Iterator[Text]:
    checks = [one.spec for one in provable(lab)]
    at_start = tuple(sorted(check.id for check in checks if check.true_at_start))
    if proof.blank is None or proof.blank.passed != at_start:
        yield Text("le poste intact n'est pas prouvé", "the untouched bench is not proved")
    done, every = proof.solved, tuple(sorted(check.id for check in checks))
    if (
        done is None
        or done.passed != every
        or done.points != done.max_points
        or done.max_points != sum(check.points for check in checks)
    ):
        yield Text("la solution de référence n'est pas prouvée", "the reference solution is not proved")


def _mutants(proof: Proof, lab: LoadedLab) -> Iterator[Text]:
    checks = {one.spec.id for one in provable(lab)}
    flipped = {name for mutant in lab.mutants for name in mutant.flips}
    if missing := sorted(checks - flipped):
        names = ", ".join(missing)
        yield Text(f"aucun mutant ne fait tomber : {names}", f"no mutant flips: {names}")
    if sum(bool(mutant.flips) for mutant in lab.mutants) < len(checks):
        yield Text(
            "il y a moins de mutants qui font tomber un contrôle que de contrôles",
            "there are fewer mutants that flip a check than checks",
        )
    unproved = [mutant.id for mutant in lab.mutants if not proves(proof.mutant(mutant.id), mutant)]
    if unproved:
        names = ", ".join(unproved)
        yield Text(f"mutants non prouvés : {names}", f"mutants not proved: {names}")


def proves(found: ProvedMutant | None, mutant: Mutant) -> bool:
    """Whether this is what a mutant must do."""
    return found is not None and {flip.check for flip in found.flips} == set(mutant.flips)
