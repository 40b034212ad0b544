"""From outputs to a verdict: each question's output is parsed by its probe and the check judges the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from checkers.check import Check, Unseen, View
from checkers.dialect import SHELL, Dialect
from checkers.facts import Fact, Raw
from checkers.observe import value_of
from checkers.probe import Probe, Question
from checkers.probes.awake import Awake

LINKED = {"server": {"lan": True, "internet": True}, "client": {"lan": True, "internet": True}, "ap": {"lan": True}}
AWAKE = "up 4000\nrunning\nend\n"
STARTING = "up 30\nstarting\nend\n"
DUMB = ""
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Judged:
    """outcome: PASS, PART (some points), FAIL or INCONCLUSIVE. reason: in French."""

    outcome: str
    reason: str
    english: str


def fact(question: Question, raw: Raw, dialect: Dialect = SHELL) -> Fact:
    value, why = value_of(question.probe, raw, dialect)
    return Fact(
        key=question.key, at=question.at, probe=question.probe.name, status="unseen" if why else "seen", value=value,
        why=why, raw=raw, channel="simulated", taken_at=NOW,
    )  # fmt: skip


def judged(
    check: Check,
    outputs: str | Raw | Mapping[str, str | Raw],
    links: Mapping[str, Mapping[str, bool]] | None = LINKED,
    awake: str = AWAKE,
    dialect: Dialect = SHELL,
    plain: tuple[type[Probe[Any]], ...] = (),
) -> Judged:
    """The verdict on outputs: one for every question, or by probe name.

    dialect: of the machine that answers. plain: the probes that a witness answers all the same.
    """
    facts = {}
    for question in check.questions():
        if isinstance(question.probe, Awake):
            output: str | Raw = awake
        else:
            output = outputs if isinstance(outputs, str | Raw) else outputs[question.probe.name]
        raw = output if isinstance(output, Raw) else Raw(stdout=output)
        facts[question.key] = fact(question, raw, SHELL if isinstance(question.probe, plain) else dialect)
    try:
        finding = check.judge(View(facts, links))
    except Unseen as unseen:
        return Judged("INCONCLUSIVE", unseen.why.fr, unseen.why.en)
    outcome = "PASS" if finding.score == 1 else "FAIL" if finding.score == 0 else "PART"
    return Judged(outcome, finding.reason.fr, finding.reason.en)
