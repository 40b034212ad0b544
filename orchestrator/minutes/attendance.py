"""Who sat the exam, and their times: from the exam as it stands and the journal's reasons. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from orchestrator.exam import Exam, Sitting
from orchestrator.minutes.model import Attendance, Ended, Granted, Presence
from orchestrator.store.exams import StoredCandidate
from orchestrator.store.journal import Entry

LATE = timedelta(minutes=1)
"""Whoever begins so long after the first of all began late: supervisors may start a room one by one."""

_ENDS: dict[str, Ended] = {"bell-rung": "bell", "finished-early": "early", "candidate-stopped": "stopped"}


def attendance(
    exam: Exam, entries: Sequence[Entry], people: Mapping[str, StoredCandidate], now: datetime
) -> tuple[Attendance, ...]:
    """Every candidate, in the order of the roster. people: by id; those who are not in it have no name any more."""
    first = min((at for one in exam.candidates.values() if (at := _began(exam, one))), default=None)
    return tuple(
        _of(exam, sitting, [one for one in entries if one.candidate == sitting.id], people.get(sitting.id), first, now)
        for sitting in exam.candidates.values()
    )


def _of(
    exam: Exam,
    sitting: Sitting,
    entries: Sequence[Entry],
    person: StoredCandidate | None,
    first: datetime | None,
    now: datetime,
) -> Attendance:
    clock, began = sitting.clock, _began(exam, sitting)
    late = began - first if exam.has_practical and began is not None and first is not None else timedelta()
    stood = sum(((pause.until or now) - pause.from_ for pause in clock.pauses), timedelta())
    return Attendance(
        id=sitting.id,
        surname=person.surname if person else "",
        first_name=person.first_name if person else "",
        number=person.number if person else "",
        birth_date=person.birth_date if person else None,
        seat=sitting.seat,
        presence=_presence(sitting, entries, began, late),
        late_s=round(late.total_seconds()),
        extra_percent=str(clock.extra_percent),
        extra_s=clock.allotted_s - clock.base_s - clock.extended_s,
        granted=tuple(map(_granted, (one for one in entries if one.kind in ("time-extended", "time-taken-back")))),
        allotted_s=clock.allotted_s,
        paused_s=round(stood.total_seconds()),
        started_at=began,
        deadline=clock.deadline(),
        ended_at=clock.ended_at,
        ended=next((_ENDS[one.kind] for one in entries if one.kind in _ENDS), None),
        observation=sitting.observation,
        phases=sitting.phases,
    )


def _began(exam: Exam, sitting: Sitting) -> datetime | None:
    """When a candidate began: the practical, or where there is none their first phase before the jury, each in turn."""
    if exam.has_practical:
        return sitting.clock.started_at
    return sitting.phases[0].begun_at if sitting.phases else None


def _presence(sitting: Sitting, entries: Sequence[Entry], began: datetime | None, late: timedelta) -> Presence:
    if sitting.state == "withdrawn":
        return "withdrawn"
    if sitting.state == "absent":
        return "absent"
    if began is None:
        return "expected"
    missed = any(one.kind == "candidate-returned" for one in entries)
    return "late" if late >= LATE or missed else "present"


def _granted(entry: Entry) -> Granted:
    seconds = int(entry.data["seconds"])
    return Granted(
        at=entry.at,
        seconds=-seconds if entry.kind == "time-taken-back" else seconds,
        returned=entry.data.get("origin", "granted") != "granted",
        who=entry.who,
        why=entry.why,
    )
