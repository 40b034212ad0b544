"""What a lab must show on real machines besides its incidents: its blank bench, its solved bench, its mutants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checkers.channel import ChannelError
from checkers.verdict import Outcome, Verdict
from labs.errors import EpreuveError
from labs.mutant import Mutant
from labs.text import Text
from orchestrator.proving.ground import ProvingBench, fault, said, timed
from orchestrator.proving.proof import Flip
from orchestrator.scripts import LIMIT_S, run_script
from orchestrator.scripts import said as script_said


@dataclass(frozen=True)
class Shown:
    """What came of one mutant. ``faults``: what was not as it must be, empty when it is proved.

    seconds: of each step that was done (``run``, ``look``).
    """

    flips: tuple[Flip, ...]
    faults: tuple[Text, ...]
    seconds: dict[str, float]


def blank_faults(verdicts: Sequence[Verdict]) -> list[Text]:
    """What is wrong with an untouched bench of which these are the verdicts: only what is said to be true passes."""
    wrong = [one for one in verdicts if (one.outcome is Outcome.PASS) is not one.true_at_start]
    unseen = [one for one in verdicts if one.outcome is Outcome.INCONCLUSIVE and one not in wrong]
    return [said(one) for one in (*wrong, *unseen)]


def solved_faults(verdicts: Sequence[Verdict]) -> list[Text]:
    """What is wrong with a solved bench of which these are the verdicts: every check passes, with all of its points."""
    return [said(one) for one in verdicts if one.outcome is not Outcome.PASS or one.points != one.max_points]


def show_mutant(ground: ProvingBench, mutant: Mutant, *, quick: bool = False) -> Shown:
    """Do to a solved bench what a mutant says, and see what it flips. The bench is to be brought back afterwards.

    quick: look at nothing but what it names (all there is, when it names nothing); proves no “exactly”.
    """
    seconds: dict[str, float] = {}
    checks = [one for one in ground.checks if one.spec.id in mutant.flips] if quick and mutant.flips else ground.checks
    try:
        with timed(seconds, "run"):
            _run(ground, mutant)
        with timed(seconds, "look"):
            other = ground.other(ground.verdicts(checks))
    except EpreuveError as error:
        return Shown((), (fault(error),), seconds)
    lost = [one for one in other if one.outcome is Outcome.FAIL]
    flips = [Flip(check=one.check, points=one.points, max_points=one.max_points, reason=one.reason) for one in lost]
    return Shown(tuple(flips), tuple(_faults(mutant, other)), seconds)


def _faults(mutant: Mutant, other: Sequence[Verdict]) -> list[Text]:
    flipped = {one.check for one in other if one.outcome is Outcome.FAIL}
    faults = [said(one) for one in other if one.check not in mutant.flips or one.check not in flipped]
    seen = {one.check for one in other}
    return faults + [
        Text(f"{name} : ne tombe pas", f"{name}: does not flip") for name in mutant.flips if name not in seen
    ]


def _run(ground: ProvingBench, mutant: Mutant) -> None:
    """Raises HypervisorError or ChannelError, and EpreuveError when the script said no."""
    agent = ground.hypervisor.agent(ground.bench.machines[mutant.on].domain)
    boot = ground.boot(mutant.on)
    done = run_script(agent, f"set -e\n{mutant.run}", ground.lab, session=ground.session)
    if done.timed_out:
        raise ChannelError(
            Text(f"Le script dure plus de {LIMIT_S:.0f} s.", f"The script takes more than {LIMIT_S:.0f} s."),
            where=mutant.on,
        )
    if done.exit_code != 0:
        raise EpreuveError(
            Text("Le script n'a pas abouti.", "The script did not succeed."),
            where=f"{mutant.on}: {script_said(done)}",
        )
    ground.wait(mutant.on, boot)
