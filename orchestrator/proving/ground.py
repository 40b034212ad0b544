"""A bench to prove a lab on: untouched, then solved, then brought back to that as often as it takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from time import monotonic

from checkers.facts import Observation
from checkers.incidents import PlannedProof, judge_proof
from checkers.judge import Asks, PlannedCheck, judge
from checkers.verdict import Outcome, Verdict
from labs.errors import EpreuveError
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.bench import Bench, Progress
from orchestrator.engine.points import Kept, go_back, take_point
from orchestrator.golden import Golden
from orchestrator.hypervisor.errors import HypervisorError
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.hypervisor.readiness import wait_agent, wait_calm, wait_ready
from orchestrator.observer import observe_bench
from orchestrator.orders import WHICH_START
from orchestrator.proving.devices import provable
from orchestrator.sessions import Session
from orchestrator.together import together
from orchestrator.workshop import solve

SOLVED = "p-solved"
"""The checkpoint of the solved bench."""
_LOOKS = 3
"""How often a bench is looked at while not all of it can be seen: a slow machine is no fault of the lab."""
_REST_S = 10.0
"""How long a bench may take to come to rest, after it was brought back or before another look."""
_AWAKE_S = 180.0
"""How long a machine may take to answer again after a mutant that restarted it or its services."""


Wrong = Callable[[Sequence[Verdict]], Sequence[Verdict]]
"""Which of these verdicts are not as they must be."""


class ProvingBench:
    """A bench of a lab, with what it takes to look at it and to bring it back."""

    def __init__(self, lab: LoadedLab, bench: Bench, golden: Golden, session: Session, hypervisor: Hypervisor) -> None:
        self.lab = lab
        self.bench = bench
        self.golden = golden
        self.session = session
        self.hypervisor = hypervisor
        self.checks = provable(lab)
        self.solved: list[Verdict] = []
        """What every check said of the solved bench."""
        self._point: Kept | None = None

    def solve(self, progress: Progress) -> None:
        """Let the reference solution do all of it. Raises PlaybookError."""
        solve(self.bench, self.lab, session=self.session, uri=self.hypervisor.info().uri, progress=progress)

    def settle(self, point: Kept | None = None, *, seen: Sequence[Verdict] | None = None) -> list[Verdict]:
        """From here on this is what the bench goes back to; what every check says of it. point: taken already. seen:
        what they have just said."""
        if point is not None:
            self._point = point
            self.go_back()
        self.solved = list(seen) if seen is not None else self.see(self.checks, unsolved)[0]
        self._point = point or take_point(
            self.bench, SOLVED, list(self.bench.machines), datetime.now(UTC), hypervisor=self.hypervisor
        )
        return self.solved

    def verdicts(self) -> list[Verdict]:
        """What every check of the lab says of the bench now."""
        return judge(self.checks, self.look([], self.checks))

    def see(self, checks: Sequence[PlannedCheck], wrong: Wrong) -> tuple[list[Verdict], int]:
        """What these checks say of the bench, and how often it took a look.

        Those that are not as they must be are looked at again once the machines rest: what a slow machine has not done
        yet is no fault of the lab.
        """
        found = {one.check: one for one in self._judged(checks)}
        for looks in range(1, _LOOKS):
            again = {one.check for one in wrong(list(found.values()))}
            if not again:
                return list(found.values()), looks
            self.rest()
            found |= {one.check: one for one in self._judged([one for one in checks if one.spec.id in again])}
        return list(found.values()), _LOOKS

    def rest(self) -> None:
        """Wait until no machine is busy, for some seconds at most."""
        domains = [one.domain for one in self.bench.machines.values()]
        wait_calm(self.hypervisor, domains, timeout_s=_REST_S, window_s=1.0)

    def _judged(self, checks: Sequence[PlannedCheck]) -> list[Verdict]:
        seen = observe_bench(self.bench, self.lab, checks, session=self.session, hypervisor=self.hypervisor)
        return judge(checks, seen)

    def look(self, proof: Sequence[PlannedProof], checks: Sequence[PlannedCheck]) -> Observation:
        """What these need to know of the bench; asked again while not all of it can be seen."""
        planned: list[Asks] = [*proof, *checks]
        for _ in range(_LOOKS):
            seen = observe_bench(self.bench, self.lab, planned, session=self.session, hypervisor=self.hypervisor)
            found = [*(one.outcome for one in judge_proof(proof, seen)), *(one.outcome for one in judge(checks, seen))]
            if Outcome.INCONCLUSIVE not in found:
                break
        return seen

    def other(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """The verdicts that are not those of the solved bench."""
        before = {verdict.check: (verdict.outcome, verdict.points) for verdict in self.solved}
        return [one for one in verdicts if before[one.check] != (one.outcome, one.points)]

    def changed(self, verdicts: Sequence[Verdict], affects: Collection[str] = ()) -> list[Text]:
        """The same as sentences, but for the checks that an incident affects."""
        return [said(one) for one in self.other(verdicts) if one.check not in affects]

    def go_back(self) -> None:
        """Bring every machine back to the solved bench, whatever became of it. Raises EpreuveError.

        All of them, also where only one was changed: a member and its controller, a lease and its server belong to one
        moment.
        """
        assert self._point is not None  # noqa: S101 - it was settled
        back = partial(go_back, self.bench, kept=self._point, golden=self.golden, hypervisor=self.hypervisor)
        together(lambda machine: back(machine, paused=False), self.bench.machines)
        self.rest()

    def boot(self, machine: str) -> bytes:
        """Which start of a machine this is. Raises ChannelError."""
        agent = self.hypervisor.agent(self.bench.machines[machine].domain)
        order = WHICH_START[self.lab.lab.machines[machine].family]
        return agent.run(order.argv, stdin=order.stdin, timeout_s=_AWAKE_S).stdout

    def wait(self, machine: str, boot: bytes) -> None:
        """Wait until a machine answers, and until its services do if it was started again since ``boot``.

        Not otherwise: what is ready when the exam starts may be what the solution or a mutant has stopped.
        Raises HypervisorError or ChannelError.
        """
        domain, began = self.bench.machines[machine].domain, monotonic()
        agent = wait_agent(self.hypervisor, domain, timeout_s=_AWAKE_S)
        if self.boot(machine) != boot:
            known, left = self.lab.lab.virtual[machine], _AWAKE_S - (monotonic() - began)
            with suppress(HypervisorError):  # what is ready when the exam starts may never be again
                wait_ready(agent, known.ready, family=known.family, domain=domain, timeout_s=max(1.0, left))


def unsolved(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Those of a solved bench that are not as they must be: every check passes, with all of its points."""
    return [one for one in verdicts if one.outcome is not Outcome.PASS or one.points != one.max_points]


def said(verdict: Verdict) -> Text:
    """A verdict as a line."""
    one = verdict
    return Text(f"{one.check} : {one.outcome} : {one.reason.fr}", f"{one.check}: {one.outcome}: {one.reason.en}")


def fault(error: EpreuveError) -> Text:
    """An error as a line."""
    return Text(f"{error.what.fr} {error.where}".strip(), f"{error.what.en} {error.where}".strip())


@contextmanager
def timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    """Note how long a step took, to the tenth."""
    began = monotonic()
    try:
        yield
    finally:
        seconds[step] = round(monotonic() - began, 1)
