"""crontab(5): when a line fires, and what it runs.

Times are a set of (day of week, minute of day), 0 = Sunday, so that every way of writing a schedule compares equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from checkers.parsers.moments import Day, Moments, of_dates

Week = frozenset[tuple[int, int]]
"""When something happens in a week: (day of week from 0 = Sunday, minute of the day)."""

_MONTHS = {
    name: index
    for index, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_DAYS = {name: index for index, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_ITEM = re.compile(r"(\*|([a-z0-9]{1,9})(?:-([a-z0-9]{1,9}))?)(?:/([0-9]{1,4}))?")
_ASSIGNMENT = re.compile(r"""\s*("?'?)[A-Za-z_][A-Za-z0-9_]*\1\s*=""")
_LINE_LIMIT = 1000


@dataclass(frozen=True)
class Line:
    """One job of a crontab. when: the schedule as written. user: as whom, when the file has that column."""

    when: str
    user: str
    command: str


def parse(line: str, *, user_column: bool) -> Line | None:
    """The job in one line; None for a comment, a variable or a line that cron would refuse."""
    text = line.strip()
    if not text or text.startswith("#") or _ASSIGNMENT.match(text) or len(text) > _LINE_LIMIT:
        return None
    if text.startswith("@"):
        when, rest = _cut(text, 1)
    else:
        when, rest = _cut(text, 5)
    user = ""
    if user_column:
        user, rest = _cut(rest, 1)
    command = effective(rest)
    if not command:
        return None
    try:
        week(when)
    except ValueError:
        return None
    return Line(when, user, command)


def _cut(text: str, words: int) -> tuple[str, str]:
    parts = text.split(None, words)
    return " ".join(parts[:words]), parts[words] if len(parts) > words else ""


def effective(command: str) -> str:
    """What cron really runs: an unescaped ``%`` ends the command (the rest is its standard input)."""
    head = re.split(r"(?<!\\)%", command, maxsplit=1)[0]
    return head.replace("\\%", "%").strip()


def week(schedule: str) -> Week | None:
    """When a schedule fires in a week; None when it also depends on the date or the boot. Raises ValueError."""
    found = _read(schedule)
    if found is None or len(found.dates) < 31 or len(found.months) < 12:
        return None
    return frozenset((day, minute) for day in found.days for minute in found.minutes)


def dates(schedule: str) -> Moments | None:
    """When a schedule fires in four years; None when it depends on the boot. Raises ValueError.

    Where both the date and the day of the week are given, one of them is enough, as crontab(5) has it.
    """
    found = _read(schedule)
    if found is None:
        return None

    def fits(day: Day) -> bool:
        date, weekday = day.of_month in found.dates, day.of_week in found.days
        return day.month in found.months and (date or weekday if found.either else date and weekday)

    return of_dates(found.minutes, fits)


class _Fields(NamedTuple):
    """minutes: of the day. either: a date or a day of the week is enough."""

    minutes: frozenset[int]
    dates: frozenset[int]
    months: frozenset[int]
    days: frozenset[int]
    either: bool


def _read(schedule: str) -> _Fields | None:
    if schedule.lower() == "@reboot":
        return None
    fields = _NICKNAMES.get(schedule.lower(), schedule).split()
    if len(fields) != 5:
        raise ValueError("a schedule has five fields")
    minutes, hours = field(fields[0], 0, 59), field(fields[1], 0, 23)
    return _Fields(
        minutes=frozenset(hour * 60 + minute for hour in hours for minute in minutes),
        dates=field(fields[2], 1, 31),
        months=field(fields[3], 1, 12, _MONTHS),
        days=frozenset(day % 7 for day in field(fields[4], 0, 7, _DAYS)),
        either=not fields[2].startswith("*") and not fields[4].startswith("*"),
    )


def field(text: str, low: int, high: int, names: dict[str, int] | None = None) -> frozenset[int]:
    """The values of one field: lists of ``*``, ``a``, ``a-b``, each with an optional ``/step``."""
    values: set[int] = set()
    for item in text.lower().split(","):
        match = _ITEM.fullmatch(item)
        if match is None:
            raise ValueError(f"bad field {item[:20]!r}")
        step = int(match[4]) if match[4] else 1
        if match[1] == "*":
            first, last = low, high
        else:
            first = _number(match[2], names)
            last = _number(match[3], names) if match[3] else first
        if step < 1 or not (low <= first <= last <= high) or (match[4] and match[1] != "*" and not match[3]):
            raise ValueError(f"bad field {item[:20]!r}")
        values.update(range(first, last + 1, step))
    return frozenset(values)


def _number(text: str, names: dict[str, int] | None) -> int:
    if text.isdigit():
        return int(text)
    if names is not None and text in names:
        return names[text]
    raise ValueError(f"bad value {text[:20]!r}")
