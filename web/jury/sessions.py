"""The candidates of a session in one table: who has been judged, and what the others wait for."""

from __future__ import annotations

from dataclasses import dataclass

from checkers.report import Judgement
from labs.text import Text
from orchestrator.engine.desk import Open
from orchestrator.engine.judging import read
from orchestrator.exam import CANDIDATE_STATES, Sitting
from orchestrator.moments import clock
from orchestrator.store import exams, judgements
from web.jury.evidence import name_of
from web.site import site

_WAITS = {
    "enrolled": Text("son poste n'est pas encore demandé", "the bench is not asked for yet"),
    "preparing": Text("son poste se prépare", "the bench is being made"),
    "ready": Text("son épreuve n'a pas commencé", "the exam has not begun"),
    "paused": Text("son épreuve est en pause", "the exam is paused"),
    "ended": Text("son travail est en train d'être enregistré et observé", "the work is being saved and observed"),
    "absent": Text("rien à juger", "nothing to judge"),
    "withdrawn": Text("rien à juger", "nothing to judge"),
}


@dataclass(frozen=True)
class Line:
    """One candidate. ``judgement``: the last one, and its number; None where there is none. ``waits``: for what."""

    sitting: Sitting
    name: str
    judgement: Judgement | None
    number: int
    waits: Text | None

    @property
    def state(self) -> Text:
        """The candidate's state in words."""
        return CANDIDATE_STATES[self.sitting.state]


def lines(opened: Open) -> list[Line]:
    """Every candidate, in the order of the roster."""
    slug = opened.exam.slug
    with site().store.read() as tx:
        people = {person.id: person for person in exams.candidates(tx, slug)}
        last = judgements.latest(tx, slug)
    made = []
    for sitting in opened.exam.candidates.values():
        stored = last.get(sitting.id)
        judgement = None if stored is None else read(stored)
        name = name_of(people.get(sitting.id), sitting.id)
        made.append(Line(sitting, name, judgement, stored.number if stored else 0, waits_for(sitting)))
    return made


def waits_for(sitting: Sitting) -> Text | None:
    """What keeps a candidate's work from being looked at; None when nothing does."""
    if sitting.state == "frozen":
        if sitting.observation is not None:
            return None
        return Text("figé sans relevé : rien n'a pu être observé", "frozen without an observation")
    deadline = sitting.clock.deadline()
    if sitting.state == "running" and deadline is not None:
        at = clock(deadline)
        return Text(f"son épreuve finit à {at}", f"the exam ends at {at}")
    return _WAITS.get(sitting.state)
