"""``epreuve image prune``: shows, asks, and removes what it showed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestrator.cli import image_prune
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.hypervisor.hosts import Hosts
from orchestrator.pruning import wanted
from orchestrator.pruning.remove import pruning
from orchestrator.settings import Settings
from tests.unit.cli.conftest import CommandLine


@pytest.fixture
def golden(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One that nothing needs."""
    made = line.data / "goldens" / ("a" * 32)
    made.mkdir(parents=True)
    about = {"key": made.name, "lab": "essai", "lab_version": "1.0.0", "networks": [], "machines": {}, "created_at": 0}
    (made / "golden.json").write_text(json.dumps(about))
    monkeypatch.setattr(image_prune, "connect_all", _simulated)
    monkeypatch.setattr(wanted, "catalog", lambda _labs_dir: [])
    return made


@contextmanager
def _simulated(_settings: Settings) -> Iterator[Hosts]:
    yield Hosts.of(FakeHypervisor())


def test_to_look_removes_nothing(line: CommandLine, golden: Path) -> None:
    done = line.type("image", "prune", "--dry-run")
    assert "essai" in done.out
    assert "À supprimer : 1, ce qui libère 0,0 Gio ; 0 gardé(s)." in done.out
    assert golden.exists()


def test_it_asks_and_no_means_no(line: CommandLine, golden: Path) -> None:
    assert "Rien n'a été fait." in line.type("image", "prune", answer="n").err
    assert golden.exists()
    assert "1 sur 1 supprimé(s)." in line.type("image", "prune", answer="o").out
    assert not golden.exists()


def test_without_asking_for_programs(line: CommandLine, golden: Path) -> None:
    (item,) = line.type("image", "prune", "--yes", "--json").json
    assert (item["kind"], item["title"], item["kept"], item["removed"]) == ("golden", "essai", None, True)
    assert not golden.exists()
    assert "Rien à supprimer" in line.type("image", "prune", "--yes").out


def test_beside_another_one_it_is_refused(line: CommandLine, golden: Path) -> None:
    with pruning(Settings(data_dir=line.data), []):
        done = line.type("image", "prune", "--yes")
    assert "Un autre « image prune » est en cours" in done.err
    assert done.code != 0
    assert golden.exists()
