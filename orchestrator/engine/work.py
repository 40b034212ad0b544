"""What a step of the engine works with, and what it leaves to be written down."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.bench import Bench, BenchError
from orchestrator.engine.actual import Actual
from orchestrator.engine.desk import Open
from orchestrator.engine.incident_book import Entry
from orchestrator.engine.judging import Made
from orchestrator.engine.lab import candidate_lab, session_lab
from orchestrator.engine.points import Kept
from orchestrator.exam import Sitting
from orchestrator.exam.commands import Command
from orchestrator.golden import Golden
from orchestrator.hypervisor.hosts import Hosts
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.sessions import Session, ensure_session
from orchestrator.settings import Settings
from orchestrator.workshop import ensure_lab_golden


@dataclass
class Ground:
    """What steps work with: the hosts, and the golden and secrets of each session."""

    hosts: Hosts
    settings: Settings
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _goldens: dict[str, Golden] = field(default_factory=dict)

    def golden(self, opened: Open) -> Golden:
        """The golden of a session's lab, made when it is not there."""
        lab = session_lab(opened.stored)
        with self._lock:
            golden = self._goldens.get(lab.hash)
            if golden is None:
                golden = self._goldens[lab.hash] = ensure_lab_golden(lab, self.hosts.first(), self.settings)
        return golden

    def session(self, opened: Open) -> Session:
        """The secrets of a session, drawn when they are first asked for."""
        lab = session_lab(opened.stored)
        with self._lock:
            return ensure_session(self.settings.data_dir, opened.exam.slug, lab)


@dataclass
class Work:
    """A bench to take a step for, as it was found."""

    ground: Ground
    opened: Open
    sitting: Sitting
    actual: Actual
    host: str
    """Where the bench should be, or after the bell, is."""
    points: Sequence[str] = ()
    """Its points, the oldest first."""
    missing_since: datetime | None = None
    """Exam time at which a machine was first found lost."""

    @property
    def hypervisor(self) -> Hypervisor:
        """That of its host. Raises DaemonError when that is down."""
        return self.ground.hosts.get(self.host)

    def others(self) -> dict[str, Hypervisor]:
        """The other hosts that answer, but for those that were given up."""
        up = self.ground.hosts.up()
        return {name: it for name, it in up.items() if name != self.host and name not in self.sitting.given_up}

    @property
    def lab(self) -> LoadedLab:
        """The candidate's lab, as it was when the session was made. Raises EpreuveError when it has changed."""
        return candidate_lab(self.opened, self.sitting.id)

    @property
    def slug(self) -> str:
        return self.opened.exam.slug

    @cached_property
    def bench(self) -> Bench:
        """The bench itself. Raises BenchError when it is not there."""
        if self.actual.bench is None:
            raise BenchError(Text("Ce poste n'est pas là.", "This bench is not there."), where=self.label)
        return self.actual.bench

    @property
    def label(self) -> str:
        return f"{self.slug}/{self.sitting.id}"


@dataclass(frozen=True)
class Outcome:
    """What a step leaves to be written down: reports for the exam, and a point that was taken."""

    reports: tuple[Command, ...] = ()
    point: Kept | None = None
    removed: tuple[str, ...] = ()
    """Points that are no more."""
    judgement: Made | None = None
    """What was found in the work that is frozen now."""
    done: Path | None = None
    """A file that is of no use any more once all this is written down."""
    entry: tuple[str, Entry] | None = None
    """What is to be written into the book of incidents, and what kind of entry that is."""
