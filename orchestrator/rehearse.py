"""A rehearsal without candidates: N benches through a whole short exam, by the engine that runs the real ones.

What it tells: whether N candidates can really sit here, how long preparing takes, how late the bell rings when it rings
for all at once, how long until everything is frozen and observed, and the memory that all this takes at its peak.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from labs.errors import EpreuveError
from labs.loader import LoadedLab
from labs.text import Text, tr
from orchestrator.bench import destroy_bench, list_benches
from orchestrator.capacity import Room, require_room_for, room_for
from orchestrator.engine.desk import Desk
from orchestrator.engine.loop import Engine
from orchestrator.engine.opening import HOST_REHEARSAL, Enrolment, open_session
from orchestrator.engine.work import Ground
from orchestrator.exam import Exam, Phase
from orchestrator.exam import commands as order
from orchestrator.golden import Golden
from orchestrator.hypervisor.hosts import Hosts
from orchestrator.hypervisor.port import DomainState, Hypervisor
from orchestrator.sessions import forget_session
from orchestrator.settings import Settings
from orchestrator.store import journal, open_store
from orchestrator.store.exams import StoredCandidate

SLUG = "repetition"
_WHO = "epreuve"
_MINUTES = 1
"""Of the practical: the shortest there is."""
_PATIENCE_S = 60.0
"""How long each bench may take for each part before the rehearsal is given up."""

Progress = Callable[[Text], None]


@dataclass
class Rehearsal:
    """What was measured. Times in seconds, memory in MiB. ``room``: what fits through a whole exam, with checkpoints
    and work on the disks. ``late_s``: bell to machines stopped, by candidate."""

    benches: int
    room: Room
    prepare_s: float = 0.0
    start_s: float = 0.0
    freeze_s: float = 0.0
    late_s: list[float] = field(default_factory=list)
    memory_peak_mib: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def late_p99_s(self) -> float:
        """The lateness that 99 of 100 candidates stay below; with few candidates, the worst."""
        ordered = sorted(self.late_s)
        return ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))] if ordered else 0.0

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {**asdict(self), "fits": self.room.fits, "late_p99_s": self.late_p99_s}


def rehearse(
    count: int,
    lab: LoadedLab,
    golden: Golden,
    *,
    hypervisor: Hypervisor,
    settings: Settings,
    progress: Progress | None = None,
) -> Rehearsal:
    """Hold it. Nothing is left of it, not even when it fails.

    :raises CapacityError: so many benches do not fit; nothing was made.
    :raises EpreuveError: a part took longer than any exam could bear.
    """
    say = progress or (lambda _text: None)
    clear(hypervisor, settings)
    room = room_for(hypervisor, settings.benches_dir, golden.need(), count)
    # Itself it writes less: no checkpoint falls into it, and nobody works.
    require_room_for(room_for(hypervisor, settings.benches_dir, golden.need(), count, points=1, worked_mib=64))
    figures = Rehearsal(count, room)
    database = settings.data_dir / "rehearsal" / "epreuve.db"
    try:
        with open_store(database) as store:
            run = _Run(Desk(store), hypervisor, settings, count, figures)
            try:
                run.hold(lab, say)
            finally:
                run.engine.end(say=False)  # nothing of it is under way when it is cleared
    finally:
        clear(hypervisor, settings)
    return figures


def clear(hypervisor: Hypervisor, settings: Settings) -> None:
    """Remove what a rehearsal left. Idempotent."""
    for bench in list_benches(hypervisor, settings.benches_dir):
        if bench.session == SLUG:
            destroy_bench(hypervisor, settings.benches_dir, bench.session, bench.name)
    forget_session(settings.data_dir, SLUG)
    folder = settings.data_dir / "rehearsal"
    for file in folder.glob("epreuve.db*"):
        file.unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()


class _Run:
    def __init__(self, desk: Desk, hypervisor: Hypervisor, settings: Settings, count: int, figures: Rehearsal) -> None:
        self.desk = desk
        self.hypervisor = hypervisor
        self.engine = Engine(Ground(Hosts.of(hypervisor), settings), desk)
        self.count = count
        self.figures = figures
        self.free_at_first = available_mib()

    def create(self, lab: LoadedLab) -> None:
        names = [f"c{number:02d}" for number in range(1, self.count + 1)]
        machines = tuple(lab.lab.virtual)
        phases = (Phase(kind="practical", title=tr("répétition", "rehearsal"), minutes=_MINUTES, machines=machines),)
        people = [StoredCandidate(id=name, surname=name, first_name=name, number=name) for name in names]
        open_session(
            self.desk,
            SLUG,
            lab,
            [Enrolment(person) for person in people],
            format_id=HOST_REHEARSAL,
            phases=phases,
            who=_WHO,
            simulated=self.hypervisor.info().simulated,
        )

    def hold(self, lab: LoadedLab, say: Progress) -> None:
        self.create(lab)
        say(Text("Fabrication des postes", "Making the benches"))
        self.figures.prepare_s = self.until(order.Prepare(who=_WHO), lambda exam: exam.state == "prepared")
        say(Text("Démarrage", "Starting"))
        self.figures.start_s = self.until(order.Start(who=_WHO), lambda _exam: self.all_are(DomainState.RUNNING))
        say(Text("Attente de la fin de l'épreuve", "Waiting for the bell"))
        self.until(None, lambda exam: all(one.state in ("ended", "frozen") for one in exam.candidates.values()))
        say(Text("Gel et relevé des postes", "Freezing and observing"))
        self.figures.freeze_s = self.until(None, lambda exam: exam.state == "frozen")
        self.report()

    def until(self, asked: order.Command | None, done: Callable[[Exam], bool]) -> float:
        """Give an order and run the engine until something is so; the seconds that it took."""
        began = monotonic()
        if asked is not None:
            self.desk.do(SLUG, asked)
        limit = began + 60 * _MINUTES + _PATIENCE_S * (1 + self.count)
        while True:
            pause = self.engine.run_pass()
            exam = self.desk.open(SLUG).exam
            self._look(exam)
            if done(exam):
                return round(monotonic() - began, 3)
            if monotonic() > limit:
                raise EpreuveError(
                    Text("La répétition n'avance plus.", "The rehearsal does not get on."),
                    where="; ".join(self.figures.failures[:3]),
                    do=Text("Essayez avec moins de postes.", "Try with fewer benches."),
                )
            self.hypervisor.wait(pause)

    def all_are(self, state: DomainState) -> bool:
        ours = [view for view in self.hypervisor.domains() if view.stamp.session == SLUG]
        return bool(ours) and all(view.state is state for view in ours)

    def report(self) -> None:
        with self.desk.store.read() as tx:
            entries = journal.entries(tx, SLUG)
        self.figures.late_s = [entry.data["late_s"] for entry in entries if entry.kind == "bell-rung"]

    def _look(self, exam: Exam) -> None:
        self.figures.memory_peak_mib = max(self.figures.memory_peak_mib, self.free_at_first - available_mib())
        for sitting in exam.candidates.values():
            failure = f"{sitting.id}: {sitting.failure}"
            if sitting.failure is not None and failure not in self.figures.failures:
                self.figures.failures.append(failure)


def available_mib() -> int:
    """Memory that the host could still give away (``MemAvailable``)."""
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) >> 10
    return 0
