"""Incidents, judged: whether one is there, whether it is repaired, and whether the repair did harm. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checkers.check import Check
from checkers.facts import Frozen, Observation
from checkers.judge import conclude, view_of
from checkers.verdict import Outcome, Verdict
from labs.incident import Incident, Proof
from labs.text import Text


@dataclass(frozen=True)
class PlannedProof:
    """A proof of an incident with its parameters read, ready to judge."""

    spec: Proof
    check: Check


class ProofOutcome(Frozen):
    """What one proof says. ``facts`` are keys of the observation."""

    proof: str
    title: str
    outcome: Outcome
    reason: Text
    facts: tuple[str, ...]


class Condition(StrEnum):
    """What the proofs of an incident come to together."""

    SOUND = "sound"
    """Every proof passes: healthy, repaired, or fulfilled."""
    BROKEN = "broken"
    """At least one fails."""
    UNSEEN = "unseen"
    """None fails, but not all could be seen: nothing is proved."""


def plan_proof(incident: Incident, classes: Mapping[str, type[Check]]) -> list[PlannedProof]:
    """The proofs of an incident with their classes; the lab has been linted, so every class and parameter is right."""
    return [PlannedProof(spec, classes[spec.check].model_validate(spec.params)) for spec in incident.proof]


def judge_proof(planned: Sequence[PlannedProof], observation: Observation) -> list[ProofOutcome]:
    """One outcome per proof, in the lab's order."""
    view = view_of(observation)
    found = [(item, conclude(item.check, view)) for item in planned]
    return [
        ProofOutcome(
            proof=item.spec.id,
            title=item.spec.title,
            outcome=conclusion.outcome,
            reason=conclusion.reason,
            facts=tuple(question.key for question in item.check.questions()),
        )
        for item, conclusion in found
    ]


def condition(outcomes: Sequence[ProofOutcome]) -> Condition:
    """What these outcomes come to together."""
    found = {outcome.outcome for outcome in outcomes}
    if Outcome.FAIL in found:
        return Condition.BROKEN
    return Condition.SOUND if found == {Outcome.PASS} else Condition.UNSEEN


def harm(before: Sequence[Verdict], after: Sequence[Verdict], affects: Collection[str]) -> list[Verdict]:
    """The verdicts that are worse after a repair than before the incident; not those that the incident may change.

    What could not be seen, before or after, is no harm.
    """
    points = {verdict.check: verdict.points for verdict in before if verdict.outcome is not Outcome.INCONCLUSIVE}
    worse = [verdict for verdict in after if verdict.points < points.get(verdict.check, 0)]
    return [verdict for verdict in worse if verdict.outcome is Outcome.FAIL and verdict.check not in affects]
