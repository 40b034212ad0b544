"""One machine of a bench back to the start of the exam."""

from __future__ import annotations

from dataclasses import replace

from labs.text import Text
from orchestrator.workshop import reset_bench_machine
from tests.benchmark.ground import Ground
from tests.benchmark.measure import Goal, Measure

MACHINE = "client"

RESET = Measure(
    "reset", Text("une machine (poste client) remise à zéro", "one machine (the client) reset"), "s", goal=Goal(4.0)
)


def measure_reset(ground: Ground) -> Measure:
    """Seconds until its agent answers, its clock is set and its services answer again; the others run on."""
    bench = ground.bench()
    laps = []
    starts = []
    for number in range(ground.rounds):
        with ground.progress.step(str(Text("remise à zéro {n}", "reset {n}").format(n=number + 1))):
            bench = reset_bench_machine(
                bench, MACHINE, ground.lab, ground.golden, session=ground.session, hypervisor=ground.hypervisor
            )
            laps.append(dict(bench.timings))
            starts.append(bench.machines[MACHINE].start)
            ground.keep(bench)
            ground.calm(bench)
    cold = [start for start in starts if start != "warm"]
    return replace(
        RESET,
        samples=tuple(max(lap.values()) for lap in laps),
        note=Text("{n} fois à froid", "{n} times cold").format(n=len(cold)) if cold else None,
        details=tuple({"laps": lap, "start": start} for lap, start in zip(laps, starts, strict=True)),
    )
