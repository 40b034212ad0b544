"""The ground that measures stand on: one lab, its golden, a session of our own, and benches made and removed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from checkers.checks import CHECKS
from checkers.judge import PlannedCheck, plan
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.bench import Bench, destroy_bench, list_benches
from orchestrator.golden import Golden
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.hypervisor.readiness import wait_calm
from orchestrator.sessions import Session, ensure_session, forget_session
from orchestrator.settings import Settings
from orchestrator.workshop import make_bench, solve

SESSION = "bench-mark"
_CALM_LIMIT_S = 90.0


class Progress(Protocol):
    """Shows the steps of long work."""

    def step(self, title: str) -> AbstractContextManager[Callable[[Text], None]]:
        """A step; gives a function that tells what it is busy with."""
        ...


@dataclass
class Ground:
    """What every measure needs. ``rounds``: how often each thing is measured."""

    lab: LoadedLab
    golden: Golden
    hypervisor: Hypervisor
    settings: Settings
    rounds: int
    progress: Progress
    _bench: Bench | None = None
    _worked: bool = False
    planned: list[PlannedCheck] = field(init=False)
    session: Session = field(init=False)
    work_dir: Path = field(init=False)
    """A place for files, in the session's folder: gone with it."""

    def __post_init__(self) -> None:
        self.planned = plan(self.lab.lab.checks(), CHECKS)
        self.session = ensure_session(self.settings.data_dir, SESSION, self.lab)
        self.work_dir = self.session.folder / "work"
        self.work_dir.mkdir(exist_ok=True)

    def make(self, name: str, golden: Golden | None = None) -> Bench:
        """A new bench, exactly as a candidate gets it."""
        return make_bench(
            self.lab,
            golden or self.golden,
            session=self.session,
            name=name,
            candidate=f"Mesure {name}",
            hypervisor=self.hypervisor,
            settings=self.settings,
        )

    def destroy(self, bench: Bench) -> None:
        """Remove a bench."""
        destroy_bench(self.hypervisor, self.settings.benches_dir, bench.session, bench.name)

    def keep(self, bench: Bench) -> None:
        """This bench serves the measures to come."""
        self._bench, self._worked = bench, False

    def bench(self) -> Bench:
        """The bench that serves several measures: still as a candidate finds it, and at rest."""
        if self._bench is None or self._worked:
            self.release()
            with self.progress.step(str(Text("poste de mesure", "bench to measure on"))):
                self.keep(self.make("a"))
        assert self._bench is not None
        return self.calm(self._bench)

    def worked_bench(self) -> Bench:
        """The same when the reference solution has done all the work, as at the end of an exam."""
        if not self._worked:
            bench = self.bench()
            title = Text("solution de référence sur ce poste", "reference solution on this bench")
            with self.progress.step(str(title)) as busy:
                solve(bench, self.lab, session=self.session, uri=self.hypervisor.info().uri, progress=busy)
            self._worked = True
        assert self._bench is not None
        return self.calm(self._bench)

    def release(self) -> None:
        """Remove that bench, if there is one."""
        if self._bench is not None:
            self.destroy(self._bench)
        self._bench, self._worked = None, False

    def calm(self, bench: Bench) -> Bench:
        """Wait until its machines are at rest (or a minute and a half), so that no measure pays for the one before."""
        wait_calm(self.hypervisor, [machine.domain for machine in bench.machines.values()], timeout_s=_CALM_LIMIT_S)
        return bench


def clear(hypervisor: Hypervisor, settings: Settings) -> None:
    """Remove every bench of ours and the session, those of a killed run included."""
    for bench in list_benches(hypervisor, settings.benches_dir):
        if bench.session == SESSION:
            destroy_bench(hypervisor, settings.benches_dir, bench.session, bench.name)
    shutil.rmtree(settings.benches_dir / SESSION, ignore_errors=True)
    forget_session(settings.data_dir, SESSION)
