"""What a lab must show on real machines besides its incidents: its blank bench, its solved bench, its mutants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

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

    looks: how often it took a look. seconds: of each step that was done (``run``, ``look``).
    """

    flips: tuple[Flip, ...]
    faults: tuple[Text, ...]
    looks: int
    seconds: dict[str, float]


def not_blank(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Those of an untouched bench that are not as they must be: what is said to be true passes, nothing else does, and
    everything can be seen."""
    return [one for one in verdicts if one.outcome is not (Outcome.PASS if one.true_at_start else Outcome.FAIL)]


def show_mutant(ground: ProvingBench, mutant: Mutant, *, quick: bool = False) -> Shown:
    """Do to a solved bench what a mutant says, and see what it flips. The bench is to be brought back afterwards.

    quick: look at nothing but what it names (all there is, when it names nothing); proves no “exactly”.
    """
    seconds: dict[str, float] = {}
    checks = [one for one in ground.checks if one.spec.id in mutant.flips] if quick and mutant.flips else ground.checks
    wrong = partial(_wrong, ground, mutant)
    try:
        with timed(seconds, "run"):
            _run(ground, mutant)
        with timed(seconds, "look"):
            verdicts, looks = ground.see(checks, wrong)
    except EpreuveError as error:
        return Shown((), (fault(error),), 0, seconds)
    lost = [one for one in ground.other(verdicts) if one.outcome is Outcome.FAIL]
    flips = [Flip(check=one.check, points=one.points, max_points=one.max_points, reason=one.reason) for one in lost]
    faults = [_missed(one) if one.check in mutant.flips else said(one) for one in wrong(verdicts)]
    return Shown(tuple(flips), tuple(faults), looks, seconds)


def _wrong(ground: ProvingBench, mutant: Mutant, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Those that do not flip though they are named, or are not as on the solved bench though they are not."""
    other = {one.check for one in ground.other(verdicts)}
    flipped = {one.check for one in verdicts if one.check in other and one.outcome is Outcome.FAIL}
    named = set(mutant.flips)
    return [one for one in verdicts if (one.check not in flipped if one.check in named else one.check in other)]


def _missed(verdict: Verdict) -> Text:
    one = verdict
    return Text(f"{one.check} : ne tombe pas : {one.reason.fr}", f"{one.check}: does not flip: {one.reason.en}")


def _run(ground: ProvingBench, mutant: Mutant) -> None:
    """Raises HypervisorError or ChannelError, and EpreuveError when the script said no."""
    agent = ground.hypervisor.agent(ground.bench.machines[mutant.on].domain)
    boot = ground.boot(mutant.on)
    body = mutant.run if ground.lab.lab.machines[mutant.on].family == "windows" else f"set -e\n{mutant.run}"
    done = run_script(agent, body, ground.lab, mutant.on, session=ground.session)
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
