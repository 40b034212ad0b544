"""Judging: verdicts from a stored observation. Pure: no machine, no clock, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from checkers.check import Check, Unseen, View
from checkers.facts import Observation
from checkers.probe import Question, unique
from checkers.verdict import Outcome, Verdict, points_for
from labs.model import CheckSpec, Task
from labs.text import Text

LINKS_KEY = "bench/links"
"""The fact that the observer takes from the hypervisor: which machines run and which networks are connected."""


@dataclass(frozen=True)
class PlannedCheck:
    """A check of a lab, with its parameters read: what the lab file says, ready to judge."""

    task: Task
    spec: CheckSpec
    check: Check

    @property
    def competency(self) -> str:
        """The competency it is evidence for: its own, or its task's."""
        return self.task.competency_of(self.spec)

    @property
    def criterion(self) -> str:
        """The criterion of that competency that it is evidence for; empty when the lab names none."""
        return self.task.criterion_of(self.spec)


def plan(lab_checks: Sequence[tuple[Task, CheckSpec]], classes: Mapping[str, type[Check]]) -> list[PlannedCheck]:
    """The checks of a lab with their classes; the lab has been linted, so every class and parameter is right."""
    return [PlannedCheck(task, spec, classes[spec.check].model_validate(spec.params)) for task, spec in lab_checks]


class Asks(Protocol):
    """Something that rests on a check: a planned check, or the proof of an incident."""

    @property
    def check(self) -> Check: ...


def questions(planned: Sequence[Asks]) -> list[Question]:
    """Everything that must be asked to judge these checks, each question once."""
    return unique([question for item in planned for question in item.check.questions()])


def judge(planned: Sequence[PlannedCheck], observation: Observation) -> list[Verdict]:
    """One verdict per check, in the lab's order."""
    view = view_of(observation)
    return [_verdict(item, conclude(item.check, view)) for item in planned]


def view_of(observation: Observation) -> View:
    """An observation as checks see it."""
    facts = observation.by_key()
    links_fact = facts.get(LINKS_KEY)
    links = links_fact.value if links_fact is not None and links_fact.status == "seen" else {}
    return View(facts, links)


@dataclass(frozen=True)
class Conclusion:
    """What one check comes to. ``score``: from 0 to 1; 0 when it is inconclusive."""

    outcome: Outcome
    score: Fraction
    reason: Text


def conclude(check: Check, view: View) -> Conclusion:
    """Judge one check. Never raises: neither what was not seen nor a fault of the check is the candidate's."""
    try:
        finding = check.judge(view)
    except Unseen as unseen:
        return Conclusion(Outcome.INCONCLUSIVE, Fraction(0), unseen.why)
    except Exception as error:  # noqa: BLE001 - a fault of a check must cost its author a report, never a candidate a point
        reason = Text(
            "le contrôle lui-même est en défaut ({error}) : à signaler à son auteur",
            "the check itself is faulty ({error}): tell its author",
        ).format(error=type(error).__name__)
        return Conclusion(Outcome.INCONCLUSIVE, Fraction(0), reason)
    return Conclusion(Outcome.PASS if finding.score == 1 else Outcome.FAIL, finding.score, finding.reason)


def _verdict(item: PlannedCheck, conclusion: Conclusion) -> Verdict:
    maximum = Decimal(item.spec.points)
    return Verdict(
        check=item.spec.id,
        task=item.task.id,
        competency=item.competency,
        criterion=item.criterion,
        title=item.spec.title,
        outcome=conclusion.outcome,
        points=points_for(conclusion.score, maximum),
        max_points=maximum,
        reason=conclusion.reason,
        facts=tuple(question.key for question in item.check.questions()),
        true_at_start=item.spec.true_at_start,
    )
