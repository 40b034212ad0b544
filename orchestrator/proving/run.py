"""One run of a proof: what is not proved yet is shown on one bench, and kept as soon as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from labs.incident import Incident
from labs.mutant import Mutant
from labs.text import Text
from orchestrator.bench import Progress
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.proving.book import Book
from orchestrator.proving.ground import ProvingBench, said, timed, unsolved
from orchestrator.proving.incidents import Prover
from orchestrator.proving.mutants import Shown, not_blank, show_mutant
from orchestrator.proving.place import Workbench, proving
from orchestrator.proving.proof import Bearing, ProvedIncident, ProvedMutant, bearing, lacking, proves
from orchestrator.settings import Settings

Kind = Literal["bench", "mutant", "incident"]
BLANK, SOLVED = "blank", "solved"


@dataclass(frozen=True)
class Asked:
    """What is to be proved. whole: the blank bench and every claim too. quick: to try mutants; nothing is kept. fresh:
    on a new bench, even if a solved one was kept."""

    mutants: tuple[Mutant, ...]
    incidents: tuple[Incident, ...] = ()
    whole: bool = True
    quick: bool = False
    fresh: bool = False


@dataclass(frozen=True)
class Came:
    """What came of one thing. ``already``: it was proved by an earlier run. ``flips``: checks, of a mutant. ``steps``:
    the seconds of what was done for it."""

    kind: Kind
    id: str
    faults: tuple[Text, ...] = ()
    flips: tuple[str, ...] = ()
    seconds: float = 0.0
    already: bool = False
    steps: dict[str, float] = field(default_factory=dict)


Step = Callable[[str], AbstractContextManager[Progress]]
"""Opens a step with this title; gives what to say its details with."""
Tell = Callable[[Came], object]
"""Is told what came of each thing, at once."""


def prove_lab(
    asked: Asked, book: Book, *, hypervisor: Hypervisor, settings: Settings, step: Step, tell: Tell
) -> list[Came]:
    """Prove what is asked and is not proved yet. Nothing of the benches runs on, not even when it fails.

    A whole run ends where the blank or the solved bench is not as it must be: what follows would mean little.

    :raises EpreuveError: a bench could not be made, solved or brought back; what was proved until then is kept.
    """
    return _Run(asked, book, step, tell).run(hypervisor, settings)


class _Run:
    def __init__(self, asked: Asked, book: Book, step: Step, tell: Tell) -> None:
        self.asked = asked
        self.book = book
        self.step = step
        self.tell = tell
        self.came: list[Came] = []
        self.spoilt = False
        """Whether the bench is no longer as it was solved."""

    def run(self, hypervisor: Hypervisor, settings: Settings) -> list[Came]:
        proof = self.book.proof
        again = self.asked.quick
        mutants = [one for one in self.asked.mutants if again or not proves(proof.mutant(one.id), one)]
        proved = {one.id for one in proof.incidents}
        incidents = [one for one in self.asked.incidents if one.id not in proved]
        self._already([one.id for one in self.asked.mutants if one not in mutants], "mutant")
        self._already([one.id for one in self.asked.incidents if one.id in proved], "incident")
        benches = self.asked.whole and (proof.blank is None or proof.solved is None)
        if not (benches or mutants or incidents):
            return self.came
        with ExitStack() as stack:
            with self.step(str(Text("Machines du sujet", "The lab's machines"))) as say:
                fresh = self.asked.fresh
                made = proving(self.book.lab, hypervisor=hypervisor, settings=settings, progress=say, fresh=fresh)
                place = stack.enter_context(made)
            ground = self._solved(place) if self._blank(place) else None
            if ground is None or (self.asked.whole and any(one.faults for one in self.came)):
                return self.came
            for mutant in mutants:
                self._mutant(ground, mutant)
            self._incidents(ground, incidents)
            place.keep = bool(lacking(self.book.proof, self.book.lab))
        return self.came

    def _blank(self, place: Workbench) -> bool:
        """Prove the untouched bench, if that is asked and not done; whether to go on."""
        if not self.asked.whole or self.book.proof.blank is not None:
            return True
        seconds: dict[str, float] = {}
        title = Text("Poste intact : rien ne doit être juste", "Untouched bench: nothing may be right")
        with self.step(str(title)) as say, timed(seconds, BLANK):
            ground = place.blank(say)
            verdicts, _ = ground.see(ground.checks, not_blank)
        faults = [said(one) for one in not_blank(verdicts)]
        self._keep_bearing(BLANK, faults, bearing(verdicts, _now()), seconds[BLANK])
        return not faults

    def _solved(self, place: Workbench) -> ProvingBench:
        seconds: dict[str, float] = {}
        title = Text("Solution de référence : tout doit être juste", "Reference solution: everything must be right")
        with self.step(str(title)) as say, timed(seconds, SOLVED):
            ground = place.solved(say)
        faults = [said(one) for one in unsolved(ground.solved)]
        self._keep_bearing(SOLVED, faults, bearing(ground.solved, _now()), seconds[SOLVED])
        return ground

    def _mutant(self, ground: ProvingBench, mutant: Mutant) -> None:
        with self.step(f"{mutant.id} : {mutant.title}") as say:
            steps: dict[str, float] = {}
            if self.spoilt:
                say(Text("Retour au poste où tout est fait", "Back to the solved bench"))
                with timed(steps, "back"):
                    ground.go_back()
            self.spoilt = True
            shown = show_mutant(ground, mutant, quick=self.asked.quick)
        steps |= shown.seconds
        took = round(sum(steps.values()), 1)
        if not self.asked.quick:
            self._keep_mutant(mutant, shown, took)
        flips = tuple(flip.check for flip in shown.flips)
        self._came(Came("mutant", mutant.id, shown.faults, flips, took, steps=steps))

    def _incidents(self, ground: ProvingBench, incidents: Sequence[Incident]) -> None:
        prover = Prover(ground)
        for incident in incidents:
            with self.step(f"{incident.id} : {incident.title}"):
                if self.spoilt:
                    ground.go_back()
                    self.spoilt = False
                proved = prover.prove(incident)
            took = round(sum(proved.seconds.values()), 1)
            if proved.faults:
                self.book.missed(incident.id)
            else:
                kept = ProvedIncident(id=incident.id, title=incident.title, seconds=took, at=_now())
                self.book.keep(incidents=(*self.book.proof.incidents, kept))
            self._came(Came("incident", incident.id, proved.faults, seconds=took, steps=proved.seconds))

    def _keep_bearing(self, which: str, faults: Sequence[Text], seen: Bearing, seconds: float) -> None:
        if not self.asked.quick:
            if faults:
                self.book.missed(which)
            elif getattr(self.book.proof, which) is None:
                self.book.keep(**{which: seen})
        self._came(Came("bench", which, tuple(faults), seconds=seconds))

    def _keep_mutant(self, mutant: Mutant, shown: Shown, seconds: float) -> None:
        if shown.faults:
            self.book.missed(mutant.id)
            return
        kept = ProvedMutant(
            id=mutant.id,
            title=mutant.title,
            machine=mutant.on,
            flips=shown.flips,
            looks=shown.looks,
            seconds=seconds,
            at=_now(),
        )
        others = [one for one in self.book.proof.mutants if one.id != mutant.id]
        self.book.keep(mutants=(*others, kept))

    def _already(self, names: Sequence[str], kind: Kind) -> None:
        for name in names:
            self._came(Came(kind, name, already=True))

    def _came(self, came: Came) -> None:
        self.came.append(came)
        self.tell(came)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
