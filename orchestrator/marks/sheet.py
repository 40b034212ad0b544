"""All that marking one candidate takes: what is marked, what the machine proposes, what the jury wrote so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from checkers.proposal import CompetencyProposal, IncidentResult, Level, Proposal, propose
from checkers.report import Judgement
from checkers.verdict import Outcome
from labs.incident import Incident
from labs.loader import LoadedLab
from labs.referential import load_referential
from labs.text import Text
from orchestrator.catalog import open_lab
from orchestrator.engine.desk import Open
from orchestrator.engine.judging import read
from orchestrator.exam import Refused
from orchestrator.exam.model import IncidentState
from orchestrator.marks.fold import Marking
from orchestrator.marks.frame import Frame, frame_of
from orchestrator.marks.reading import of_candidate
from orchestrator.store import judgements
from orchestrator.store.database import Transaction
from orchestrator.store.exams import StoredSession


@dataclass(frozen=True)
class Sheet:
    """See the module. judged: the last judgement; number: which one; None where nothing was judged."""

    frame: Frame
    marking: Marking
    competencies: Mapping[str, CompetencyProposal]
    judged: Judgement | None
    number: int | None

    @cached_property
    def proposals(self) -> dict[str, Proposal]:
        """What the machine proposes, by competency and criterion."""
        found: dict[str, Proposal] = {}
        for one in self.competencies.values():
            found |= {one.id: one, **{criterion.id: criterion for criterion in one.criteria}}
        return found

    @property
    def levels(self) -> dict[str, Level]:
        """The levels of these proposals."""
        return {name: one.level for name, one in self.proposals.items()}


def read_sheet(tx: Transaction, opened: Open, candidate: str) -> Sheet:
    """The sheet of one candidate as it stands.

    Raises Refused (the session examines nobody), HistoryError, LabError (the lab cannot be read any more).
    """
    made = judgements.every(tx, opened.exam.slug, candidate)
    judged = read(made[-1]) if made else None
    frame = session_frame(opened.stored, judged)
    incidents = _results(opened.stored, opened.exam.candidates[candidate].incidents)
    proposals = propose(judged, frame.referential, incidents)
    return Sheet(
        frame,
        of_candidate(tx, opened.exam.slug, candidate),
        {one.id: one for one in proposals if one.id in frame.competencies},
        judged,
        made[-1].number if made else None,
    )


def session_frame(stored: StoredSession, judged: Judgement | None = None) -> Frame:
    """What the jury of a session decides. judged: a judgement, which names the certification even without the lab.

    Raises Refused when the session examines nobody.
    """
    name = judged.lab.referential if judged else _lab(stored.lab_folder, stored.lab_hash).lab.referential
    found = frame_of(load_referential(name), stored.format_id)
    if found is None:
        raise Refused(
            Text("Cette session n'évalue personne.", "This session examines nobody."),
            where=f"{stored.slug}, {stored.format_id}",
            do=Text("Un essai de sujet n'a pas de jury.", "The trial of a lab has no jury."),
        )
    return found


def incident_results(states: Sequence[IncidentState], incidents: Mapping[str, Incident]) -> list[IncidentResult]:
    """What the incidents and requests of the jury's part prove, each by the last time that it happened.

    One that could not be brought about proves nothing and is left out; one whose end was not seen is INCONCLUSIVE.
    """
    last = {one.incident: one for one in states if one.injected_at is not None and one.incident in incidents}
    return [
        IncidentResult(
            id=name,
            title=incidents[name].title,
            competency=incidents[name].competency,
            criterion=incidents[name].criterion or "",
            outcome=_outcome(state),
        )
        for name, state in last.items()
    ]


def _outcome(state: IncidentState) -> Outcome:
    found = state.verification
    if found is None or found.outcome in (None, "unclear") or (found.outcome == "solved" and found.harm is None):
        return Outcome.INCONCLUSIVE
    return Outcome.PASS if found.outcome == "solved" and not found.harm else Outcome.FAIL


def _results(stored: StoredSession, states: Sequence[IncidentState]) -> list[IncidentResult]:
    if not states:
        return []
    lab = _lab(stored.lab_folder, stored.lab_hash).lab
    return incident_results(states, {one.id: one for one in lab.incidents})


@lru_cache(maxsize=8)
def _lab(folder: str, _hash: str) -> LoadedLab:
    """The lab of a session. Read once: what is taken of it (certification, titles of incidents) is not judged with."""
    return open_lab(folder)
