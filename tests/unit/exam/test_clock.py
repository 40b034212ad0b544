"""The arithmetic of a candidate's clock."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from orchestrator.exam import Clock
from tests.unit.exam.story import T0, at

HOUR = 3600


@pytest.mark.parametrize("third", ["tiers", "un tiers", "1/3", Fraction(1, 3)])
def test_three_hours_and_a_third_are_exactly_four(third: object) -> None:
    assert Clock.model_validate({"base_s": 3 * HOUR, "extra_percent": third}).allotted_s == 4 * HOUR


@pytest.mark.parametrize(
    ("extra", "allotted"),
    [(0, 10800), (33, 14364), (Decimal("33.33"), 14400), (50, 16200), (12.5, 12150), ("33", 14364), (100, 21600)],
)
def test_extra_time_is_rounded_up_to_a_second(extra: object, allotted: int) -> None:
    assert Clock.model_validate({"base_s": 3 * HOUR, "extra_percent": extra}).allotted_s == allotted


@pytest.mark.parametrize("extra", [-1, 133, "beaucoup", "NaN", "1e-999999", float("inf"), 100 / 3])
def test_other_extra_time_is_refused(extra: object) -> None:
    with pytest.raises(ValidationError):
        Clock.model_validate({"base_s": 3 * HOUR, "extra_percent": extra})


def test_the_deadline_follows_start_pauses_and_extensions() -> None:
    clock = Clock(base_s=HOUR)
    assert clock.deadline() is None
    assert clock.worked_s(at(5)) == 0
    assert not clock.is_due(at(1000))
    clock = clock.start(T0)
    assert clock.deadline() == at(60)
    clock = clock.pause(at(10))
    assert clock.deadline() is None
    assert clock.remaining_s(at(500)) == 50 * 60
    assert not clock.is_due(at(500))
    clock = clock.resume(at(25)).extend(120)
    assert clock.deadline() == at(77)
    assert clock.worked_s(at(30)) == 15 * 60
    assert clock.remaining_s(at(30)) == 47 * 60
    assert clock.is_due(at(77))
    assert not clock.is_due(at(77) - timedelta(microseconds=1))


def test_after_the_end_nothing_runs() -> None:
    clock = Clock(base_s=HOUR).start(T0).end(at(20))
    assert clock.worked_s(at(50)) == 20 * 60
    assert clock.remaining_s(at(50)) == 40 * 60
    assert not clock.is_due(at(90))


def test_an_end_closes_the_pause_that_lasted() -> None:
    clock = Clock(base_s=HOUR).start(T0).pause(at(20)).end(at(30))
    assert clock.worked_s(at(50)) == 20 * 60
    assert clock.pauses[-1].until == at(30)


def test_time_used_can_be_asked_for_the_past() -> None:
    clock = Clock(base_s=HOUR).start(T0).pause(at(10)).resume(at(20)).pause(at(30))
    assert [clock.worked_s(at(minute)) / 60 for minute in (-5, 0, 5, 15, 25, 30, 99)] == [0, 0, 5, 10, 15, 20, 20]


@given(st.integers(1, 10**6), st.one_of(st.just("tiers"), st.decimals(0, 100, places=2)), st.data())
def test_json_brings_back_the_same_clock(base: int, extra: object, data: st.DataObject) -> None:
    clock = Clock.model_validate({"base_s": base, "extra_percent": extra}).start(T0)
    for minute in sorted(data.draw(st.lists(st.floats(0, 1e4), max_size=4))):
        clock = clock.resume(at(minute)) if clock.is_paused else clock.pause(at(minute))
    read_back = Clock.model_validate_json(clock.model_dump_json())
    assert read_back == clock
    assert read_back.allotted_s == clock.allotted_s
