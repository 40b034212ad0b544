"""The report adds up, and refuses what does not belong together."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import pytest

from checkers.check import Check, View
from checkers.judge import PlannedCheck
from checkers.probe import Question
from checkers.probes.hosts import HostName
from checkers.report import ReportError, questions_in_words, session_report, titles_of
from checkers.report.model import total
from checkers.verdict import Finding
from labs.referential import load_referential
from labs.text import Text

NOW = datetime(2025, 11, 21, 13, 0, tzinfo=UTC)


def test_sums_of_tasks_of_competencies_and_of_blocks_are_the_total(sample):
    report = sample.report()
    for groups in (report.tasks, report.competencies, report.blocks):
        for field in ("points", "max_points", "open_points", "passed", "failed", "inconclusive"):
            assert sum(getattr(group, field) for group in groups) == getattr(report, field), field
    assert report.max_points == sample.lab().points
    assert (report.passed, report.failed, report.inconclusive) == (35, 7, 3)


def test_points_of_an_unseen_check_are_open_neither_earned_nor_lost(sample):
    report = sample.report()
    open_points = sum(check.max_points for check in report.checks if check.verdict == "INCONCLUSIVE")
    assert report.open_points == open_points > 0
    assert report.points + report.open_points + report.lost_points == report.max_points


def test_a_candidate_of_whom_nothing_was_seen_loses_nothing(sample):
    every = {spec.id: sample.SILENT for _task, spec in sample.lab().checks()}
    report = sample.report(the_verdicts=sample.verdicts(sample.lab(), {}, every))
    assert (report.points, report.lost_points, report.open_points) == (0, 0, report.max_points)
    assert report.inconclusive == len(report.checks)


def test_an_empty_sum_is_zero():
    assert set(total([]).values()) == {0}


def test_a_check_counts_for_its_own_competency(sample):
    report = sample.report()
    check = next(check for check in report.checks if check.id == "adresse-ap")
    task = next(task for task in report.tasks if task.id == check.task)
    assert (check.competency, task.competency) == ("BC03.C1", "BC02.C3")
    counted = next(group for group in report.competencies if group.id == "BC03.C1")
    assert counted.max_points == sum(c.max_points for c in report.checks if c.competency == "BC03.C1")


def test_an_unknown_competency_shows_its_identifier(sample):
    report = sample.report(competencies={})
    assert all(group.title == group.id for group in (*report.competencies, *report.blocks))
    assert report.lab.certification == "rncp37681"


def test_every_fact_is_numbered_once_in_the_order_of_the_checks(sample):
    report = sample.report()
    assert [fact.number for fact in report.facts] == list(range(1, len(report.facts) + 1))
    assert len({fact.key for fact in report.facts}) == len(report.facts)
    assert report.facts[0].key == report.checks[0].facts[0]
    assert report.facts[-1].key == "bench/links"


def test_witnesses_are_told_from_what_the_machine_says(sample):
    report = sample.report()
    assert {fact.at for fact in report.facts if fact.witness} == {"wire:lan", "wire:internet", "radio:ap", "bench"}


@pytest.mark.parametrize("change", ["missing", "twice", "other"])
def test_verdicts_of_other_checks_are_refused(sample, change):
    verdicts = sample.verdicts(sample.lab())
    changed = {
        "missing": verdicts[1:],
        "twice": [*verdicts, verdicts[0]],
        "other": [verdicts[0].model_copy(update={"check": "inconnu"}), *verdicts[1:]],
    }[change]
    with pytest.raises(ReportError) as caught:
        sample.report(the_verdicts=changed)
    assert caught.value.do is not None


def test_quarters_stay_exact_in_json(sample):
    third = {"options": (Fraction(2, 3), Text("un tiers manque", "a third is missing"))}
    report = sample.report(the_verdicts=sample.verdicts(sample.lab(), third, {}))
    check = next(check for check in report.model_dump(mode="json")["checks"] if check["id"] == "options")
    assert check["max_points"] == 2
    assert check["points"] == 1.25
    assert isinstance(check["max_points"], int)


def test_a_session_needs_candidates():
    with pytest.raises(ReportError):
        session_report([], generated_at=NOW)


def test_a_session_refuses_one_number_for_two(sample):
    with pytest.raises(ReportError):
        session_report([sample.report(), sample.report()], generated_at=NOW)


def test_a_session_refuses_verdicts_of_two_versions_of_a_lab(sample):
    with pytest.raises(ReportError):
        session_report([sample.report(), sample.report(number=2, lab_hash="0" * 64)], generated_at=NOW)


def test_a_session_lists_candidates_by_number(sample):
    session = session_report([sample.report(number=7), sample.report(number=2)], generated_at=NOW)
    assert [result.number for result in session.candidates] == [2, 7]
    assert session.candidates[0].folder == "02-nadia-le-goff"
    assert isinstance(session.candidates[0].points, Decimal)


def test_one_simulated_bench_makes_the_session_simulated(sample):
    real, fake = sample.report(), sample.report(sample.observation(simulated=True), number=2)
    session = session_report([real, fake], generated_at=NOW)
    assert session.simulated
    assert [result.simulated for result in session.candidates] == [False, True]


def test_titles_come_from_the_certification():
    titles = titles_of(load_referential("rncp37681"))
    assert titles["rncp37681"].startswith("Titre professionnel")
    assert {"BC03", "BC03.C1"} <= set(titles)


class Named(Check):
    """A check with one question."""

    kind: ClassVar[str] = "named"
    about: ClassVar[Text] = Text("nom", "name")

    def questions(self) -> list[Question]:
        return [Question("client", HostName())]

    def judge(self, view: View) -> Finding:
        raise NotImplementedError


def test_questions_are_worded_by_their_probes(sample):
    task = sample.lab().tasks[0]
    words = questions_in_words([PlannedCheck(task, task.checks[0], Named())])
    assert words == {"client/host-name": HostName.about}
