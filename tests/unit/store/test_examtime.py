"""Exam time: whatever happens to the clocks, it goes on at its own pace, and never back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.store.examtime import (
    Anchor,
    Clock,
    HostClock,
    ManualClock,
    anchored,
    at,
    jump,
    rebooted,
    refreshed,
)
from tests.unit.store.sample import NOON

HOUR = timedelta(hours=1)
durations = st.timedeltas(timedelta(0), timedelta(days=2))
walls = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)).map(lambda day: day.replace(tzinfo=NOON.tzinfo))  # noqa: DTZ001
steps = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), durations),
        st.tuples(st.just("set_wall"), walls),
        st.tuples(st.just("refresh"), st.none()),
    ),
    max_size=30,
)


@given(steps, st.sampled_from([1, 1, 7, 60]))
def test_while_the_host_runs_no_clock_jump_and_no_refresh_alters_it(
    script: list[tuple[str, object]], speed: int
) -> None:
    clock = ManualClock(NOON)
    anchor = anchored(clock.read(), speed=speed)
    passed = timedelta(0)
    for step, value in script:
        match value:
            case timedelta():
                clock.advance(value)
                passed += value
            case datetime():
                clock.set_wall(value)
            case _:
                assert step == "refresh"
                anchor = refreshed(anchor, clock.read())
        assert at(anchor, clock.read()) == NOON + passed * speed


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("advance"), durations),
            st.tuples(st.just("set_wall"), walls),
            st.tuples(st.just("refresh"), st.none()),
            st.tuples(st.just("reboot"), durations),
        ),
        max_size=30,
    )
)
def test_it_never_goes_back_not_even_over_reboots(script: list[tuple[str, object]]) -> None:
    clock = ManualClock(NOON)
    anchor = anchored(clock.read())
    last = NOON
    for step, value in script:
        if step == "reboot":
            assert isinstance(value, timedelta)
            anchor = refreshed(anchor, clock.read())  # the last known time
            last = at(anchor, clock.read())
            clock.reboot(value)
            anchor = refreshed(anchor, clock.read())
        elif isinstance(value, timedelta):
            clock.advance(value)
        elif isinstance(value, datetime):
            clock.set_wall(value)
        else:
            anchor = refreshed(anchor, clock.read())
        now = at(anchor, clock.read())
        assert now >= last
        last = now


def test_a_reboot_counts_for_as_long_as_the_wall_clock_says() -> None:
    clock = ManualClock(NOON)
    anchor = anchored(clock.read())
    clock.advance(HOUR)
    anchor = refreshed(anchor, clock.read())
    clock.reboot(down=timedelta(minutes=4))
    assert rebooted(anchor, clock.read())
    assert at(anchor, clock.read()) == NOON + HOUR + timedelta(minutes=4)
    anchor = refreshed(anchor, clock.read())
    assert not rebooted(anchor, clock.read())
    clock.advance(HOUR)
    assert at(anchor, clock.read()) == NOON + 2 * HOUR + timedelta(minutes=4)


def test_a_wall_clock_put_right_before_a_reboot_does_not_end_the_exam() -> None:
    clock = ManualClock(NOON)
    anchor = anchored(clock.read())
    clock.set_wall(NOON + timedelta(days=400))  # the battery was empty, then NTP answered
    clock.advance(HOUR)
    anchor = refreshed(anchor, clock.read())
    clock.reboot(down=timedelta(minutes=2))
    assert at(anchor, clock.read()) == NOON + HOUR + timedelta(minutes=2)


def test_a_wall_clock_that_lost_itself_in_a_reboot_stops_nothing() -> None:
    clock = ManualClock(NOON)
    anchor = anchored(clock.read())
    clock.advance(HOUR)
    anchor = refreshed(anchor, clock.read())
    clock.reboot(down=timedelta(0))
    clock.set_wall(NOON - timedelta(days=9000))
    assert jump(anchor, clock.read()) == timedelta(days=-9000) - HOUR
    anchor = refreshed(anchor, clock.read())
    assert at(anchor, clock.read()) == NOON + HOUR
    clock.advance(HOUR)
    assert at(anchor, clock.read()) == NOON + 2 * HOUR


@pytest.mark.parametrize("minutes", [-90, -1, 0, 1, 90])
def test_a_jump_is_measured(minutes: int) -> None:
    clock = ManualClock(NOON)
    anchor = anchored(clock.read())
    clock.advance(HOUR)
    clock.set_wall(NOON + HOUR + timedelta(minutes=minutes))
    assert jump(anchor, clock.read()) == timedelta(minutes=minutes)
    assert jump(refreshed(anchor, clock.read()), clock.read()) == timedelta(0)  # told once


def test_a_reading_that_comes_late_does_not_speed_time_up() -> None:
    clock = ManualClock(NOON)
    anchor = anchored(clock.read())
    late = clock.read()
    clock.advance(HOUR)
    anchor = refreshed(refreshed(anchor, clock.read()), late)
    assert at(anchor, clock.read()) == NOON + HOUR
    assert at(anchor, late) == NOON + HOUR


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_time_that_does_not_go_forward_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="forward"):
        Anchor("boot", 0, NOON, NOON, speed)


def test_the_clocks_of_this_host_go_forward() -> None:
    clock: Clock = HostClock()
    first, second = clock.read(), clock.read()
    assert first.boot_id == second.boot_id
    assert first.boot_id
    assert first.boottime_ns <= second.boottime_ns
    assert first.boottime_ns % 1000 == 0
    assert first.wall.utcoffset() == timedelta(0)
    anchor = anchored(first)
    assert at(anchor, second) >= first.wall
    assert abs(jump(anchor, second)) < HOUR
