"""Observing a bench and judging all its checks; judging a stored observation again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from checkers.facts import Observation
from checkers.judge import PlannedCheck, judge
from checkers.report.write import observation_json
from labs.files import write_atomic
from labs.text import Text
from orchestrator.bench import Bench
from orchestrator.observer import observe_bench
from tests.benchmark.ground import Ground
from tests.benchmark.measure import Goal, Measure

OBSERVE = Measure(
    "observe",
    Text("relevé et jugement de tous les contrôles, travail fait", "observing and judging all checks, work done"),
    "s",
    goal=Goal(6.0),
)
OBSERVE_FRESH = Measure("observe-fresh", Text("le même relevé, rien n'étant fait", "the same, with nothing done"), "s")
REJUDGE = Measure(
    "rejudge",
    Text("rejugement d'un relevé enregistré, sujet chargé", "judging a stored observation again, lab loaded"),
    "ms",
    goal=Goal(50.0),
)
REJUDGE_COMMAND = Measure(
    "rejudge-command",
    Text("la commande « epreuve judge FICHIER » entière", "the whole command “epreuve judge FILE”"),
    "s",
)

_LEAST_REJUDGED = 20


def measure_observe(ground: Ground) -> Measure:
    """Seconds for every fact and every verdict of a bench on which all the work is done."""
    samples, details = _observations(ground, ground.worked_bench())
    return replace(OBSERVE, samples=samples, details=details)


def measure_observe_fresh(ground: Ground) -> Measure:
    """The same on a bench where nothing is done: there, witnesses wait for answers that do not come."""
    samples, details = _observations(ground, ground.bench())
    return replace(OBSERVE_FRESH, samples=samples, details=details)


def measure_rejudge(ground: Ground) -> Measure:
    """Milliseconds to read a stored observation and judge it, the lab being loaded."""
    path = _stored(ground)
    samples, details = [], []
    for _ in range(max(ground.rounds, _LEAST_REJUDGED)):
        took, judging = rejudge(path, ground.planned)
        samples.append(took * 1000)
        details.append({"judge_ms": round(judging * 1000, 3)})
    return replace(REJUDGE, samples=tuple(samples), details=tuple(details))


def measure_rejudge_command(ground: Ground) -> Measure:
    """Seconds for the whole command ``epreuve judge FILE``: Python's start and reading the lab included."""
    path = _stored(ground)
    samples = []
    for _ in range(ground.rounds):
        began = perf_counter()
        argv = [sys.executable, "-m", "orchestrator", "judge", str(path), "--json"]
        subprocess.run(argv, check=False, capture_output=True, timeout=120)
        samples.append(perf_counter() - began)
    return replace(REJUDGE_COMMAND, samples=tuple(samples))


def rejudge(path: Path, planned: Sequence[PlannedCheck]) -> tuple[float, float]:
    """Read and judge one stored observation: seconds in all, seconds of them for judging."""
    began = perf_counter()
    observation = Observation.model_validate_json(path.read_bytes())
    read = perf_counter()
    judge(planned, observation)
    ended = perf_counter()
    return ended - began, ended - read


def _observations(ground: Ground, bench: Bench) -> tuple[tuple[float, ...], tuple[dict[str, Any], ...]]:
    samples, details = [], []
    for number in range(ground.rounds):
        with ground.progress.step(str(Text("relevé {n}", "observation {n}").format(n=number + 1))):
            ground.calm(bench)
            began = perf_counter()
            observation = observe_bench(
                bench, ground.lab, ground.planned, session=ground.session, hypervisor=ground.hypervisor
            )
            observed = perf_counter()
            verdicts = judge(ground.planned, observation)
            samples.append(perf_counter() - began)
        if all(fact.status == "unseen" for fact in observation.facts if fact.channel != "hypervisor"):
            raise RuntimeError("nothing was seen")
        _keep(ground, observation)
        details.append(
            {
                "observe_s": round(observed - began, 3),
                "facts": len(observation.facts),
                "unseen": [fact.key for fact in observation.facts if fact.status == "unseen"],
                "verdicts": dict(Counter(verdict.outcome.name for verdict in verdicts)),
                "seconds_by_place": _by_place(observation),
                "slowest": _slowest(observation),
            }
        )
    return tuple(samples), tuple(details)


def _by_place(observation: Observation) -> dict[str, float]:
    """Seconds that the commands took, summed for each place (on a wire they run at the same time)."""
    seconds: Counter[str] = Counter()
    for fact in observation.facts:
        if fact.raw is not None:
            seconds[fact.at] += fact.raw.duration_ms
    return {place: round(ms / 1000, 2) for place, ms in sorted(seconds.items())}


def _slowest(observation: Observation) -> dict[str, float]:
    timed = [(fact.raw.duration_ms, fact.key) for fact in observation.facts if fact.raw is not None]
    return {key: round(ms / 1000, 2) for ms, key in sorted(timed, reverse=True)[:6]}


def _keep(ground: Ground, observation: Observation) -> Path:
    path = ground.work_dir / "observation.json"
    write_atomic(path, observation_json(observation), mode=0o600)
    return path


def _stored(ground: Ground) -> Path:
    """A stored observation: the last one measured, else one made now."""
    path = ground.work_dir / "observation.json"
    if path.exists() and json.loads(path.read_text(encoding="utf-8")):
        return path
    bench = ground.bench()
    return _keep(
        ground,
        observe_bench(bench, ground.lab, ground.planned, session=ground.session, hypervisor=ground.hypervisor),
    )
