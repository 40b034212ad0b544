"""From what was found to a verdict: values, or raw outputs that the probe parses, by the name of the probe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from checkers.check import Check, Unseen, View
from checkers.facts import Fact, Raw
from checkers.probe import Unreadable, Value
from labs.text import Text

LINKED = {"server": {"lan": True}, "client": {"lan": True}}


@dataclass(frozen=True)
class Judged:
    """outcome: PASS, PART (some points), FAIL or INCONCLUSIVE. reason: in French."""

    outcome: str
    reason: str


def judged(
    check: Check,
    found: Mapping[str, Value | Raw | str | None],
    links: Mapping[str, Mapping[str, bool]] | None = LINKED,
) -> Judged:
    """The verdict of a check. None: the fact was not seen. A text: the standard output of the probe's command."""
    facts: dict[str, Fact] = {}
    for question in check.questions():
        answer = found[question.probe.name]
        value, why = None, None
        if answer is None:
            why = Text("pas vu", "not seen")
        elif isinstance(answer, Value):
            value = answer.model_dump(mode="json")
        else:
            try:
                raw = answer if isinstance(answer, Raw) else Raw(stdout=answer)
                value = question.probe.parse(raw).model_dump(mode="json")
            except Unreadable as unreadable:
                why = unreadable.why
        facts[question.key] = Fact(
            key=question.key,
            at=question.at,
            probe=question.probe.name,
            status="seen" if value is not None else "unseen",
            value=value,
            why=why,
            channel="simulated",
            taken_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    try:
        finding = check.judge(View(facts, links))
    except Unseen as unseen:
        return Judged("INCONCLUSIVE", unseen.why.fr)
    assert finding.reason.fr
    assert finding.reason.en
    outcome = "PASS" if finding.score == 1 else "FAIL" if finding.score == 0 else "PART"
    return Judged(outcome, finding.reason.fr)
