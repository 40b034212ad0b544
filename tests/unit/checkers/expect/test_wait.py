"""Waiting and asking again: bounded, everything kept, and the verdict a pure function of what was kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from checkers.check import View
from checkers.checks.fact import FactIs
from checkers.facts import Fact, Observation, Raw
from checkers.judge import Conclusion, conclude
from checkers.observe import unseen
from checkers.patience import ask_again
from checkers.probe import Question, unique
from checkers.verdict import Outcome
from labs.text import Text

BEGAN = datetime(2026, 6, 15, 7, 0, tzinfo=UTC)
ON: dict[str, Any] = {"on": "client", "probe": "unit-state", "args": {"unit": "cups.service"}}


def running(wait: dict[str, int] | None = None, *, is_: bool = True) -> FactIs:
    return FactIs.model_validate(
        {**ON, "expect": {"path": "active", "equals": "active" if is_ else "inactive"}, "wait": wait}
    )


@dataclass(frozen=True)
class Planned:
    check: FactIs


@dataclass
class Machine:
    """A client whose unit is up from a moment on; each answer takes so many seconds."""

    up: Callable[[float], bool]
    takes_s: float = 0.0
    seconds: float = 0.0
    asked: list[float] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    silent: bool = False

    def now(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.seconds += seconds

    def ask(self, questions: Sequence[Question], limit_s: float = 120.0) -> list[Fact]:
        self.asked.append(self.seconds)
        self.limits.append(limit_s)
        self.seconds += self.takes_s
        return [self._fact(question) for question in questions]

    def _fact(self, question: Question) -> Fact:
        if self.silent:
            return unseen(question, Text("rien", "nothing"), "none")
        probe, value = question.probe, dict[str, Any](uptime_s=900, state="running")
        if probe.name == "unit-state":
            state = "active" if self.up(self.seconds) else "inactive"
            value = dict.fromkeys(("id", "load", "sub", "file_state", "result"), "")
            value |= {"active": state, "wanted": True, "triggers": []}
        return Fact(
            key=question.key,
            at=question.at,
            probe=probe.name,
            args=probe.args(),
            status="seen",
            value=value,
            raw=Raw(stdout=f"{self.seconds}"),
            channel="agent",
            taken_at=BEGAN + timedelta(seconds=self.seconds),
        )

    def observe(self, *checks: FactIs) -> dict[str, Fact]:
        planned = [Planned(check) for check in checks]
        first = self.ask(unique([question for check in checks for question in check.questions()]))
        facts = {fact.key: fact for fact in first}
        return ask_again(planned, facts, {}, self.ask, now=self.now, pause=self.pause)


def judged(check: FactIs, facts: dict[str, Fact]) -> Conclusion:
    """From what would be stored, and read again."""
    stored = [Fact.model_validate_json(fact.model_dump_json()) for fact in facts.values()]
    return conclude(check, View({fact.key: fact for fact in stored}))


def unit(facts: dict[str, Fact]) -> Fact:
    return next(fact for fact in facts.values() if fact.probe == "unit-state")


def test_what_is_so_at_once_is_asked_once() -> None:
    machine = Machine(lambda _: True)
    facts = machine.observe(running({"for": 30}))
    assert machine.asked == [0]
    assert unit(facts).again is None
    assert "again" not in unit(facts).model_dump()


def test_what_becomes_so_passes_and_the_jury_reads_how_often_it_was_asked() -> None:
    machine = Machine(lambda seconds: seconds >= 12)
    facts = machine.observe(running({"for": 30}))
    assert machine.asked == [0, 5, 10, 15]
    found = judged(running({"for": 30}), facts)
    assert found.outcome is Outcome.PASS
    assert found.reason.fr.startswith("demandé 4 fois ; ")
    again = unit(facts).again
    assert again is not None
    assert (again.times, again.until, [look.round for look in again.looks]) == (3, BEGAN + timedelta(seconds=15), [3])


def test_a_check_without_waiting_sees_the_first_answer_only() -> None:
    facts = Machine(lambda seconds: seconds >= 12).observe(running({"for": 30}))
    assert judged(running(), facts).outcome is Outcome.FAIL
    assert judged(running(is_=False), facts).outcome is Outcome.PASS


def test_what_never_becomes_so_fails_when_its_time_is_up() -> None:
    machine = Machine(lambda _: False)
    facts = machine.observe(running({"for": 20, "every": 6}))
    assert machine.asked == [0, 6, 12, 18, 24]
    found = judged(running({"for": 20, "every": 6}), facts)
    assert (found.outcome, found.reason.fr[:17]) == (Outcome.FAIL, "demandé 5 fois ; ")
    assert unit(facts).again is not None


def test_a_slow_machine_is_asked_less_often_and_not_for_longer() -> None:
    machine = Machine(lambda _: False, takes_s=25)
    machine.observe(running({"for": 60}))
    assert len(machine.asked) == 3
    assert machine.seconds <= 60 + 5 + 25
    assert all(10 <= limit <= 60 for limit in machine.limits[1:])


def test_a_machine_that_is_silent_is_inconclusive_in_the_end() -> None:
    machine = Machine(lambda _: True, silent=True)
    found = judged(running({"for": 10}), machine.observe(running({"for": 10})))
    assert found.outcome is Outcome.INCONCLUSIVE
    assert "demandé 3 fois" in found.reason.fr


def test_another_check_that_waits_on_takes_nothing_away() -> None:
    """The unit comes and goes: who expected it had it, although the other one was asked for on."""
    up = running({"for": 60})
    never = FactIs.model_validate({**ON, "expect": {"path": "wanted", "equals": False}, "wait": {"for": 60}})
    facts = Machine(lambda seconds: 5 <= seconds < 10).observe(up, never)
    assert judged(up, facts).outcome is Outcome.PASS
    assert judged(never, facts).outcome is Outcome.FAIL


def test_a_corrected_expectation_is_judged_from_all_answers() -> None:
    facts = Machine(lambda seconds: seconds >= 12).observe(running({"for": 30}))
    assert judged(running({"for": 30}, is_=False), facts).outcome is Outcome.PASS
    assert judged(running({"for": 30}, is_=False), facts).reason.fr.startswith("demandé 4 fois")


def test_whole_outputs_are_kept_of_the_first_and_the_last_answer_only() -> None:
    """A machine that says something else each time does not fill the evidence."""
    facts = Machine(lambda seconds: int(seconds / 5) % 2 == 1).observe(
        FactIs.model_validate({**ON, "expect": {"path": "wanted", "equals": False}, "wait": {"for": 60}})
    )
    fact = unit(facts)
    assert fact.again is not None
    assert len(fact.again.looks) == 12
    assert fact.raw is not None
    assert [look.raw is not None for look in fact.again.looks] == [False] * 11 + [True]


@pytest.mark.parametrize("wait", [{"for": 61}, {"for": 4}, {"for": 30, "every": 1}, {"every": 5}, {"for": "30"}])
def test_time_is_bounded(wait: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        running(wait)


def test_an_observation_without_waiting_is_what_it_always_was() -> None:
    fact = Machine(lambda _: True).ask(running().questions()[:1])[0]
    assert "again" not in fact.model_dump(mode="json")
    assert "again" not in Observation.model_fields
