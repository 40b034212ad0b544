"""Judging: verdicts from a stored observation. Pure: no machine, no clock, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

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
        return self.spec.competency or self.task.competency


def plan(lab_checks: Sequence[tuple[Task, CheckSpec]], classes: Mapping[str, type[Check]]) -> list[PlannedCheck]:
    """The checks of a lab with their classes; the lab has been linted, so every class and parameter is right."""
    return [PlannedCheck(task, spec, classes[spec.check].model_validate(spec.params)) for task, spec in lab_checks]


def questions(planned: Sequence[PlannedCheck]) -> list[Question]:
    """Everything that must be asked to judge these checks, each question once."""
    return unique([question for item in planned for question in item.check.questions()])


def judge(planned: Sequence[PlannedCheck], observation: Observation) -> list[Verdict]:
    """One verdict per check, in the lab's order."""
    facts = observation.by_key()
    links_fact = facts.get(LINKS_KEY)
    links = links_fact.value if links_fact is not None and links_fact.status == "seen" else {}
    view = View(facts, links)
    return [_judge_one(item, view) for item in planned]


def _judge_one(item: PlannedCheck, view: View) -> Verdict:
    maximum = Decimal(item.spec.points)
    points = Decimal(0)
    try:
        finding = item.check.judge(view)
    except Unseen as unseen:
        outcome, reason = Outcome.INCONCLUSIVE, unseen.why
    except Exception as error:  # noqa: BLE001 - a fault of a check must cost its author a report, never a candidate a point
        outcome = Outcome.INCONCLUSIVE
        reason = Text(
            "le contrôle lui-même est en défaut ({error}) : à signaler à son auteur",
            "the check itself is faulty ({error}): tell its author",
        ).format(error=type(error).__name__)
    else:
        points, reason = points_for(finding.score, maximum), finding.reason
        outcome = Outcome.PASS if finding.score == 1 else Outcome.FAIL
    return Verdict(
        check=item.spec.id,
        task=item.task.id,
        competency=item.competency,
        title=item.spec.title,
        outcome=outcome,
        points=points,
        max_points=maximum,
        reason=reason,
        facts=tuple(question.key for question in item.check.questions()),
    )
