"""systemd.time(7): calendar expressions in the normalised form that ``systemctl show`` prints, as times of a week."""

from __future__ import annotations

import re

from checkers.parsers.cron import Week
from checkers.parsers.moments import Moments, of_dates

_DAYS = {name: index for index, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_EXPRESSION = re.compile(
    r"(?:(?P<days>[A-Za-z.,]{3,60})\s+)?(?P<date>[0-9*~/.,-]{3,160})\s+"
    r"(?P<hour>[0-9*/.,]{1,120}):(?P<minute>[0-9*/.,]{1,300}):(?P<second>[0-9*/.,]{1,300})(?:\s+(?P<zone>[A-Za-z0-9_/+-]{1,40}))?"
)
_DATE = re.compile(r"\*-([0-9*/.,]{1,80})([-~])([0-9*/.,]{1,100})")
_ITEM = re.compile(r"(\*|[0-9]{1,2})(?:\.\.([0-9]{1,2}))?(?:/([0-9]{1,2}))?(?:\.0+)?")


def week(expression: str, zone: str = "") -> Week | None:
    """When an expression fires in a week; None when it depends on the date, or on another zone than the machine's.

    Seconds are left out: a job at 22:30:15 is a job at 22:30. Raises ValueError when it cannot be read.
    """
    match = _EXPRESSION.fullmatch(expression.strip())
    if match is None:
        raise ValueError("bad calendar expression")
    if match["date"] != "*-*-*" or match["zone"] not in (None, zone):
        return None
    days = _days(match["days"])
    hours, minutes = _values(match["hour"], 23), _values(match["minute"], 59)
    return frozenset((day, hour * 60 + minute) for day in days for hour in hours for minute in minutes)


def dates(expression: str, zone: str = "") -> Moments | None:
    """When an expression fires in four years; None when it depends on the year or on another zone than the machine's.
    Raises ValueError when it cannot be read."""
    match = _EXPRESSION.fullmatch(expression.strip())
    if match is None:
        raise ValueError("bad calendar expression")
    date = _DATE.fullmatch(match["date"])
    if date is None or match["zone"] not in (None, zone):
        return None
    weekdays, months, from_end = _days(match["days"]), _values(date[1], 12, 1), date[2] == "~"
    of_month = _from_end(date[3]) if from_end else _values(date[3], 31, 1)
    hours, minutes = _values(match["hour"], 23), _values(match["minute"], 59)
    return of_dates(
        [hour * 60 + minute for hour in hours for minute in minutes],
        lambda day: (
            day.of_week in weekdays and day.month in months and (day.from_end if from_end else day.of_month) in of_month
        ),
    )


def _from_end(text: str) -> frozenset[int]:
    """Days before the end of a month, 1 for the last: ``~07/1`` is the last seven."""
    first, slash, step = text.partition("/")
    return frozenset(range(1, int(first) + 1)) if slash and step == "1" else _values(text, 31, 1)


def _days(text: str | None) -> frozenset[int]:
    if text is None:
        return frozenset(range(7))
    days: set[int] = set()
    for item in text.lower().split(","):
        first, dots, last = item.partition("..")
        begin = _day(first)
        end = _day(last) if dots else begin
        days.update((begin + offset) % 7 for offset in range((end - begin) % 7 + 1))
    return frozenset(days)


def _day(name: str) -> int:
    if name[:3] not in _DAYS:
        raise ValueError("bad day of the week")
    return _DAYS[name[:3]]


def _values(text: str, high: int, low: int = 0) -> frozenset[int]:
    values: set[int] = set()
    for item in text.split(","):
        match = _ITEM.fullmatch(item)
        if match is None:
            raise ValueError("bad calendar field")
        step = int(match[3]) if match[3] else 1
        first = low if match[1] == "*" else int(match[1])
        # "22/2" goes on to the end; "22" is one value; "*" is all of them.
        last = int(match[2]) if match[2] else (high if match[3] or match[1] == "*" else first)
        if step < 1 or not low <= first <= last <= high:
            raise ValueError("bad calendar field")
        values.update(range(first, last + 1, step))
    return frozenset(values)
