"""The benchmark: which measures there are, in which order they are taken, and what is written down."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from labs.errors import EpreuveError, UsageError
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.settings import Settings
from orchestrator.workshop import ensure_lab_golden
from tests.benchmark import clone, machine, memory, observe, plain, reset, room, vagrant
from tests.benchmark.ground import Ground, Progress, clear
from tests.benchmark.measure import Measure, as_json

LAB = "tai-complet"

TAKEN: tuple[tuple[Measure, Callable[[Ground], Measure]], ...] = (
    (clone.CLONE, clone.measure_clone),
    (memory.MEMORY, memory.measure_memory),
    (observe.OBSERVE_FRESH, observe.measure_observe_fresh),
    (plain.BATCHED, plain.measure_batched),
    (plain.SSH, plain.measure_ssh),
    (plain.PARAMIKO, plain.measure_paramiko),
    (plain.SHARED, plain.measure_shared),
    (reset.RESET, reset.measure_reset),
    (observe.OBSERVE, observe.measure_observe),
    (observe.REJUDGE, observe.measure_rejudge),
    (observe.REJUDGE_COMMAND, observe.measure_rejudge_command),
    (memory.WORKED, memory.measure_memory_worked),
    (memory.TOGETHER, memory.measure_memory_together),
    (clone.COLD, clone.measure_cold),
    (vagrant.VAGRANT, vagrant.measure_vagrant),
    *room.TAKEN,
)
"""What is measured, and how, in the order in which it is done: measures that share a bench stand together."""


@dataclass
class Results:
    """What was measured so far; complete only when ``ended_at`` is set."""

    command: str
    rounds: int
    machine: dict[str, Any] = field(default_factory=dict)
    lab: str = ""
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended_at: datetime | None = None
    measures: list[Measure] = field(default_factory=list)
    loads: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """All of it, every sample included."""
        return {
            "format": 1,
            "command": self.command,
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "ended_at": self.ended_at.isoformat(timespec="seconds") if self.ended_at else None,
            "complete": self.ended_at is not None,
            "lab": self.lab,
            "rounds": self.rounds,
            "machine": self.machine,
            "versions": machine.versions(),
            "measures": [
                {**as_json(measure, self.measures), "load_before": self.loads.get(measure.name)}
                for measure in self.measures
            ],
        }


def chosen(only: Sequence[str]) -> list[str]:
    """The measures asked for, with those they are compared with, in order. None asked for: all.

    :raises UsageError: there is no measure of that name.
    """
    known = {measure.name: measure for measure, _ in TAKEN}
    asked = [name for words in only for name in words.split(",") if name]
    if unknown := sorted(set(asked) - set(known)):
        raise UsageError(
            Text("Mesure inconnue : {n}.", "Unknown measure: {n}.").format(n=", ".join(unknown)),
            do=Text("Les mesures sont : {m}.", "The measures are: {m}.").format(m=", ".join(known)),
        )
    wanted = set(asked or known)
    wanted |= {base for name in wanted if (base := known[name].ratio_to)}
    return [name for name in known if name in wanted]


def run(
    lab: LoadedLab,
    results: Results,
    *,
    names: Sequence[str],
    hypervisor: Hypervisor,
    settings: Settings,
    progress: Progress,
) -> None:
    """Take the measures into ``results``. One that fails is "not measured" and says why; the others go on.

    Whatever happens, no bench, session or file of ours stays (golden and images do: they are the cache).
    """
    clear(hypervisor, settings)
    results.lab = f"{lab.lab.id} {lab.lab.version}"
    try:
        with progress.step(str(Text("modèle des machines", "golden of the machines"))) as busy:
            golden = ensure_lab_golden(lab, hypervisor, settings, busy)
        results.machine = machine.describe(hypervisor)
        ground = Ground(lab, golden, hypervisor, settings, results.rounds, progress)
        for measure, take in TAKEN:
            if measure.name in names:
                results.loads[measure.name] = machine.load()
                with progress.step(f"▸ {measure.name}"):
                    results.measures.append(_taken(measure, take, ground))
        results.ended_at = datetime.now(UTC)
    finally:
        clear(hypervisor, settings)


def _taken(measure: Measure, take: Callable[[Ground], Measure], ground: Ground) -> Measure:
    try:
        return take(ground)
    except EpreuveError as error:
        where = f" ({error.where})" if error.where else ""
        return replace(measure, note=Text(error.what.fr + where, error.what.en + where))
    except (OSError, RuntimeError, TypeError, LookupError, subprocess.SubprocessError) as error:
        why = f"{type(error).__name__}: {error}"
        return replace(measure, note=Text(why, why))
