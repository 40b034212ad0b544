"""Judging an incident: there or not, repaired or not, and what its repair spoiled."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from checkers.checks import CHECKS
from checkers.facts import Fact, Observation
from checkers.incidents import Condition, condition, harm, judge_proof, plan_proof
from checkers.judge import questions
from checkers.verdict import Outcome, Verdict
from labs.incident import Incident
from labs.text import Text

NOW = datetime(2026, 1, 1, tzinfo=UTC)
INCIDENT = Incident.model_validate(
    {
        "id": "names",
        "kind": "incident",
        "title": "Both lost their names",
        "competency": "BC01.C3",
        "machine": "client",
        "break": {"shell": "b.sh"},
        "repair": {"shell": "r.sh"},
        "proof": [
            {"id": f"name-{on}", "title": on, "check": "host-name", "with": {"on": on, "name": on}}
            for on in ("client", "server")
        ],
        "ticket": {"caller": "Anna", "channel": "phone", "subject": "?", "text": "?"},
        "script": {"opening": "Hello", "answers": [{"ask": "?", "say": "!"}]},
        "diagnosis": ["Looks"],
        "impact": 1,
        "urgency": 1,
        "minutes": 5,
    }
)
PLANNED = plan_proof(INCIDENT, CHECKS)


def observed(client: str | None, server: str | None) -> Observation:
    facts = []
    for question, name in zip(questions(PLANNED), (client, server), strict=True):
        value = {"static": name, "running": name} if name else None
        status = "seen" if name else "unseen"
        document = {"key": question.key, "at": question.at, "probe": "host-name", "channel": "agent", "taken_at": NOW}
        facts.append(Fact.model_validate(document | {"status": status, "value": value}))
    return Observation(
        session="s", bench="b", candidate="c", lab="l", lab_version="1.0.0", lab_hash="h", simulated=True,
        started_at=NOW, ended_at=NOW, software={}, facts=tuple(facts),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("client", "server", "expected"),
    [
        ("client", "server", Condition.SOUND),
        ("lost", "server", Condition.BROKEN),
        ("lost", None, Condition.BROKEN),
        ("client", None, Condition.UNSEEN),
        (None, None, Condition.UNSEEN),
    ],
)
def test_an_incident_is_what_its_proofs_say_together(client: str, server: str, expected: Condition) -> None:
    outcomes = judge_proof(PLANNED, observed(client, server))
    assert [outcome.proof for outcome in outcomes] == ["name-client", "name-server"]
    assert condition(outcomes) is expected


def test_no_proof_proves_nothing() -> None:
    assert condition([]) is Condition.UNSEEN


def verdict(check: str, outcome: str, points: str = "0") -> Verdict:
    return Verdict(
        check=check, task="t", competency="BC01.C1", title=check, outcome=Outcome(outcome), points=Decimal(points),
        max_points=Decimal(2), reason=Text("", ""), facts=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "harmed"),
    [
        (("PASS", "2"), ("FAIL", "0"), True),
        (("FAIL", "1"), ("FAIL", "0.5"), True),
        (("PASS", "2"), ("PASS", "2"), False),
        (("FAIL", "0"), ("FAIL", "0"), False),
        (("FAIL", "0"), ("PASS", "2"), False),
        (("PASS", "2"), ("INCONCLUSIVE", "0"), False),
        (("INCONCLUSIVE", "0"), ("FAIL", "0"), False),
    ],
)
def test_harm_is_what_was_better_before_and_was_seen(
    before: tuple[str, str], after: tuple[str, str], harmed: bool
) -> None:
    found = harm([verdict("dns", *before)], [verdict("dns", *after)], ())
    assert [item.check for item in found] == (["dns"] if harmed else [])
    assert harm([verdict("dns", *before)], [verdict("dns", *after)], ("dns",)) == []
