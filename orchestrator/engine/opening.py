"""Opening a session: from a lab, a format and people to what the desk stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from labs.loader import LoadedLab
from orchestrator.engine.desk import Desk
from orchestrator.exam import Exam, Phase
from orchestrator.exam import commands as order
from orchestrator.store import examtime
from orchestrator.store.exams import DEFAULT_RETENTION_DAYS, StoredCandidate, StoredSession


@dataclass(frozen=True)
class Enrolment:
    """A person, where they sit and the extra time that they have."""

    person: StoredCandidate
    seat: str | None = None
    extra_time: Decimal | Literal["tiers"] = Decimal(0)


def open_session(
    desk: Desk,
    slug: str,
    lab: LoadedLab,
    enrolments: Sequence[Enrolment],
    *,
    format_id: str,
    phases: tuple[Phase, ...],
    who: str,
    retention_days: int = DEFAULT_RETENTION_DAYS,
    simulated: bool = False,
    clock_speed: float = 1.0,
) -> Exam:
    """A new session with its candidates: all of it or nothing. Raises Refused, RecordError, UsageError."""
    version, machines = str(lab.lab.version), tuple(lab.lab.machines)
    new = StoredSession(
        slug=slug,
        lab_id=lab.lab.id,
        lab_folder=str(lab.folder),
        lab_hash=lab.hash,
        lab_version=version,
        format_id=format_id,
        state="",
        document="",
        created_at=datetime.now(UTC),
        anchor=examtime.anchored(desk.clock.read(), speed=clock_speed),
        retention_days=retention_days,
        simulated=simulated,
    )
    first = order.Create(
        who=who,
        slug=slug,
        lab=lab.lab.id,
        lab_version=version,
        lab_hash=lab.hash,
        format=format_id,
        machines=machines,
        phases=phases,
    )
    enrol = [
        order.Enrol(who=who, candidate=one.person.id, seat=one.seat, extra_percent=one.extra_time) for one in enrolments
    ]
    return desk.create(new, [one.person for one in enrolments], [first, *enrol])
