"""A room full of candidates: rehearsals of a one-minute exam (``orchestrator.rehearse``) with 1, 4 and 16 benches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.rehearse import Rehearsal, rehearse
from tests.benchmark.ground import Ground
from tests.benchmark.measure import Goal, Measure

COUNTS = (1, 4, 16)
"""The largest is what the goals speak of; the others show how it grows."""

_MOST = COUNTS[-1]

PREPARE = Measure(
    "room-prepare",
    Text(f"{_MOST} postes de trois machines, tous prêts", f"{_MOST} benches of three machines, all ready"),
    "s",
    goal=Goal(60.0),
)
MEMORY = Measure(
    "room-memory",
    Text(f"mémoire de l'hôte au plus haut, {_MOST} postes", f"peak host memory, {_MOST} benches"),
    "MiB",
    goal=Goal(16384.0),
)
LATE = Measure(
    "room-late",
    Text(f"retard de l'arrêt à la fin, {_MOST} à la fois (p99)", f"lateness of the stop, {_MOST} at once (p99)"),
    "s",
    goal=Goal(1.0),
)
FREEZE = Measure(
    "room-freeze",
    Text(f"{_MOST} postes figés et relevés, depuis la fin", f"{_MOST} benches frozen and observed, from the bell"),
    "s",
)
GROWTH = Measure(
    "room-growth",
    Text(
        f"préparation par poste : {_MOST} postes contre 1 (1 = linéaire)",
        f"preparation per bench: {_MOST} benches against 1 (1 = linear)",
    ),
    "×",
    goal=Goal(1.1),
)

_held: dict[int, dict[int, Rehearsal] | EpreuveError] = {}


def measure(about: Measure, value: Callable[[dict[int, Rehearsal]], float]) -> Callable[[Ground], Measure]:
    """A measure of the rehearsals; they are held once for all of these measures."""

    def taken(ground: Ground) -> Measure:
        done = _rehearsals(ground)
        details = {str(count): one.as_json() for count, one in done.items()}
        return replace(about, samples=(round(value(done), 3),), details=(details,))

    return taken


def _rehearsals(ground: Ground) -> dict[int, Rehearsal]:
    if id(ground) not in _held:
        try:
            _held[id(ground)] = _rehearse(ground)
        except EpreuveError as error:  # not tried again for each of the measures
            _held[id(ground)] = error
    held = _held[id(ground)]
    if isinstance(held, EpreuveError):
        raise held
    return held


def _rehearse(ground: Ground) -> dict[int, Rehearsal]:
    ground.release()
    done = {}
    for count in COUNTS:
        with ground.progress.step(str(Text(f"{count} postes", f"{count} benches"))) as busy:
            done[count] = rehearse(
                count,
                ground.lab,
                ground.golden,
                hypervisor=ground.hypervisor,
                settings=ground.settings,
                progress=busy,
            )
    return done


TAKEN = (
    (PREPARE, measure(PREPARE, lambda done: done[_MOST].prepare_s)),
    (MEMORY, measure(MEMORY, lambda done: float(done[_MOST].memory_peak_mib))),
    (LATE, measure(LATE, lambda done: done[_MOST].late_p99_s)),
    (FREEZE, measure(FREEZE, lambda done: done[_MOST].freeze_s)),
    (GROWTH, measure(GROWTH, lambda done: done[_MOST].prepare_s / _MOST / done[1].prepare_s)),
)
