"""The reports as data: what ``report.json`` and ``session.json`` hold. Immutable; built by ``checkers.report.build``.

Points are JSON numbers, always whole quarters, so they are exact in binary. Titles come from the lab and exist in
French only; sentences that the product writes exist in both languages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import rfc8785
from pydantic import Field, PlainSerializer, WithJsonSchema

from checkers.facts import Again, Frozen, Raw
from checkers.verdict import Outcome
from labs.text import Language, Text
from labs.variant import Value


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Points = Annotated[
    Decimal,
    PlainSerializer(_number, when_used="json"),
    WithJsonSchema({"type": "number", "minimum": 0, "multipleOf": 0.25}),
]
"""Points: whole quarters, a number in JSON."""


class Candidate(Frozen):
    """Who sat the exam. ``number`` is the place on the session's roster, from 1, unique within the session."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    number: Annotated[int, Field(ge=1, le=99_999)]


class Moment(Frozen):
    """Something that happened to this bench, in the words of the session's journal."""

    at: datetime = Field(description="When, with its offset from UTC.")
    what: Text = Field(description="What happened.")


class LabIdentity(Frozen):
    """The lab (sujet) that the verdicts were made with."""

    id: str = Field(description="Identifier of the lab.")
    version: str = Field(description="Version of the lab.")
    title: str = Field(description="Title, in French.")
    referential: str = Field(description="Identifier of the certification that the lab serves.")
    certification: str = Field(description="Title of that certification, in French.")
    hash: str = Field(description="SHA-256 of the lab's files, hexadecimal.")


class Sum(Frozen):
    """Points and counts over some checks."""

    points: Points = Field(description="Points earned.")
    max_points: Points = Field(description="Points that could be earned.")
    open_points: Points = Field(
        description="Points of INCONCLUSIVE checks: not earned, not lost, for the jury to decide."
    )
    passed: int = Field(ge=0, description="Number of checks with verdict PASS.")
    failed: int = Field(
        ge=0, description="Number of checks with verdict FAIL (some may have earned part of the points)."
    )
    inconclusive: int = Field(ge=0, description="Number of checks with verdict INCONCLUSIVE.")

    @property
    def lost_points(self) -> Decimal:
        """Points that were neither earned nor left open."""
        return self.max_points - self.points - self.open_points


class GroupSum(Sum):
    """The sum of one task, competency or block."""

    id: str = Field(description="Identifier in the lab or in the referential.")
    title: str = Field(description="Title, in French.")


class TaskSum(GroupSum):
    """The sum of one task."""

    competency: str = Field(description="Competency that the task is evidence for, unless a check says otherwise.")


class CompetencySum(GroupSum):
    """The sum of one competency of the referential."""

    block: str = Field(description="Block of the referential that the competency belongs to.")


class CheckResult(Frozen):
    """What one check says of the candidate's work."""

    id: str = Field(description="Identifier of the check in the lab.")
    task: str = Field(description="Identifier of the task it belongs to.")
    competency: str = Field(description="Competency it is evidence for.")
    criterion: str = Field(
        default="",
        exclude_if=lambda value: value == "",
        description="Criterion of that competency it is evidence for; absent when the lab names none.",
    )
    title: str = Field(description="Title, in French.")
    verdict: Outcome = Field(
        description="PASS: as expected. FAIL: seen, and not as expected. INCONCLUSIVE: could not be seen."
    )
    points: Points = Field(description="Points earned.")
    max_points: Points = Field(description="Points that could be earned.")
    reason: str = Field(description="Why, in French.")
    reason_en: str = Field(description="Why, in English.")
    facts: tuple[str, ...] = Field(description="Keys of the facts that the verdict rests on.")
    true_at_start: bool = Field(
        default=False,
        exclude_if=lambda value: not value,
        description="True when the lab says that it passes on an untouched bench; else absent.",
    )
    simulated: bool = Field(description="True when no real machine was observed.")

    def reason_in(self, language: Language) -> str:
        """The reason in one language."""
        return self.reason_en if language == "en" else self.reason


class CandidateResult(Sum):
    """One candidate's result, as it stands in ``session.json``."""

    name: str = Field(description="The candidate's name.")
    number: int = Field(ge=1, description="The candidate's place on the roster of the session.")
    bench: str = Field(description="Name of the bench.")
    folder: str = Field(description="Folder of the candidate's report, beside session.json.")
    simulated: bool = Field(description="True when no real machine was observed.")
    started_at: datetime = Field(description="When the observation of the bench began.")
    ended_at: datetime = Field(description="When the observation of the bench ended.")
    observation_hash: str = Field(description="SHA-256 of observation.json (canonical JSON, RFC 8785), hexadecimal.")
    checks: tuple[CheckResult, ...] = Field(description="Every check, in the order of the lab.")


