"""Proving the incidents of a lab on real machines, on a bench where the reference solution has done everything.

For each: healthy, broken, seen as broken; repaired, seen as repaired, and no check of the lab is other than before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from checkers.checks import CHECKS
from checkers.facts import Observation
from checkers.incidents import Condition, condition, judge_proof, plan_proof
from checkers.judge import judge
from checkers.verdict import Outcome
from labs.errors import EpreuveError
from labs.incident import Incident
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.bench import Progress
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.incidents import break_bench, repair_bench
from orchestrator.proving.ground import ProvingBench, fault, timed
from orchestrator.proving.place import proving
from orchestrator.settings import Settings


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
    """A bench on which everything is done and seen to be, for the time of a ``with`` block. Of it nothing runs on.

    keep: see ``Prover``. Raises EpreuveError: it could not be made or solved.
    """
    with proving(lab, hypervisor=hypervisor, settings=settings, progress=progress) as place:
        yield Prover(place.solved(progress), keep)


class Prover:
    """Proves incidents one after another on one solved bench; after one that left the bench changed, it goes back.

    A bench whose incident was repaired without a difference to any check is as good as the checkpoint, and is used on.
    """

    def __init__(self, ground: ProvingBench, keep: Keep | None = None) -> None:
        """ground: settled. keep: gets each observation of an incident that was as it must be, sound or broken."""
        self.ground = ground
        self._keep = keep

    def prove(self, incident: Incident, *, whole: bool = True) -> Proved:
        """Prove one. What goes wrong on the way is a fault of it; only a bench that cannot be brought back raises.

        whole: after the repair look at all that the lab checks; else at the proofs only.
        """
        seconds: dict[str, float] = {}
        try:
            faults = self._faults(incident, whole, seconds)
        except EpreuveError as error:
            faults = [fault(error)]
        if faults or incident.kind == "request":
            with timed(seconds, "back"):
                self.ground.go_back()
        return Proved(incident.id, tuple(faults), seconds)

    def _faults(self, incident: Incident, whole: bool, seconds: dict[str, float]) -> list[Text]:
        ground = self.ground
        if incident.kind == "incident":
            with timed(seconds, "healthy"):
                faults = self._unlike(Condition.SOUND, incident)
            if faults:
                return faults
            with timed(seconds, "break"):
                break_bench(ground.bench, ground.lab, incident, session=ground.session, hypervisor=ground.hypervisor)
        with timed(seconds, "broken"):
            faults = self._unlike(Condition.BROKEN, incident)
        if faults:
            return faults
        with timed(seconds, "repair"):
            repair_bench(ground.bench, ground.lab, incident, session=ground.session, hypervisor=ground.hypervisor)
        with timed(seconds, "repaired"):
            return self._unlike(Condition.SOUND, incident, whole=whole)

    def _unlike(self, wanted: Condition, incident: Incident, *, whole: bool = False) -> list[Text]:
        """What is not as it must be, by the incident's proofs and, on the whole, by every check of the lab."""
        proof, checks = plan_proof(incident, CHECKS), self.ground.checks if whole else []
        seen = self.ground.look(proof, checks)
        outcomes = judge_proof(proof, seen)
        faults = self.ground.changed(judge(checks, seen), incident.affects)
        if condition(outcomes) is not wanted:
            wrong = [one for one in outcomes if wanted is Condition.BROKEN or one.outcome is not Outcome.PASS]
            faults += [
                Text(f"{one.proof} : {one.outcome} : {one.reason.fr}", f"{one.proof}: {one.outcome}: {one.reason.en}")
                for one in wrong
            ]
        elif self._keep is not None:
            self._keep(incident, wanted, seen)
        return faults
