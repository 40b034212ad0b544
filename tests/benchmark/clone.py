"""A bench of three machines: cloned warm from its golden, and the same three booted cold."""

from __future__ import annotations

from dataclasses import replace

from labs.text import Text
from orchestrator.bench import Bench
from tests.benchmark.ground import Ground
from tests.benchmark.measure import Goal, Measure

CLONE = Measure(
    "clone",
    Text("poste de trois machines cloné du modèle, services compris", "bench of three cloned, services answering"),
    "s",
    goal=Goal(5.0, accepted=10.0),
)
COLD = Measure(
    "cold",
    Text("les trois mêmes démarrées à froid", "the same three booted cold"),
    "s",
    goal=Goal(15.0),
    ratio_to="clone",
)

_COLD = Text("démarrage à froid demandé par la mesure", "cold boot asked for by the benchmark")


def measure_clone(ground: Ground) -> Measure:
    """Seconds until every agent answers, every clock is set, the session's secrets are in and the services answer."""
    benches: list[Bench] = []
    for number in range(ground.rounds):
        ground.release()
        with ground.progress.step(str(Text("clone {n}", "clone {n}").format(n=number + 1))):
            benches.append(ground.make("a"))
            ground.keep(benches[-1])
    return replace(
        CLONE,
        samples=tuple(bench.timings["total"] for bench in benches),
        note=_not_all(benches, "warm"),
        details=tuple(_detail(bench) for bench in benches),
    )


def measure_cold(ground: Ground) -> Measure:
    """The same three, to the same point, from the same disks, but booted."""
    ground.release()
    golden = ground.golden.model_copy(update={"cold_reason": _COLD})
    benches: list[Bench] = []
    for number in range(ground.rounds):
        with ground.progress.step(str(Text("démarrage à froid {n}", "cold boot {n}").format(n=number + 1))):
            bench = ground.make("froid", golden)
            ground.destroy(bench)
            benches.append(bench)
    return replace(
        COLD,
        samples=tuple(bench.timings["total"] for bench in benches),
        note=_not_all(benches, "cold"),
        details=tuple(_detail(bench) for bench in benches),
    )


def _not_all(benches: list[Bench], start: str) -> Text | None:
    """A remark when a machine did not start the way that is measured."""
    others = [
        f"{machine.name} ({machine.start}{': ' + machine.reason.en if machine.reason else ''})"
        for bench in benches
        for machine in bench.machines.values()
        if machine.start != start
    ]
    if not others:
        return None
    return Text("des machines ont démarré autrement : {o}", "machines started otherwise: {o}").format(
        o=", ".join(sorted(set(others)))
    )


def _detail(bench: Bench) -> dict[str, object]:
    return {
        "laps": dict(bench.timings),
        "start": {machine.name: machine.start for machine in bench.machines.values()},
    }
