"""The interview guide asks about what the evidence leaves open, and never says more than it."""

from __future__ import annotations

from decimal import Decimal

from checkers.proposal import IncidentResult, propose
from checkers.report.model import CheckResult
from checkers.verdict import Outcome
from labs.referential import Criterion
from orchestrator.marks.guide import FEW, questions
from tests.unit.marks.room import REFERENTIAL, competency

SUBJECT = competency("BC01.C1").model_copy(
    update={
        "criteria": (
            Criterion(id="BC01.C1.K1", wording="Il écoute l'utilisateur.", source="S", seen_by="person"),
            Criterion(id="BC01.C1.K2", wording="Le service répond.", source="S", seen_by="machine"),
        )
    }
)


def check(id_: str, verdict: Outcome) -> CheckResult:
    points = Decimal(verdict is Outcome.PASS)
    return CheckResult(
        id=id_,
        task="task",
        competency="BC01.C1",
        title=f"Title of {id_}",
        verdict=verdict,
        points=points,
        max_points=Decimal(1),
        reason=f"motif de {id_}",
        reason_en=f"reason of {id_}",
        facts=(),
        simulated=True,
    )


class _Judged:
    def __init__(self, *checks: CheckResult) -> None:
        self.checks = checks


def asked(*checks: CheckResult, incidents: tuple[IncidentResult, ...] = ()) -> list[tuple[str, str]]:
    proposals = propose(_Judged(*checks), REFERENTIAL, incidents)  # type: ignore[arg-type]
    by_id = {one.id: one for one in checks}
    return [(one.topic, one.about) for one in questions(SUBJECT, proposals[0], by_id)]


def test_what_failed_comes_first_then_what_was_not_seen_then_what_no_machine_sees() -> None:
    checks = (check("a", Outcome.PASS), check("b", Outcome.INCONCLUSIVE), check("c", Outcome.FAIL))
    assert asked(*checks) == [
        ("otherwise", "Title of c"),
        ("unseen", "Title of b"),
        ("person", "Il écoute l'utilisateur."),
        ("expected", "Title of a"),
    ]


def test_what_a_machine_could_have_seen_and_did_not_is_asked_about() -> None:
    assert asked() == [("person", "Il écoute l'utilisateur."), ("nothing", "Le service répond.")]


def test_a_question_gives_the_reason_of_the_verdict_and_leads_to_it() -> None:
    failed = check("c", Outcome.FAIL)
    proposals = propose(_Judged(failed), REFERENTIAL)  # type: ignore[arg-type]
    question = questions(SUBJECT, proposals[0], {"c": failed})[0]
    assert question.why is not None
    assert (question.check, question.why.fr, question.why.en) == ("c", "motif de c", "reason of c")


def test_a_few_things_as_expected_are_enough_to_talk_about() -> None:
    found = asked(*(check(f"p{number}", Outcome.PASS) for number in range(FEW + 4)))
    assert sum(topic == "expected" for topic, _ in found) == FEW


def test_an_incident_that_was_not_solved_is_asked_about() -> None:
    result = IncidentResult(id="dns", title="DNS périmé", competency="BC01.C1", outcome=Outcome.FAIL)
    assert ("otherwise", "DNS périmé") in asked(incidents=(result,))


def test_there_is_something_to_ask_where_there_is_no_evidence_and_no_criterion() -> None:
    (question,) = questions(competency("BC01.C2"), None, {})
    assert (question.topic, question.about) == ("nothing", "BC01.C2")
