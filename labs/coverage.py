"""Coverage: which checks and incidents of labs are evidence for each competency and criterion; what is left to people.

It says what could be shown, whoever sits the exam; what was shown by a candidate is ``checkers.proposal``'s. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from labs.model import Lab
from labs.referential import Block, Competency, Criterion, Referential

State = Literal["shown", "partly", "possible", "person"]
"""shown: a machine shows all of it. partly: a machine shows a part, a person judges the rest. possible: a machine could
show it, at least in part, but no lab has a check for it. person: only a person can see it."""


@dataclass(frozen=True)
class Evidence:
    """A check or an incident (or request) of a lab."""

    lab: str
    kind: Literal["check", "incident", "request"]
    id: str
    title: str


@dataclass(frozen=True)
class CriterionCoverage:
    """One criterion and what is evidence for it, in the order of the labs."""

    criterion: Criterion
    evidence: tuple[Evidence, ...]

    @property
    def state(self) -> State:
        if self.criterion.seen_by == "person":
            return "person"
        if not self.evidence:
            return "possible"
        return "shown" if self.criterion.seen_by == "machine" else "partly"


@dataclass(frozen=True)
class CompetencyCoverage:
    """One competency: its block, what is evidence for it, criterion by criterion where checks name one."""

    block: Block
    competency: Competency
    evidence: tuple[Evidence, ...]
    criteria: tuple[CriterionCoverage, ...]

    @property
    def without_criterion(self) -> tuple[Evidence, ...]:
        """What is evidence for the competency and names none of its criteria."""
        named = {evidence for item in self.criteria for evidence in item.evidence}
        return tuple(evidence for evidence in self.evidence if evidence not in named)


def coverage(referential: Referential, labs: Iterable[Lab]) -> tuple[CompetencyCoverage, ...]:
    """Every competency of a certification, in its order; labs for another certification count for nothing here."""
    found = [item for lab in labs if lab.referential == referential.id for item in _evidence(lab)]
    return tuple(
        CompetencyCoverage(
            block,
            competency,
            tuple(evidence for name, _, evidence in found if name == competency.id),
            tuple(
                CriterionCoverage(criterion, tuple(evidence for _, name, evidence in found if name == criterion.id))
                for criterion in competency.criteria
            ),
        )
        for block in referential.blocks
        for competency in block.competencies
    )


def _evidence(lab: Lab) -> Iterable[tuple[str, str, Evidence]]:
    """Each check and incident with its competency and its criterion (or none, empty)."""
    for task, check in lab.checks():
        yield task.competency_of(check), task.criterion_of(check), Evidence(lab.id, "check", check.id, check.title)
    for incident in lab.incidents:
        evidence = Evidence(lab.id, incident.kind, incident.id, incident.title)
        yield incident.competency, incident.criterion or "", evidence
