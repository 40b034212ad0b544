"""Triggers of Windows' scheduled tasks, as calendar expressions of systemd.time(7) where a week tells all of them.

Source: learn.microsoft.com, Task Scheduler schema (triggerBaseType, calendarTriggerType, timeTriggerType).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from xml.etree import ElementTree

_SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_PERIOD = re.compile(r"P(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,7})S)?)?")
_MAX = 4000
_DAY = 86400

Trouble = Literal["", "random", "expired", "later"]


@dataclass(frozen=True)
class Trigger:
    """when: expressions, or the kind of what cannot be told in a week (``logon``, ``monthly``…). trouble: why it will
    not fire so."""

    when: tuple[str, ...]
    trouble: Trouble = ""


def read(xml: str, now: datetime) -> Trigger | None:
    """One trigger; None when it is switched off. now: the machine's own local time. Raises ValueError."""
    if len(xml) > _MAX or "<!" in xml:
        raise ValueError("not a trigger")
    try:
        node = ElementTree.fromstring(xml)  # noqa: S314 - without a document type, nothing expands
    except ElementTree.ParseError as error:
        raise ValueError("not a trigger") from error
    if _text(node, "Enabled").lower() == "false":
        return None
    kind = node.tag.removeprefix(_SPACE)
    begin = _moment(_text(node, "StartBoundary"))
    when = _times(node, kind, begin) if begin is not None else (_word(kind),)
    return Trigger(when, _trouble(node, begin, now))


def _times(node: ElementTree.Element, kind: str, begin: datetime) -> tuple[str, ...]:
    if begin.tzinfo is not None or kind not in ("CalendarTrigger", "TimeTrigger"):
        return (_word(kind),)
    if kind == "TimeTrigger":  # once, unless it is repeated for ever
        return _repeated(node, begin, "") if _for_ever(node) else ("once",)
    for name in ("ScheduleByDay", "ScheduleByWeek"):
        schedule = node.find(_SPACE + name)
        if schedule is None:
            continue
        every = _text(schedule, "DaysInterval" if name == "ScheduleByDay" else "WeeksInterval") or "1"
        if every != "1":
            return (f"every {every[:5]} {'days' if name == 'ScheduleByDay' else 'weeks'}",)
        listed = schedule.find(_SPACE + "DaysOfWeek")
        days = [] if listed is None else [day[:3] for day in _DAYS if listed.find(_SPACE + day) is not None]
        if name == "ScheduleByWeek" and not days:
            return ("never",)
        return _repeated(node, begin, ",".join(days))
    return ("monthly",)


def _repeated(node: ElementTree.Element, begin: datetime, days: str) -> tuple[str, ...]:
    """The expressions of one time, or of one that is repeated within the day."""
    first = begin.hour * 60 + begin.minute
    minutes = [first]
    repetition = node.find(_SPACE + "Repetition")
    step = _seconds(_text(repetition, "Interval")) if repetition is not None else None
    if repetition is not None and step:
        span = _DAY if _for_ever(node) else _seconds(_text(repetition, "Duration"))
        if step % 60 or span is None or (_for_ever(node) and (days or _DAY % step)):
            return ("repeated",)
        minutes = list(range(first, first + max(span // 60, 1), step // 60))
        if not _for_ever(node) and minutes[-1] >= 24 * 60:  # into the next day, of which these days say nothing
            return ("repeated",)
        minutes = sorted({minute % (24 * 60) for minute in minutes})
    hours = sorted({minute // 60 for minute in minutes})
    past = sorted({minute % 60 for minute in minutes})
    head = f"{days} *-*-*" if days else "*-*-*"
    if len(hours) * len(past) == len(minutes):
        return (f"{head} {_listed(hours)}:{_listed(past)}:00",)
    return tuple(f"{head} {minute // 60:02}:{minute % 60:02}:00" for minute in minutes[:50])


def _for_ever(node: ElementTree.Element) -> bool:
    repetition = node.find(_SPACE + "Repetition")
    return repetition is not None and bool(_text(repetition, "Interval")) and not _text(repetition, "Duration")


def _listed(values: list[int]) -> str:
    return ",".join(f"{value:02}" for value in values)


def _trouble(node: ElementTree.Element, begin: datetime | None, now: datetime) -> Trouble:
    end = _moment(_text(node, "EndBoundary"))
    if end is not None and end.replace(tzinfo=None) <= now:
        return "expired"
    if begin is not None and begin.replace(tzinfo=None) > now + timedelta(days=7):
        return "later"
    return "random" if (_seconds(_text(node, "RandomDelay")) or 0) > 60 else ""


def _text(node: ElementTree.Element, name: str) -> str:
    return (node.findtext(_SPACE + name) or "").strip()


def _moment(written: str) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _seconds(written: str) -> int | None:
    match = _PERIOD.fullmatch(written)
    if match is None or not written:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _word(kind: str) -> str:
    """``LogonTrigger`` as a word for a sentence."""
    return kind.removesuffix("Trigger").lower()[:40] or "?"
