"""What the jury's pages show, read from the database and from the frozen bench. No hypervisor is asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flask import abort

from checkers.facts import Observation
from checkers.report import Candidate, CandidateReport, Moment, report_of
from labs.text import Text
from orchestrator.bench import load_bench
from orchestrator.engine.desk import Open
from orchestrator.engine.judging import load_observation, read
from orchestrator.engine.screens import frozen_screen_path
from orchestrator.exam import Sitting
from orchestrator.exam.words import sentence
from orchestrator.store import exams, journal, judgements, seats
from orchestrator.store.exams import StoredCandidate
from orchestrator.store.judgements import StoredJudgement
from orchestrator.store.seats import Page
from orchestrator.stored import OTHER_LAB
from web.site import site


@dataclass(frozen=True)
class Dossier:
    """One candidate of a session as the jury sees them. ``number``: their place on the roster, from 1. ``judgements``:
    all, the first one first."""

    opened: Open
    sitting: Sitting
    number: int
    name: str
    page: Page
    entries: list[journal.Entry]
    judgements: list[StoredJudgement]

    @property
    def slug(self) -> str:
        """The session."""
        return self.opened.exam.slug

    @property
    def is_observed(self) -> bool:
        """There is evidence: the work is frozen, and something could be observed."""
        return self.sitting.state == "frozen" and self.sitting.observation is not None

    @cached_property
    def observation(self) -> Observation:
        """The stored observation. Raises JudgingError."""
        return load_observation(site().settings, self.slug, self.sitting)

    def judgement(self, number: int | None = None) -> StoredJudgement:
        """A judgement by its number, or the last one. There is none: 404."""
        found = [one for one in self.judgements if number in (None, one.number)]
        return found[-1] if found else abort(404)

    def report(self, number: int | None = None, *, with_journal: bool = True) -> CandidateReport:
        """The report of a judgement, or of the last one: as it was made, whatever the lab has become.

        with_journal: with what the journal says of the candidate. Raises JudgingError.
        """
        stored = self.judgement(number)
        judgement, observation = read(stored), self.observation
        other_lab = judgement.lab.hash != observation.lab_hash
        return report_of(
            judgement,
            observation,
            candidate=Candidate(name=self.name[:200], number=self.number),
            judged_at=stored.made_at,
            notes=[*_made_how(self), *([OTHER_LAB] if other_lab else [])],
            times=[Moment(at=entry.at, what=told(entry)) for entry in self.entries if with_journal],
            software={"épreuve (verdicts)": stored.software},
        )

    @cached_property
    def titles(self) -> dict[str, str]:
        """What the machines are called, by name: as the last judgement's lab calls them."""
        places = read(self.judgements[-1]).places if self.judgements else {}
        return {name: f"{places[name]} ({name})" if name in places else name for name in self.opened.exam.machines}

    @property
    def screens(self) -> list[str]:
        """The machines whose screen at the bell was kept."""
        store = site().settings.benches_dir
        return [
            machine
            for machine in self.opened.exam.machines
            if frozen_screen_path(store, self.slug, self.sitting.id, machine).is_file()
        ]


def open_dossier(slug: str, candidate: str) -> Dossier:
    """A candidate's dossier; 404 when nobody of this id sits this exam."""
    opened = site().desk.open(slug)
    if candidate not in opened.exam.candidates:
        abort(404)
    with site().store.read() as tx:
        return Dossier(
            opened,
            opened.exam.candidates[candidate],
            list(opened.exam.candidates).index(candidate) + 1,
            name_of(exams.find_candidate(tx, slug, candidate), candidate),
            seats.page(tx, slug, candidate),
            [entry for entry in journal.entries(tx, slug) if entry.candidate == candidate],
            judgements.every(tx, slug, candidate),
        )


def name_of(person: StoredCandidate | None, candidate: str) -> str:
    """How a candidate is called; by their id once the session is purged."""
    return candidate if person is None else f"{person.surname} {person.first_name}"


def told(entry: journal.Entry) -> Text:
    """An entry of the journal, with the reason that was given."""
    what = sentence(entry.kind, entry.data)
    if not entry.why:
        return what
    return Text(f"{what.fr} (motif : {entry.why})", f"{what.en} (reason: {entry.why})")


def _made_how(dossier: Dossier) -> list[Text]:
    bench = load_bench(site().settings.benches_dir, dossier.slug, dossier.sitting.id)
    return [] if bench is None else [one.reason for one in bench.machines.values() if one.reason]