class FactEvidence(Frozen):
    """One fact in full: the question, where and how it was asked, and the answer."""

    number: int = Field(ge=1, description="Number of the piece of evidence within this report, for people to quote.")
    key: str = Field(description="The question: where, which probe, which arguments.")
    question: Text = Field(description="The question in words.")
    at: str = Field(description="Where it was asked: a machine, wire:<network>, radio:<machine> or bench.")
    probe: str = Field(description="Name of the probe.")
    args: dict[str, Any] = Field(description="Arguments of the probe.")
    status: Literal["seen", "unseen"] = Field(description="Whether the fact could be seen.")
    value: Any = Field(description="What the probe read in the output; null when unseen.")
    why: Text | None = Field(description="Why it was not seen; null when seen.")
    command: str = Field(description="The command that was run.")
    raw: Raw | None = Field(description="The command's output; null when nothing was run.")
    channel: str = Field(description="agent, ssh, winrm, witness, radio, hypervisor, simulated or none.")
    again: Again | None = Field(
        default=None,
        exclude_if=lambda again: again is None,
        description="What was answered when a check that waits had it asked again; absent when it was asked once.",
    )
    taken_at: datetime = Field(description="When the answer came.")
    witness: bool = Field(description="True when it was asked from outside the machine that the candidate administers.")


class Judgement(Sum):
    """What the checks of a lab found in an observation: all that a report says but the facts and the person.

    Kept as it was made, it can be shown when the lab is no more, or another. Neither a name nor a moment is in it: the
    same lab finds the same in the same observation, to the byte.
    """

    format: Literal[1] = 1
    lab: LabIdentity
    places: dict[str, str]
    tasks: tuple[TaskSum, ...]
    competencies: tuple[CompetencySum, ...]
    blocks: tuple[GroupSum, ...]
    checks: tuple[CheckResult, ...]
    questions: dict[str, Text]
    """For each key of a fact, its question in words."""

    def digest(self) -> str:
        """SHA-256 of the canonical JSON (RFC 8785), hexadecimal."""
        return hashlib.sha256(rfc8785.dumps(self.model_dump(mode="json"))).hexdigest()


class CandidateReport(CandidateResult):
    """The whole evidence of one candidate, as it stands in ``report.json``."""

    format: Literal[1] = Field(default=1, description="Version of this format.")
    session: str = Field(description="Name of the session.")
    lab: LabIdentity = Field(description="The lab that the verdicts were made with.")
    observed_lab_hash: str = Field(
        description="Hash of the lab that the bench was made from; same as lab.hash, or not."
    )
    variants: dict[str, Value] = Field(
        default_factory=dict,
        exclude_if=lambda values: not values,
        description="The candidate's values of the lab's variants, by name; left out when the lab has none.",
    )
    judged_at: datetime = Field(description="When the verdicts were made.")
    software: dict[str, str] = Field(description="Versions of the software that observed and judged.")
    places: dict[str, str] = Field(description="Titles, in French, of the machines and networks that facts name.")
    notes: tuple[Text, ...] = Field(description="What is worth knowing about how the bench was made.")
    times: tuple[Moment, ...] = Field(description="What happened to the bench, in order.")
    tasks: tuple[TaskSum, ...] = Field(description="Sum of each task, in the order of the lab.")
    competencies: tuple[CompetencySum, ...] = Field(description="Sum of each competency.")
    blocks: tuple[GroupSum, ...] = Field(description="Sum of each block of the referential.")
    facts: tuple[FactEvidence, ...] = Field(description="Every fact of the observation.")

    def result(self) -> CandidateResult:
        """The part of it that stands in ``session.json``."""
        return CandidateResult.model_validate({name: getattr(self, name) for name in CandidateResult.model_fields})

    def task_checks(self, task: str) -> list[CheckResult]:
        """The checks of one task, in order."""
        return [check for check in self.checks if check.task == task]


class GroupTitle(Frozen):
    """A task or competency, by name."""

    id: str = Field(description="Identifier in the lab or in the referential.")
    title: str = Field(description="Title, in French.")
    max_points: Points = Field(description="Points that could be earned.")


class SessionReport(Frozen):
    """The results of a whole session, as they stand in ``session.json``."""

    format: Literal[1] = Field(default=1, description="Version of this format.")
    session: str = Field(description="Name of the session.")
    lab: LabIdentity = Field(description="The lab that the verdicts were made with.")
    simulated: bool = Field(description="True when any candidate's bench was simulated.")
    generated_at: datetime = Field(description="When this file was made.")
    software: dict[str, str] = Field(description="Versions of the software that made this file.")
    tasks: tuple[GroupTitle, ...] = Field(description="The tasks of the lab, in order.")
    competencies: tuple[GroupTitle, ...] = Field(description="The competencies that the lab looks at.")
    candidates: tuple[CandidateResult, ...] = Field(description="Every candidate, by number.")


def total(checks: Iterable[CheckResult]) -> dict[str, Any]:
    """The fields of a ``Sum`` over some checks (none: all zero)."""
    points, maximum, left_open = Decimal(0), Decimal(0), Decimal(0)
    counts = dict.fromkeys(Outcome, 0)
    for check in checks:
        points += check.points
        maximum += check.max_points
        counts[check.verdict] += 1
        if check.verdict is Outcome.INCONCLUSIVE:
            left_open += check.max_points - check.points
    return {
        "points": points,
        "max_points": maximum,
        "open_points": left_open,
        "passed": counts[Outcome.PASS],
        "failed": counts[Outcome.FAIL],
        "inconclusive": counts[Outcome.INCONCLUSIVE],
    }
