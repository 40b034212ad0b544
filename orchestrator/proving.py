"""Proving the incidents of a lab on real machines, on a bench where the reference solution has done everything.

For each: healthy, broken, seen as broken; repaired, seen as repaired, and no check of the lab is other than before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from checkers.checks import CHECKS
from checkers.facts import Observation
from checkers.incidents import Condition, PlannedProof, condition, judge_proof, plan_proof
from checkers.judge import Asks, PlannedCheck, judge, plan
from checkers.verdict import Outcome, Verdict
from labs.errors import EpreuveError
from labs.incident import Incident
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.bench import Bench, Progress, destroy_bench, list_benches
from orchestrator.engine.points import go_back, take_point
from orchestrator.golden import Golden
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.incidents import break_bench, repair_bench
from orchestrator.observer import observe_bench
from orchestrator.sessions import Session, ensure_session, forget_session
from orchestrator.settings import Settings
from orchestrator.workshop import ensure_lab_golden, make_bench, solve

SESSION = "0-preuves"
"""No exam has this name: theirs begin with a letter."""
_SOLVED = "p-solved"
_LOOKS = 3
"""How often a bench is looked at while not all of it can be seen: a slow machine is no fault of an incident."""


@dataclass(frozen=True)
class Proved:
    """What came of one incident. ``faults``: what was not as it must be, empty when it is proved.

    seconds: of each step that was done (``healthy``, ``break``, ``broken``, ``repair``, ``repaired``, ``back``).
    """

    incident: str
    faults: tuple[Text, ...]
    seconds: dict[str, float]


Keep = Callable[[Incident, Condition, Observation], object]
"""What is done with an observation that was as it must be, such as ``simulated_incidents.record_incident``."""


@contextmanager
def solved_bench(
    lab: LoadedLab, *, hypervisor: Hypervisor, settings: Settings, progress: Progress, keep: Keep | None = None
) -> Iterator[Prover]:
    """A bench on which everything is done and seen to be, for the time of a ``with`` block. Nothing is left of it.

    keep: see ``Prover``. Raises EpreuveError: it could not be made or solved.
    """
    clear(hypervisor, settings)
    try:
        golden = ensure_lab_golden(lab, hypervisor, settings, progress)
        session = ensure_session(settings.data_dir, SESSION, lab)
        bench = make_bench(
            lab,
            golden,
            session=session,
            name="a",
            candidate="",
            hypervisor=hypervisor,
            settings=settings,
            progress=progress,
        )
        solve(bench, lab, session=session, uri=hypervisor.info().uri, progress=progress)
        yield Prover(lab, bench, golden, session, hypervisor, keep)
    finally:
        clear(hypervisor, settings)


def clear(hypervisor: Hypervisor, settings: Settings) -> None:
    """Remove the bench and the session, those of a killed run included."""
    for bench in list_benches(hypervisor, settings.benches_dir):
        if bench.session == SESSION:
            destroy_bench(hypervisor, settings.benches_dir, bench.session, bench.name)
    forget_session(settings.data_dir, SESSION)


class Prover:
    """Proves incidents one after another on one solved bench; after one that left the bench changed, it goes back.

    A bench whose incident was repaired without a difference to any check is as good as the checkpoint, and is used on.
    """

    def __init__(
        self,
        lab: LoadedLab,
        bench: Bench,
        golden: Golden,
        session: Session,
        hypervisor: Hypervisor,
        keep: Keep | None = None,
    ) -> None:
        """Observes the bench and takes the checkpoint to go back to. keep: gets each observation of an incident that
        was as it must be, sound or broken."""
        self._keep = keep
        self.lab = lab
        self.bench = bench
        self._golden = golden
        self._session = session
        self._hypervisor = hypervisor
        self._checks = plan(lab.lab.checks(), CHECKS)
        self.solved = self.verdicts()
        self._point = take_point(bench, _SOLVED, list(bench.machines), datetime.now(UTC), hypervisor=hypervisor)

    def verdicts(self) -> list[Verdict]:
        """What every check of the lab says of the bench now."""
        return judge(self._checks, self._look([], self._checks))

    def changed(self, verdicts: Sequence[Verdict], affects: Collection[str] = ()) -> list[Text]:
        """The verdicts that are not those of the solved bench, but for the checks that an incident affects."""
        before = {verdict.check: (verdict.outcome, verdict.points) for verdict in self.solved}
        other = [one for one in verdicts if before[one.check] != (one.outcome, one.points)]
        return [_said(one.check, one.outcome, one.reason) for one in other if one.check not in affects]

    def prove(self, incident: Incident, *, whole: bool = True) -> Proved:
        """Prove one. What goes wrong on the way is a fault of it; only a bench that cannot be brought back raises.

        whole: after the repair look at all that the lab checks; else at the proofs only.
        """
        seconds: dict[str, float] = {}
        try:
            faults = self._faults(incident, whole, seconds)
        except EpreuveError as error:
            faults = [Text(f"{error.what.fr} {error.where}".strip(), f"{error.what.en} {error.where}".strip())]
        if faults or incident.kind == "request":
            with _timed(seconds, "back"):
                self.go_back()
        return Proved(incident.id, tuple(faults), seconds)

    def go_back(self) -> None:
        """Bring every machine back to the solved bench. Raises EpreuveError."""

        def back(machine: str) -> None:
            go_back(self.bench, machine, self._point, self._golden, hypervisor=self._hypervisor, paused=False)

        with ThreadPoolExecutor(max_workers=len(self.bench.machines)) as pool:
            list(pool.map(back, self.bench.machines))

    def _faults(self, incident: Incident, whole: bool, seconds: dict[str, float]) -> list[Text]:
        if incident.kind == "incident":
            with _timed(seconds, "healthy"):
                faults = self._unlike(Condition.SOUND, incident)
            if faults:
                return faults
            with _timed(seconds, "break"):
                break_bench(self.bench, self.lab, incident, session=self._session, hypervisor=self._hypervisor)
        with _timed(seconds, "broken"):
            faults = self._unlike(Condition.BROKEN, incident)
        if faults:
            return faults
        with _timed(seconds, "repair"):
            repair_bench(self.bench, self.lab, incident, session=self._session, hypervisor=self._hypervisor)
        with _timed(seconds, "repaired"):
            return self._unlike(Condition.SOUND, incident, whole=whole)

    def _unlike(self, wanted: Condition, incident: Incident, *, whole: bool = False) -> list[Text]:
        """What is not as it must be, by the incident's proofs and, on the whole, by every check of the lab."""
        proof, checks = plan_proof(incident, CHECKS), self._checks if whole else []
        seen = self._look(proof, checks)
        outcomes = judge_proof(proof, seen)
        faults = self.changed(judge(checks, seen), incident.affects)
        if condition(outcomes) is not wanted:
            wrong = [one for one in outcomes if wanted is Condition.BROKEN or one.outcome is not Outcome.PASS]
            faults += [_said(one.proof, one.outcome, one.reason) for one in wrong]
        elif self._keep is not None:
            self._keep(incident, wanted, seen)
        return faults

    def _look(self, proof: Sequence[PlannedProof], checks: Sequence[PlannedCheck]) -> Observation:
        """What these need to know of the bench; asked again while not all of it can be seen."""
        planned: list[Asks] = [*proof, *checks]
        for _ in range(_LOOKS):
            seen = observe_bench(self.bench, self.lab, planned, session=self._session, hypervisor=self._hypervisor)
            found = [*(one.outcome for one in judge_proof(proof, seen)), *(one.outcome for one in judge(checks, seen))]
            if Outcome.INCONCLUSIVE not in found:
                break
        return seen


def _said(what: str, outcome: Outcome, reason: Text) -> Text:
    return Text(f"{what} : {outcome} : {reason.fr}", f"{what}: {outcome}: {reason.en}")


@contextmanager
def _timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    began = monotonic()
    try:
        yield
    finally:
        seconds[step] = round(monotonic() - began, 1)
