"""Judging: verdicts from a stored observation. Pure: no machine, no clock, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from checkers.check import Check, FromDisk, Unseen, View
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
    view = view.fresh()
    try:
        finding = check.judge(view)
        _need_whole(check, view.disk)
    except Unseen as unseen:
        return Conclusion(Outcome.INCONCLUSIVE, Fraction(0), _with_source(unseen.why, view.disk))
    except Exception as error:  # noqa: BLE001 - a fault of a check must cost its author a report, never a candidate a point
        reason = Text(
            "le contrôle lui-même est en défaut ({error}) : à signaler à son auteur",
            "the check itself is faulty ({error}): tell its author",
        ).format(error=type(error).__name__)
        return Conclusion(Outcome.INCONCLUSIVE, Fraction(0), reason)
    outcome = Outcome.PASS if finding.score == 1 else Outcome.FAIL
    return Conclusion(outcome, finding.score, _with_source(finding.reason, view.disk))


def _need_whole(check: Check, disk: FromDisk) -> None:
    """Raises Unseen where a disk does not say enough to judge by, for or against the candidate (docs/adr/0012)."""
    if disk.cut:
        raise Unseen(
            Text(
                "la machine ne répondait plus et ne s'est pas arrêtée proprement : son disque peut dater d'avant la "
                "fin de l'épreuve",
                "the machine no longer answered and was not shut down properly: its disk may be from before the "
                "end of the exam",
            )
        )
    if disk.partial and not check.minds_unseen:
        raise Unseen(
            Text(
                "le disque dit ce qui est configuré, pas l'état en cours de la machine, qui ne répondait plus",
                "the disk says what is configured, not the running state of the machine, which no longer answered",
            )
        )


def _with_source(reason: Text, disk: FromDisk) -> Text:
    """The reason; what was read from a disk is said to be."""
    if not disk.machines:
        return reason
    return Text(f"{reason.fr} (lu sur le disque)", f"{reason.en} (read from the disk)")


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
