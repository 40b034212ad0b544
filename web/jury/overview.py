"""How far the jury is with each candidate of a session: who has handed in, decided, signed."""

from __future__ import annotations

from dataclasses import dataclass

from labs.text import Text
from orchestrator.engine.desk import Open
from orchestrator.exam import CANDIDATE_STATES
from orchestrator.marks.fold import Decided, Grid, Marking
from orchestrator.marks.reading import of_session, stage
from orchestrator.marks.views import seen_by
from orchestrator.store import accounts, exams
from web.jury.evidence import name_of
from web.site import actor, site

_AWAY = ("absent", "withdrawn")


@dataclass(frozen=True)
class Standing:
    """One candidate. mine: the grid of whoever asks. decision: None where there is none that they may read.
    handed_in, signed, unsigned: names of jurors."""

    candidate: str
    name: str
    state: Text
    is_away: bool
    mine: Grid
    stage: Text
    handed_in: list[str]
    decision: Decided | None
    signed: list[str]
    unsigned: list[str]


def overview(opened: Open) -> list[Standing]:
    """Every candidate, in the order of the roster."""
    with site().store.read() as tx:
        people = {person.id: person for person in exams.candidates(tx, opened.exam.slug)}
        markings = of_session(tx, opened.exam.slug)
        names = {one.id: one.name for one in accounts.every(tx)}
    made = []
    for sitting in opened.exam.candidates.values():
        marking = markings.get(sitting.id, Marking())
        seen = seen_by(marking, actor().who)
        unsigned = marking.unsigned if marking.decision else ()
        made.append(
            Standing(
                candidate=sitting.id,
                name=name_of(people.get(sitting.id), sitting.id),
                state=CANDIDATE_STATES[sitting.state],
                is_away=sitting.state in _AWAY,
                mine=seen.grid(actor().who),
                stage=stage(marking),
                handed_in=[names.get(one, one) for one in marking.jurors],
                decision=seen.decision,
                signed=[names.get(one, one) for one in marking.jurors if marking.decision and one not in unsigned],
                unsigned=[names.get(one, one) for one in unsigned],
            )
        )
    return made
