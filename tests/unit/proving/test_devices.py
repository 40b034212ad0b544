"""A proof says nothing of checks that look at a physical device, asks nothing of it, and says which those are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from labs.loader import LoadedLab
from orchestrator.bench import Progress
from orchestrator.proving import run as runs
from orchestrator.proving.book import Book, standing
from orchestrator.proving.devices import note_of, provable, unprovable
from orchestrator.proving.proof import lacking
from orchestrator.proving.run import Asked, prove_lab
from orchestrator.settings import Settings
from tests.unit.proving.world import FileLab, Here

_DEVICE = "  ap: { kind: physical, title: Box, family: openwrt, network: lan, secret: admin }\nsecrets:\n"
_CHECK = "      - { id: ap-name, title: The name, check: host-name, points: 2, with: { on: ap, name: ap } }\n"
GOOD = (("wrong-one", "echo bad >one", "one"), ("both", "rm one two", "one, two"))


@pytest.fixture
def files(tmp_path: Path) -> FileLab:
    made = FileLab(tmp_path)
    file = made.folder / "lab.yml"
    text = file.read_text().replace("secrets:\n", _DEVICE) + _CHECK
    file.write_text(
        text.replace("points: 2\n", "points: 4\n", 1).replace("    points: 2\n    checks", "    points: 4\n    checks")
    )
    return made


@contextmanager
def step(_title: str) -> Iterator[Progress]:
    yield lambda _text: None


def test_it_is_proved_without_them(files: FileLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "proving", files.proving)
    lab: LoadedLab = files.mutants(*GOOD)
    book, settings = Book(lab, tmp_path / "proofs", Here()), Settings(data_dir=tmp_path / "data")
    came = prove_lab(Asked(lab.mutants), book, hypervisor=Here(), settings=settings, step=step, tell=lambda _: None)
    assert [one.faults for one in came] == [()] * 4
    assert lacking(book.proof, lab) == []
    assert standing(lab, tmp_path / "proofs").proved
    assert book.proof.solved is not None
    assert book.proof.solved.passed == ("one", "two")


def test_they_are_named(files: FileLab) -> None:
    lab = files.mutants(*GOOD)
    assert [one.spec.id for one in provable(lab)] == ["one", "two"]
    assert unprovable(lab) == ["ap-name"]
    note = note_of(unprovable(lab))
    assert note is not None
    assert "ap-name" in note.fr
    assert note_of([]) is None
