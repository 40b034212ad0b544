"""Judging: three words, points to the quarter, and never a FAIL for what was not seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.check import Check, Unseen, View
from checkers.facts import Fact, Observation
from checkers.judge import LINKS_KEY, PlannedCheck, judge
from checkers.probe import Question
from checkers.verdict import Finding, Outcome, Tally, failed, passed, points_for
from labs.model import CheckSpec, Task
from labs.text import Text

from .probes import Say

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OK = Text("bon", "good")
BAD = Text("mauvais", "bad")
PROBE = Say(does="x")


class Says(Check):
    """The machine says a word."""

    kind: ClassVar[str] = "says"
    about: ClassVar[Text] = Text("dit", "says")
    word: str
    link: bool = False

    def questions(self) -> Sequence[Question]:
        return [Question("m", PROBE)]

    def judge(self, view: View) -> Finding:
        if self.word == "boom":
            raise RuntimeError("a fault of the check")
        said = view.see("m", PROBE).text
        if said == self.word:
            return passed(OK)
        if self.link:
            view.need_link("m", "lan")
        return failed(BAD)


def verdict_of(check: Check, *facts: Fact) -> tuple[Outcome, Decimal, str]:
    spec = CheckSpec.model_validate({"id": "c", "title": "t", "check": "says", "points": "1.5"})
    task = Task(id="t", title="t", competency="BC01.C1", points=Decimal("1.5"), checks=(spec,))
    observation = Observation(
        session="s", bench="b", candidate="c", lab="l", lab_version="1.0.0", lab_hash="h", simulated=True,
        started_at=NOW, ended_at=NOW, software={}, facts=facts,
    )  # fmt: skip
    [verdict] = judge([PlannedCheck(task, spec, check)], observation)
    return verdict.outcome, verdict.points, verdict.reason.fr


def fact(text: str | None) -> Fact:
    key = Question("m", PROBE).key
    if text is None:
        return Fact(
            key=key, at="m", probe="say", status="unseen", why=Text("muet", "mute"), channel="none", taken_at=NOW
        )
    return Fact(key=key, at="m", probe="say", status="seen", value={"text": text}, channel="agent", taken_at=NOW)


def links(up: bool) -> Fact:
    value = {"m": {"lan": up}}
    return Fact(
        key=LINKS_KEY, at="bench", probe="links", status="seen", value=value, channel="hypervisor", taken_at=NOW
    )


def test_what_is_as_expected_passes_with_full_points() -> None:
    assert verdict_of(Says(word="oui"), fact("oui")) == (Outcome.PASS, Decimal("1.5"), "bon")


def test_what_is_not_fails_without_points() -> None:
    assert verdict_of(Says(word="oui"), fact("non")) == (Outcome.FAIL, Decimal(0), "mauvais")


def test_what_was_not_seen_is_inconclusive_with_the_reason() -> None:
    assert verdict_of(Says(word="oui"), fact(None)) == (Outcome.INCONCLUSIVE, Decimal(0), "muet")


def test_a_fact_that_the_observation_lacks_is_inconclusive() -> None:
    assert verdict_of(Says(word="oui"))[0] is Outcome.INCONCLUSIVE


def test_a_fault_of_the_check_costs_the_candidate_nothing() -> None:
    outcome, _, reason = verdict_of(Says(word="boom"), fact("oui"))
    assert outcome is Outcome.INCONCLUSIVE
    assert "RuntimeError" in reason


@pytest.mark.parametrize(("up", "outcome"), [(True, Outcome.FAIL), (False, Outcome.INCONCLUSIVE)])
def test_a_silence_counts_only_when_the_hypervisor_left_the_cable_in(up: bool, outcome: Outcome) -> None:
    assert verdict_of(Says(word="oui", link=True), fact(""), links(up))[0] is outcome


def test_without_a_links_fact_a_silence_proves_nothing() -> None:
    assert verdict_of(Says(word="oui", link=True), fact(""))[0] is Outcome.INCONCLUSIVE


def test_a_value_of_another_shape_is_inconclusive() -> None:
    key = Question("m", PROBE).key
    other = Fact(key=key, at="m", probe="say", status="seen", value={"other": 1}, channel="agent", taken_at=NOW)
    assert verdict_of(Says(word="oui"), other)[0] is Outcome.INCONCLUSIVE


@given(st.fractions(0, 1), st.integers(1, 400))
def test_points_are_quarters_and_partial_work_never_earns_all(score: Fraction, quarters: int) -> None:
    maximum = Decimal(quarters) / 4
    points = points_for(score, maximum)
    assert points * 4 == int(points * 4)
    assert 0 <= points <= maximum
    assert (points == maximum) == (score == 1)


def test_a_tally_scores_its_share_and_tells_what_fails() -> None:
    tally = Tally()
    tally.expect(True, OK, BAD)
    tally.expect(False, OK, BAD, weight=3)
    assert tally.finding() == Finding(Fraction(1, 4), BAD)


def test_a_required_expectation_that_fails_takes_all() -> None:
    tally = Tally()
    tally.expect(True, OK, BAD)
    tally.expect(False, OK, BAD, required=True)
    assert tally.finding().score == 0


def test_an_empty_tally_concludes_nothing() -> None:
    with pytest.raises(ValueError, match="no expectation"):
        Tally().finding()


def test_unseen_says_why_in_both_languages() -> None:
    with pytest.raises(Unseen) as caught:
        View({}).see("m", PROBE)
    assert "m/say" in caught.value.why.fr
    assert "m/say" in caught.value.why.en
