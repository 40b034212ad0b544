"""Drawing up the minutes from what is known of a session. Pure: the same session gives the same minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from labs.formats import REHEARSAL
from labs.loader import LoadedLab
from labs.referential import Referential
from orchestrator.exam import ENGINE, Exam
from orchestrator.marks.fold import Marking
from orchestrator.marks.frame import frame_of
from orchestrator.minutes.attendance import attendance
from orchestrator.minutes.happenings import happenings
from orchestrator.minutes.model import Decision, Injected, Journal, Minutes, Person, Signature, Titled
from orchestrator.store.exams import StoredCandidate
from orchestrator.store.journal import GENESIS, Entry


@dataclass(frozen=True)
class Known:
    """What the minutes are drawn up from.

    lab: None when its files are gone; then things go by their ids. referential: of the certification; None when nothing
    names it any more. people: candidates by id; empty once purged. supervisors, jury: to whom the session is entrusted.
    marks: what the jury wrote, by candidate. intact: the journal's chain holds. now: exam time; drawn_up_at: the wall
    clock's. place: see ``Minutes``.
    """

    exam: Exam
    entries: Sequence[Entry]
    people: Mapping[str, StoredCandidate]
    lab: LoadedLab | None
    referential: Referential | None
    supervisors: Sequence[Person]
    jury: Sequence[Person]
    marks: Mapping[str, Marking]
    simulated: bool
    intact: bool
    now: datetime
    drawn_up_at: datetime
    software: str
    place: str = ""


def draw_up(known: Known) -> Minutes:
    """The minutes of a session."""
    exam, lab, referential = known.exam, known.lab, known.referential
    sat = attendance(exam, known.entries, known.people, known.now)
    entrusted = {one.account for one in (*known.supervisors, *known.jury)}
    own = {ENGINE, *exam.candidates, *(f"{exam.slug}/{name}" for name in exam.candidates)}
    others = dict.fromkeys(one.who for one in known.entries if one.who not in entrusted | own)
    last = known.entries[-1].hash if known.entries else GENESIS
    frame = frame_of(referential, exam.format) if referential else None
    return Minutes(
        session=exam.slug,
        place=known.place,
        state=exam.state,
        simulated=known.simulated,
        rehearsal=exam.format.endswith(REHEARSAL),
        certification=referential.title if referential else "",
        lab=Titled(id=exam.lab, title=lab.lab.title if lab else exam.lab),
        lab_version=exam.lab_version,
        lab_hash=exam.lab_hash,
        backing=exam.backing,
        format=Titled(id=exam.format, title=_format_title(referential, exam.format)),
        blocks=tuple(Titled(id=block.id, title=block.title) for block in frame.blocks) if frame else (),
        decides_title=frame is not None and frame.decides_title,
        phases=exam.phases,
        practical_s=exam.practical_s,
        supervisors=tuple(known.supervisors),
        jury=tuple(known.jury),
        others=tuple(others),
        created_at=exam.created_at,
        began_at=min((one.started_at for one in sat if one.started_at), default=None),
        attendance=sat,
        happenings=happenings(known.entries, _machines(lab)),
        incidents=tuple(_incidents(exam, lab)),
        decisions=tuple(_decisions(known)),
        journal=Journal(entries=len(known.entries), hash=last, intact=known.intact),
        drawn_up_at=known.drawn_up_at,
        software=known.software,
    )


def _machines(lab: LoadedLab | None) -> dict[str, str]:
    return {name: machine.title for name, machine in lab.lab.machines.items()} if lab else {}


def _incidents(exam: Exam, lab: LoadedLab | None) -> Iterator[Injected]:
    titles = {one.id: one.title for one in lab.lab.incidents} if lab else {}
    for sitting in exam.candidates.values():
        for state in sitting.incidents:
            yield Injected(candidate=sitting.id, title=titles.get(state.incident, state.incident), state=state)


def _decisions(known: Known) -> Iterator[Decision]:
    for candidate, marking in known.marks.items():
        if (decided := marking.decision) is not None:
            yield Decision(
                candidate=candidate,
                taken_at=decided.version.at,
                blocks={one.block: one.granted for one in decided.said.blocks},
                title=decided.said.title,
                signatures=tuple(Signature(name=one.said.name, at=one.at) for one in decided.signatures.values()),
                unsigned=marking.unsigned,
                outdated=marking.is_outdated,
            )


def _format_title(referential: Referential | None, name: str) -> str:
    own = name.removesuffix(REHEARSAL)
    return next((one.title for one in referential.formats if one.id == own), name) if referential else name
