"""Opening a session: from a lab, a format and people to what the desk stores.

The command line, the site and rehearsals all come through here: ``choose_format``, ``phases_of``, ``enrolments`` of a
roster, then ``open_session``. Nothing is started: that is ``preparing.prepare_session``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

from labs.errors import EpreuveError
from labs.formats import REHEARSAL, Format, FormatError, as_rehearsal, missing_machines
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.engine.desk import Desk
from orchestrator.exam import Exam, Phase
from orchestrator.exam import commands as order
from orchestrator.exam.model import Backing
from orchestrator.library.deposits import require_approved
from orchestrator.proving.book import standing
from orchestrator.roster import Roster
from orchestrator.store import examtime
from orchestrator.store.accounts import SessionRole
from orchestrator.store.database import Transaction
from orchestrator.store.exams import DEFAULT_RETENTION_DAYS, StoredCandidate, StoredSession

TRIAL = "essai"
"""The format of trainers' trials; no certification has one of this name."""
HOST_REHEARSAL = "repetition"
"""The format of rehearsals of a host (``orchestrator.rehearse``)."""


class UnprovedError(EpreuveError):
    """An exam is to be held with a lab that is not proved."""

    code = "unproved"
    exit_code = 6


@dataclass(frozen=True)
class Enrolment:
    """A person, where they sit and the extra time that they have."""

    person: StoredCandidate
    seat: str | None = None
    extra_time: Decimal | Literal["tiers"] = Decimal(0)


def choose_format(
    lab: LoadedLab, format_id: str, *, rehearsal: bool = False, minutes: Mapping[str, int] | None = None
) -> Format:
    """A format of a lab's certification, as this centre holds it. minutes: of phases whose length it sets, by id.

    :raises FormatError: there is none of this name, it cannot be held on this lab's machines, or not so long.
    """
    format_ = lab.referential.format(format_id)
    format_ = (as_rehearsal(format_) if rehearsal else format_).with_minutes(minutes or {})
    if missing := missing_machines(format_, lab.lab):
        raise FormatError(
            Text(
                f"Le sujet n'a pas les machines de ce format : {', '.join(missing)}.",
                f"The lab lacks machines of this format: {', '.join(missing)}.",
            ),
            where=f"{lab.lab.id}, {format_.id}",
            do=Text("Choisissez un autre sujet ou un autre format.", "Choose another lab or another format."),
        )
    return format_


def phases_of(format_: Format, lab: LoadedLab) -> tuple[Phase, ...]:
    """The phases of a format as an exam has them, with the machines of this lab."""
    return tuple(
        Phase(
            id=phase.id,
            kind=phase.kind,
            title=phase.title,
            minutes=phase.minutes,
            machines=phase.machines_in(lab.lab),
            jury=phase.jury,
            extra_time=phase.extra_time,
        )
        for phase in format_.phases
    )


def enrolments(roster: Roster) -> list[Enrolment]:
    """The people of a roster, as ``c01``, ``c02``…"""
    return [
        Enrolment(
            StoredCandidate(
                id=name,
                surname=line.surname,
                first_name=line.first_name,
                number=line.number,
                birth_date=line.birth_date,
                email=line.email,
            ),
            line.seat,
            line.extra_time,
        )
        for name, line in roster.candidates().items()
    ]


def open_session(
    desk: Desk,
    slug: str,
    lab: LoadedLab,
    people: Sequence[Enrolment],
    *,
    format_id: str,
    phases: tuple[Phase, ...],
    who: str,
    retention_days: int = DEFAULT_RETENTION_DAYS,
    simulated: bool = False,
    clock_speed: float = 1.0,
    trusted: Mapping[SessionRole, Sequence[str]] | None = None,
    proofs: Path | None = None,
    unproved: str = "",
    provided: Callable[[Transaction], None] = lambda _tx: None,
) -> Exam:
    """A new session with its candidates and their seat codes: all of it or nothing.

    trusted: the accounts that it is entrusted to, by their role in it. proofs: those of the data directory. unproved:
    why an exam is held with a lab that is not proved. provided: see ``Desk.create``.

    Raises Refused, RecordError, UsageError; LibraryError when no administrator has approved the lab; UnprovedError.
    """
    require_approved(lab)
    backing = _backing(lab, proofs, unproved, examines=_examines(format_id) and not simulated)
    version, machines = str(lab.lab.version), tuple(lab.lab.virtual)
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
        devices=tuple(lab.lab.devices),
        phases=phases,
        variants_seed=secrets.token_hex(16) if lab.lab.variants else "",
        backing=backing,
    )
    enrol = [
        order.Enrol(who=who, candidate=one.person.id, seat=one.seat, extra_percent=one.extra_time) for one in people
    ]
    return desk.create(new, [one.person for one in people], [first, *enrol], trusted=trusted, provided=provided)


def _backing(lab: LoadedLab, proofs: Path | None, why: str, *, examines: bool) -> Backing:
    found = standing(lab, proofs)
    if found.proved and found.proof is not None:
        return Backing(proved_at=found.proof.updated_at)
    if examines and not why.strip():
        raise UnprovedError(
            Text(
                "Ce sujet n'est pas prouvé : personne n'a montré que ses contrôles voient juste.",
                "This lab is not proved: nobody has shown that its checks see right.",
            ),
            where=f"{lab.lab.id} {lab.lab.version}",
            do=Text(
                f"Prouvez-le (epreuve lab prove {lab.lab.id}), ou dites pourquoi il sert quand même.",
                f"Prove it (epreuve lab prove {lab.lab.id}), or say why it is used all the same.",
            ),
        )
    return Backing(why=why)


def _examines(format_id: str) -> bool:
    """Whether somebody is examined in this format: not in a rehearsal, nor in a trial."""
    return not format_id.endswith(REHEARSAL) and format_id not in (TRIAL, HOST_REHEARSAL)
