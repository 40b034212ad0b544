"""Triggers of Windows' scheduled tasks, as calendar expressions of systemd.time(7).

Source: learn.microsoft.com, Task Scheduler schema (triggerBaseType, calendarTriggerType, timeTriggerType).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal
from xml.etree import ElementTree

_SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHLY = ("ScheduleByMonth", "ScheduleByMonthDayOfWeek")
_PERIOD = re.compile(r"P(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,7})S)?)?")
_MAX = 4000
_DAY = 86400

Trouble = Literal["", "random", "expired", "later"]


@dataclass(frozen=True)
class Trigger:
    """when: expressions, or the kind of what has no such times (``logon``, ``once``…). trouble: why it will not fire
    so."""

    when: tuple[str, ...]
    trouble: Trouble = ""


def read(xml: str, now: datetime, offset: timedelta) -> Trigger | None:
    """One trigger; None when it is switched off. now: the machine's own local time, offset: how far from UTC that is.

    A time with a zone is one of the clock of the world ("synchronise across time zones", and what PowerShell's own
    command makes): it counts as what it is on the machine's clock now. Raises ValueError.
    """
    if len(xml) > _MAX or "<!" in xml:
        raise ValueError("not a trigger")
    try:
        node = ElementTree.fromstring(xml)  # noqa: S314 - without a document type, nothing expands
    except ElementTree.ParseError as error:
        raise ValueError("not a trigger") from error
    if _text(node, "Enabled").lower() == "false":
        return None
    kind = node.tag.removeprefix(_SPACE)
    written = _text(node, "StartBoundary")
    begin = _moment(written, offset)
    when: tuple[str, ...] = (_word(kind),)
    if begin is not None and kind in ("CalendarTrigger", "TimeTrigger"):
        when = _times(node, kind, begin, moved=begin.date() != datetime.fromisoformat(written).date())
    return Trigger(when, _trouble(node, begin, now, offset))


def _times(node: ElementTree.Element, kind: str, begin: datetime, *, moved: bool) -> tuple[str, ...]:
    """moved: on the machine's clock it begins on another day than it says; which days then follow is not documented."""
    if kind == "TimeTrigger":  # once, unless it is repeated for ever
        return _repeated(node, begin, "*-*-*", every_day=True) if _for_ever(node) else ("once",)
    for name, unit in (("ScheduleByDay", "Days"), ("ScheduleByWeek", "Weeks")):
        schedule = node.find(_SPACE + name)
        if schedule is None:
            continue
        every = _text(schedule, f"{unit}Interval") or "1"
        if every != "1":
            return (f"every {every[:5]} {unit.lower()}",)
        if name == "ScheduleByDay":
            return _repeated(node, begin, "*-*-*", every_day=True)
        days = _named(schedule, "DaysOfWeek", _DAYS)
        heads = [f"{_short(days)} *-*-*"] if days else []
        return _all(node, begin, heads, moved)
    for name, heads_of in zip(_MONTHLY, (_by_date, _by_day), strict=True):
        schedule = node.find(_SPACE + name)
        if schedule is not None:
            return _all(node, begin, heads_of(schedule), moved)
    return ("?",)


def _all(node: ElementTree.Element, begin: datetime, heads: list[str], moved: bool) -> tuple[str, ...]:
    if moved:
        return ("another zone",)
    return tuple(one for head in heads for one in _repeated(node, begin, head, every_day=False))[:50] or ("never",)


def _by_date(schedule: ElementTree.Element) -> list[str]:
    """Days of a month by their number, and its last one."""
    written = _listed_texts(schedule, "DaysOfMonth", "Day")
    numbers = sorted({int(one) for one in written if one.isdecimal() and len(one) < 3})
    months = _months(schedule)
    if numbers == list(range(1, 32)):
        return [f"*-{months}-*"]
    heads = [f"*-{months}-{_listed(numbers)}"] if numbers else []
    return heads + ([f"*-{months}~01"] if "last" in map(str.lower, written) else [])


