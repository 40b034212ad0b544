"""Trying a lab at a bench of one's own: its verdicts again and again, while one works in the machines and on the lab.

The bench is like a candidate's. It examines nobody: no session of the store, no journal; ended, nothing of it stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic

from checkers.checks import CHECKS
from checkers.facts import Observation
from checkers.judge import PlannedCheck, judge, plan
from checkers.verdict import Verdict
from labs.errors import UsageError
from labs.folder import lab_hash
from labs.loader import LoadedLab
from labs.problems import one_of
from labs.secrets import draw
from labs.text import Text
from labs.values import VariantError
from orchestrator.bench import Bench, destroy_bench, list_benches, load_bench
from orchestrator.catalog import open_lab
from orchestrator.devices.known import known_devices
from orchestrator.devices.nets import bench_devices
from orchestrator.devices.reach import NOT_SAID, Devices
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.observer import observe_bench
from orchestrator.sessions import Session, ensure_session, forget_session, load_session
from orchestrator.settings import Settings
from orchestrator.workshop import Progress, ensure_lab_golden, key_of_golden, make_bench, solve

BENCH = "a"


def session_of(lab: LoadedLab) -> str:
    """The session of a lab's trial: one for each folder. No exam has such a name: theirs begin with a letter."""
    folder = hashlib.sha256(str(lab.folder.resolve()).encode()).hexdigest()
    return f"0-essai-{folder[:8]}"  # names of benches are short


@dataclass(frozen=True)
class Look:
    """What the checks said of the bench at one moment.

    was: what each said at the look before, where it said something else. seconds: how long looking took.
    """

    verdicts: tuple[Verdict, ...]
    was: Mapping[str, Verdict]
    seconds: float


class Trial:
    """A bench to try a lab at, and the lab as its author has it by now."""

    def __init__(
        self, lab: LoadedLab, bench: Bench, session: Session, hypervisor: Hypervisor, settings: Settings
    ) -> None:
        self.lab = lab
        self.bench = bench
        self.session = session
        self.devices: Devices = known_devices(session.folder)
        """The real ones whose place is known."""
        self._hypervisor = hypervisor
        self._settings = settings
        self._before: dict[str, Verdict] = {}

    def changed(self) -> bool:
        """Whether the lab's files are others than those that were read."""
        return lab_hash(self.lab.folder) != self.lab.hash

    def read_again(self) -> None:
        """Go on with the lab as it is now; its machines, and their values of its variants, stay as they were made.

        Raises LabError when it has faults.
        """
        self.lab = open_lab(str(self.lab.folder))
        with suppress(VariantError):  # then it is outdated
            self.lab = self.lab.variant(self.bench.variants)

    def outdated(self) -> bool:
        """Whether the bench would be made differently by now: other machines, set-up, secrets or variants."""
        secrets = set(draw(self.lab.lab.secrets))
        wanted = key_of_golden(self.lab, self._hypervisor, self._settings)
        same = (wanted, secrets, self.lab.values) == (
            self.bench.golden_key,
            set(self.session.secrets),
            self.bench.variants,
        )
        return not same

    def look(self, only: Collection[str] = ()) -> Look:
        """Observe the bench and judge. only: ids of tasks and checks; else all. Raises UsageError for an unknown id."""
        began = monotonic()
        planned = chosen(plan(self.lab.lab.checks(), CHECKS), only)
        seen = self._seen(planned)
        verdicts = tuple(judge(planned, seen))
        was = {
            one.check: before
            for one in verdicts
            if (before := self._before.get(one.check)) is not None
            and (before.outcome, before.points) != (one.outcome, one.points)
        }
        self._before.update((one.check, one) for one in verdicts)
        return Look(verdicts, was, monotonic() - began)

    def _seen(self, planned: Sequence[PlannedCheck]) -> Observation:
        bench, lab, session, hypervisor = self.bench, self.lab, self.session, self._hypervisor
        radio = self._settings.radio
        with bench_devices(lab.lab, self.devices, session, bench, hypervisor, radio, unplaced=NOT_SAID) as reached:
            return observe_bench(
                bench, lab, planned, session=session, hypervisor=hypervisor, devices=reached.places, patient=False
            )

    def solve(self, tasks: tuple[str, ...], progress: Progress) -> None:
        """Let the reference solution do all, or some tasks. Raises PlaybookError, UsageError."""
        uri = self._hypervisor.info().uri
        solve(self.bench, self.lab, session=self.session, uri=uri, tasks=tasks, progress=progress)


def chosen(planned: list[PlannedCheck], only: Collection[str]) -> list[PlannedCheck]:
    """The checks of these tasks and of these ids; all when none is named. Raises UsageError for an unknown one."""
    if not only:
        return planned
    known = {one.task.id for one in planned} | {one.spec.id for one in planned}
    for name in only:
        if name not in known:
            raise UsageError(
                Text("Ni tâche ni contrôle de ce nom dans le sujet.", "The lab has no task and no check of this name."),
                where=name,
                do=one_of(known, name),
            )
    return [one for one in planned if one.task.id in only or one.spec.id in only]


@contextmanager
def trial(
    lab: LoadedLab, *, hypervisor: Hypervisor, settings: Settings, keep: bool, progress: Progress
) -> Iterator[Trial]:
    """A bench to try a lab at, for the time of a ``with`` block: the one that was kept, or a new one.

    keep: leave it there at the end, for the next time. Raises EpreuveError when it cannot be made.
    """
    name = session_of(lab)
    golden = ensure_lab_golden(lab, hypervisor, settings, progress)
    bench = load_bench(settings.benches_dir, name, BENCH)
    if bench is None or (bench.golden_key, bench.variants, bench.state) != (golden.key, lab.values, "ready"):
        end(lab, hypervisor, settings)
        bench = None
    try:
        session = (
            ensure_session(settings.data_dir, name, lab) if bench is None else load_session(settings.data_dir, name)
        )
        if bench is None:
            bench = make_bench(
                lab,
                golden,
                session=session,
                name=BENCH,
                candidate="",
                hypervisor=hypervisor,
                settings=settings,
                progress=progress,
            )
        yield Trial(lab, bench, session, hypervisor, settings)
    finally:
        if not keep:
            end(lab, hypervisor, settings)


def end(lab: LoadedLab, hypervisor: Hypervisor, settings: Settings) -> None:
    """Remove a lab's bench and what was drawn for it. There is none: nothing to do."""
    name = session_of(lab)
    for bench in list_benches(hypervisor, settings.benches_dir):
        if bench.session == name:
            destroy_bench(hypervisor, settings.benches_dir, bench.session, bench.name)
    forget_session(settings.data_dir, name)
