"""What the checks suggest to a jury: a rule that can be done again by hand, and that no silence makes worse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from checkers.checks import CHECKS
from checkers.facts import Observation
from checkers.judge import PlannedCheck, judge, plan
from checkers.proposal import CompetencyProposal, IncidentResult, Level, propose
from checkers.report import judgement as judgement_of
from checkers.report.model import CheckResult, Judgement, LabIdentity, total
from checkers.verdict import Outcome
from labs.coverage import coverage
from labs.referential import load_referential
from orchestrator.catalog import open_lab

PASS, FAIL, SILENT = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE
RNCP37681 = load_referential("rncp37681")
NOW = datetime(2026, 6, 1, tzinfo=UTC)
NOTHING_SEEN = Observation(
    session="s", bench="b", candidate="c", lab="l", lab_version="1.0.0", lab_hash="h", simulated=True,
    started_at=NOW, ended_at=NOW, software={}, facts=(),
)  # fmt: skip


def check(
    outcome: Outcome,
    points: str = "0",
    competency: str = "BC03.C2",
    criterion: str = "",
    *,
    at_start: bool = False,
) -> CheckResult:
    earned = Decimal(2) if outcome is PASS else Decimal(points)
    return CheckResult(
        id="vpn",
        task="vpn",
        competency=competency,
        criterion=criterion,
        title="Le tunnel",
        verdict=outcome,
        points=earned,
        max_points=Decimal(2),
        reason="motif",
        reason_en="reason",
        facts=(),
        true_at_start=at_start,
        simulated=False,
    )


def judgement(*checks: CheckResult) -> Judgement:
    return Judgement(
        **total(checks),
        lab=LabIdentity(id="x", version="1.0.0", title="X", referential="rncp37681", certification="T", hash="0" * 64),
        places={},
        tasks=(),
        competencies=(),
        blocks=(),
        checks=checks,
        questions={},
    )


def incident(outcome: Outcome, competency: str = "BC01.C3", criterion: str = "") -> IncidentResult:
    return IncidentResult(id="dns", title="Le DNS", competency=competency, criterion=criterion, outcome=outcome)


def proposed(name: str, *checks: CheckResult, incidents: tuple[IncidentResult, ...] = ()) -> CompetencyProposal:
    (found,) = (item for item in propose(judgement(*checks), RNCP37681, incidents) if item.id == name)
    return found


@pytest.mark.parametrize(
    ("checks", "level"),
    [
        ([check(PASS), check(PASS)], Level.MET),
        ([check(FAIL), check(FAIL)], Level.NOT_MET),
        ([check(PASS), check(FAIL)], Level.PARTLY),
        ([check(FAIL, "0.25")], Level.PARTLY),
        ([], Level.NOT_SEEN),
        ([check(SILENT)], Level.NOT_SEEN),
    ],
)
def test_all_none_or_between(checks: list[CheckResult], level: Level) -> None:
    assert proposed("BC03.C2", *checks).level is level


@pytest.mark.parametrize("checks", [[check(PASS)], [check(FAIL)], [check(PASS), check(FAIL)], [check(FAIL, "1")], []])
def test_what_could_not_be_seen_changes_no_level_and_is_named(checks: list[CheckResult]) -> None:
    without, with_silence = proposed("BC03.C2", *checks), proposed("BC03.C2", *checks, check(SILENT))
    assert with_silence.level is without.level
    assert (with_silence.points, with_silence.max_points) == (without.points, without.max_points)
    assert (without.open_points, with_silence.open_points) == (0, 2)
    assert with_silence.evidence[-1].outcome is SILENT
    assert "1 élément non observé" in with_silence.reason.fr
    assert "1 item not seen" in with_silence.reason.en


ALREADY = check(PASS, at_start=True)


@pytest.mark.parametrize("checks", [[check(PASS)], [check(FAIL)], [check(PASS), check(FAIL)], [check(FAIL, "1")], []])
def test_who_touches_nothing_earns_no_level_by_what_was_right_already(checks: list[CheckResult]) -> None:
    without, with_it = proposed("BC03.C2", *checks), proposed("BC03.C2", *checks, ALREADY)
    assert with_it.level is without.level
    assert (with_it.points, with_it.max_points, with_it.open_points) == (without.points, without.max_points, 0)
    assert "1 contrôle déjà conforme au départ, sans effet" in with_it.reason.fr
    assert "1 check as expected from the start, without effect" in with_it.reason.en


def test_what_was_right_and_was_broken_counts() -> None:
    broken = check(FAIL, at_start=True)
    assert proposed("BC03.C2", broken).level is Level.NOT_MET
    assert proposed("BC03.C2", check(PASS), broken).level is Level.PARTLY


def test_every_competency_is_proposed_in_the_order_of_the_certification_with_all_its_criteria() -> None:
    found = propose(None, RNCP37681)
    assert [item.id for item in found] == list(RNCP37681.competencies())
    assert [one.id for item in found for one in item.criteria] == list(RNCP37681.criteria())
    assert {one.level for item in found for one in (item, *item.criteria)} == {Level.NOT_SEEN}
    assert all(item.reason.fr and item.reason.en for item in found)


def test_a_check_is_evidence_for_the_criterion_it_names_and_for_no_other() -> None:
    found = proposed("BC03.C2", check(PASS, criterion="BC03.C2.K1"), check(FAIL, criterion="BC03.C2.K2"), check(FAIL))
    assert [one.level for one in found.criteria] == [Level.MET, Level.NOT_MET, Level.NOT_SEEN]
    assert found.level is Level.PARTLY
    assert (found.points, found.max_points) == (2, 6)


@pytest.mark.parametrize(("outcome", "level"), [(PASS, Level.MET), (FAIL, Level.NOT_MET), (SILENT, Level.NOT_SEEN)])
def test_an_incident_is_evidence_for_its_competency(outcome: Outcome, level: Level) -> None:
    found = proposed("BC01.C3", incidents=(incident(outcome), incident(PASS, "BC01.C2")))
    assert found.level is level
    assert [item.kind for item in found.evidence] == ["incident"]
    assert proposed("BC01.C3", check(FAIL, competency="BC01.C3"), incidents=(incident(PASS),)).level is Level.PARTLY


def test_an_incident_may_name_its_criterion() -> None:
    found = proposed("BC01.C3", incidents=(incident(PASS, criterion="BC01.C3.K4"), incident(FAIL)))
    assert [one.level for one in found.criteria] == [*[Level.NOT_SEEN] * 3, Level.MET]
    assert found.level is Level.PARTLY
    assert found.criteria[-1].reason.fr == "1 incident sur 1 résolu sans dommage ; le reste se juge par une personne"
    assert found.reason.en == "1 of 2 incidents solved without harm; 4 of 4 criteria for people to judge"


def test_evidence_for_another_certification_counts_for_nothing_here() -> None:
    assert propose(judgement(check(FAIL, competency="BC09.C9")), RNCP37681) == propose(judgement(), RNCP37681)


def test_a_judgement_stored_earlier_keeps_its_digest() -> None:
    """What is not there is not written: what was stored earlier still has the hash of the journal."""
    stored = judgement(check(PASS)).model_dump_json()
    assert "criterion" not in stored
    assert "true_at_start" not in stored
    assert Judgement.model_validate_json(stored).digest() == judgement(check(PASS)).digest()
    named = judgement(check(PASS, criterion="BC03.C2.K1"), ALREADY)
    assert Judgement.model_validate_json(named.model_dump_json()) == named


def of_the_lab(outcome_of: Callable[[PlannedCheck], Outcome]) -> Judgement:
    """A judgement of the lab that is shipped, with these outcomes."""
    loaded = open_lab("tai-complet")
    planned = plan(loaded.lab.checks(), CHECKS)
    verdicts = [
        verdict.model_copy(update={"outcome": outcome, "points": verdict.max_points if outcome is PASS else 0})
        for item, verdict in zip(planned, judge(planned, NOTHING_SEEN), strict=True)
        for outcome in (outcome_of(item),)
    ]
    return judgement_of(
        lab=loaded.lab, lab_hash="0" * 64, competencies={}, verdicts=verdicts, questions={}, simulated=True
    )


def test_who_does_nothing_in_the_lab_that_is_shipped_is_proposed_nothing() -> None:
    untouched = of_the_lab(lambda item: PASS if item.spec.true_at_start else FAIL)
    levels = {one.level for item in propose(untouched, RNCP37681) for one in (item, *item.criteria)}
    assert levels == {Level.NOT_MET, Level.NOT_SEEN}


def test_who_does_all_of_it_is_proposed_every_criterion_that_it_has_checks_for() -> None:
    found = propose(of_the_lab(lambda _: PASS), RNCP37681)
    shown = {
        part.criterion.id
        for item in coverage(RNCP37681, [open_lab("tai-complet").lab])
        for part in item.criteria
        if any(evidence.kind == "check" for evidence in part.evidence)
    }
    assert {one.id for item in found for one in item.criteria if one.level is Level.MET} == shown
    assert len(shown) >= 10
    assert {item.id: item.level for item in found if item.level is not Level.MET} == {
        "BC01.C1": Level.NOT_SEEN,
        "BC01.C2": Level.NOT_SEEN,
        "BC02.C2": Level.NOT_SEEN,
    }
