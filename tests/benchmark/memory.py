"""Host memory that benches hold."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.bench import Bench
from tests.benchmark.ground import Ground
from tests.benchmark.measure import Measure

COUNT = 4
_MIB = 1 << 20

MEMORY = Measure(
    "memory", Text("mémoire résidente d'un poste remis au candidat", "resident memory of a bench as handed out"), "MiB"
)
WORKED = Measure("memory-worked", Text("la même, le travail fait", "the same, the work done"), "MiB")
TOGETHER = Measure(
    "memory-together",
    Text(f"mémoire de l'hôte par poste, {COUNT} postes en marche", f"host memory per bench, {COUNT} benches running"),
    "MiB",
)


def measure_memory(ground: Ground) -> Measure:
    """MiB resident for the machines of one bench that a candidate has just been given."""
    bench = ground.bench()
    by_machine = _resident(ground, bench)
    return replace(
        MEMORY,
        samples=(sum(by_machine.values()),),
        details=({"by_machine": by_machine, "configured": _configured(ground)},),
    )


def measure_memory_worked(ground: Ground) -> Measure:
    """The same once all the work is done in it."""
    bench = ground.worked_bench()
    by_machine = _resident(ground, bench)
    return replace(
        WORKED,
        samples=(sum(by_machine.values()),),
        details=({"by_machine": by_machine, "configured": _configured(ground)},),
    )


def measure_memory_together(ground: Ground) -> Measure:
    """What the host has less for each of four benches that run at once (the kernel's MemAvailable)."""
    ground.release()
    before = ground.hypervisor.info().free_memory_mib
    benches: list[Bench] = []
    try:
        for number in range(COUNT):
            title = Text("poste {n} sur {t}", "bench {n} of {t}").format(n=number + 1, t=COUNT)
            with ground.progress.step(str(title)):
                benches.append(ground.make(f"m{number + 1}"))
        for bench in benches:
            ground.calm(bench)
        after = ground.hypervisor.info().free_memory_mib
        resident = [sum(_resident(ground, bench).values()) for bench in benches]
    finally:
        for bench in benches:
            with suppress(EpreuveError):
                ground.destroy(bench)
    return replace(
        TOGETHER,
        samples=((before - after) / COUNT,),
        details=(
            {
                "available_before": before,
                "available_after": after,
                "resident_by_bench": resident,
                "seconds_to_make_each": [bench.timings["total"] for bench in benches],
            },
        ),
    )


def _resident(ground: Ground, bench: Bench) -> dict[str, int]:
    return {name: ground.hypervisor.memory_resident(machine.domain) // _MIB for name, machine in bench.machines.items()}


def _configured(ground: Ground) -> dict[str, int]:
    return {name: machine.memory_mib for name, machine in ground.golden.machines.items()}
