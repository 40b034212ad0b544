"""A bench of simulated machines that answer as real ones were recorded, with secrets of their own session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from labs.loader import LoadedLab
from orchestrator.bench import Bench
from orchestrator.catalog import open_lab
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.recorder.target import Target, bench_targets, lab_questions
from orchestrator.sessions import Session, ensure_session
from orchestrator.settings import Settings
from orchestrator.simulation import recordings, replay
from orchestrator.workshop import ensure_lab_golden, make_bench


@dataclass(frozen=True)
class Room:
    """One bench."""

    lab: LoadedLab
    session: Session
    bench: Bench
    hypervisor: FakeHypervisor

    def targets(self, *machines: str) -> Iterator[Target]:
        with bench_targets(
            self.bench,
            self.lab,
            machines,
            session=self.session,
            hypervisor=self.hypervisor,
            more=lab_questions(self.lab),
        ) as found:
            yield from found


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    lab = open_lab("tai-complet")
    session = ensure_session(settings.data_dir, "essai", lab)
    solved = recordings("tai-complet")["a"]
    hypervisor = FakeHypervisor()
    hypervisor.programs = replay(lambda _stamp: solved, lambda _stamp: session.secrets)
    golden = ensure_lab_golden(lab, hypervisor, settings, lambda _text: None)
    bench = make_bench(
        lab,
        golden,
        session=session,
        name="a",
        candidate="a",
        hypervisor=hypervisor,
        settings=settings,
        progress=lambda _text: None,
    )
    return Room(lab, session, bench, hypervisor)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