def _by_day(schedule: ElementTree.Element) -> list[str]:
    """Days of the week, of the first to fourth and the last week of a month."""
    days = _named(schedule, "DaysOfWeek", _DAYS)
    weeks = {one.lower() for one in _listed_texts(schedule, "Weeks", "Week")}
    months = _months(schedule)
    if not days:
        return []
    if weeks >= {"1", "2", "3", "4", "last"}:
        return [f"{_short(days)} *-{months}-*"]
    numbers = sorted(int(one) for one in weeks if one in ("1", "2", "3", "4"))
    dates = ",".join(f"{7 * week - 6:02}..{7 * week:02}" for week in numbers)
    heads = [f"{_short(days)} *-{months}-{dates}"] if dates else []
    return heads + ([f"{_short(days)} *-{months}~07/1"] if "last" in weeks else [])


def _months(schedule: ElementTree.Element) -> str:
    found = _named(schedule, "Months", _MONTHS)
    return _listed([_MONTHS.index(one) + 1 for one in found]) if 0 < len(found) < 12 else "*"


def _named(schedule: ElementTree.Element, name: str, words: tuple[str, ...]) -> list[str]:
    """Which of these words are elements of a list."""
    listed = schedule.find(_SPACE + name)
    return [] if listed is None else [word for word in words if listed.find(_SPACE + word) is not None]


def _listed_texts(schedule: ElementTree.Element, name: str, one: str) -> list[str]:
    listed = schedule.find(_SPACE + name)
    found = [] if listed is None else listed.findall(_SPACE + one)
    return [(element.text or "").strip() for element in found[:40]]


def _short(days: list[str]) -> str:
    return ",".join(day[:3] for day in days)


def _repeated(node: ElementTree.Element, begin: datetime, head: str, *, every_day: bool) -> tuple[str, ...]:
    """The expressions of one time, or of one that is repeated within the day. head: on which days, ``*-*-*`` all."""
    first = begin.hour * 60 + begin.minute
    minutes = [first]
    repetition = node.find(_SPACE + "Repetition")
    step = _seconds(_text(repetition, "Interval")) if repetition is not None else None
    if repetition is not None and step:
        span = _DAY if _for_ever(node) else _seconds(_text(repetition, "Duration"))
        if step % 60 or span is None or (_for_ever(node) and (not every_day or _DAY % step)):
            return ("repeated",)
        minutes = list(range(first, first + max(span // 60, 1), step // 60))
        if not _for_ever(node) and minutes[-1] >= 24 * 60:  # into the next day, of which these days say nothing
            return ("repeated",)
        minutes = sorted({minute % (24 * 60) for minute in minutes})
    hours = sorted({minute // 60 for minute in minutes})
    past = sorted({minute % 60 for minute in minutes})
    if len(hours) * len(past) == len(minutes):
        return (f"{head} {_listed(hours)}:{_listed(past)}:00",)
    return tuple(f"{head} {minute // 60:02}:{minute % 60:02}:00" for minute in minutes[:50])


def _for_ever(node: ElementTree.Element) -> bool:
    repetition = node.find(_SPACE + "Repetition")
    return repetition is not None and bool(_text(repetition, "Interval")) and not _text(repetition, "Duration")


def _listed(values: list[int]) -> str:
    return ",".join(f"{value:02}" for value in values)


def _trouble(node: ElementTree.Element, begin: datetime | None, now: datetime, offset: timedelta) -> Trouble:
    end = _moment(_text(node, "EndBoundary"), offset)
    if end is not None and end <= now:
        return "expired"
    monthly = any(node.find(_SPACE + name) is not None for name in _MONTHLY)
    if begin is not None and begin > now + timedelta(days=31 if monthly else 7):  # it misses a time that is due
        return "later"
    return "random" if (_seconds(_text(node, "RandomDelay")) or 0) > 60 else ""


def _text(node: ElementTree.Element, name: str) -> str:
    return (node.findtext(_SPACE + name) or "").strip()


def _moment(written: str, offset: timedelta) -> datetime | None:
    """A time on the machine's own clock."""
    if not written:
        return None
    found = datetime.fromisoformat(written)
    try:
        return found if found.tzinfo is None else found.astimezone(timezone(offset)).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError("not a time") from error


def _seconds(written: str) -> int | None:
    match = _PERIOD.fullmatch(written)
    if match is None or not written:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _word(kind: str) -> str:
    """``LogonTrigger`` as a word for a sentence."""
    return kind.removesuffix("Trigger").lower()[:40] or "?"
