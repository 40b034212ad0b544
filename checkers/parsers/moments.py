"""When schedules fire, in one form that compares whatever the way they are written.

For each minute of the day the days on which it fires, one bit a day: the seven of a week from Sunday on, or those of
four years, which hold every date that there is and tell the first Monday of a month from the second.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

Moments = Mapping[int, int]


@dataclass(frozen=True)
class Day:
    """A day of the four years. month, of_month: from 1. from_end: 1 is the last of its month. of_week: 0 is Sunday."""

    month: int
    of_month: int
    from_end: int
    of_week: int


def of_week(week: Iterable[tuple[int, int]]) -> Moments:
    """From pairs of a day of the week and a minute of the day."""
    found: dict[int, int] = {}
    for day, minute in week:
        found[minute] = found.get(minute, 0) | 1 << day
    return found


def of_dates(minutes: Iterable[int], fits: Callable[[Day], bool]) -> Moments:
    """These minutes of every day of the four years that fits."""
    bits = sum(1 << place for place, day in enumerate(_days()) if fits(day))
    return dict.fromkeys(minutes, bits) if bits else {}


def together(found: Iterable[Moments]) -> Moments:
    """All the moments of several schedules."""
    whole: dict[int, int] = {}
    for one in found:
        for minute, days in one.items():
            whole[minute] = whole.get(minute, 0) | days
    return whole


@cache
def _days() -> tuple[Day, ...]:
    first = date(2024, 1, 1)
    days = (first + timedelta(days=number) for number in range(4 * 365 + 1))
    return tuple(
        Day(day.month, day.day, monthrange(day.year, day.month)[1] - day.day + 1, day.isoweekday() % 7) for day in days
    )
