"""``epreuve lab prove`` says what is proved and what is lacking, and its exit code is 0 only when nothing is."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from orchestrator.cli import lab_prove
from orchestrator.proving import run
from orchestrator.proving.book import read_proof
from tests.unit.cli.conftest import CommandLine, Done
from tests.unit.proving.test_run import GOOD
from tests.unit.proving.world import FileLab, Here


class Line:
    """A command line on which ``lab prove`` proves a lab of files."""

    def __init__(self, root: Path) -> None:
        self.files = FileLab(root)
        self.files.mutants(*GOOD)
        self.data = root / "data"

    def prove(self, *options: str) -> Done:
        return CommandLine(self.data).type("lab", "prove", f"{self.files.folder}/", *options)

    def told(self, *options: str) -> Any:
        return json.loads(self.prove("--json", *options).out)


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    made = Line(tmp_path)
    monkeypatch.setattr(lab_prove, "connect", lambda _settings: nullcontext(Here()))
    monkeypatch.setattr(lab_prove, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setattr(run, "proving", made.files.proving)
    return made


def test_a_lab_that_is_proved(line: Line) -> None:
    done = line.prove()
    assert done.code == 0
    assert "both" in done.out
    assert "one, two" in done.out


def test_a_mutant_that_is_not_seen(line: Line) -> None:
    line.files.mutants(*GOOD, ("unseen", "true", "one"))
    told = line.told()
    assert line.prove().code == 7
    assert not told["proved"]
    assert [one["id"] for one in told["results"] if not one["proved"]] == ["unseen"]
    assert [one["already"] for one in line.told()["results"]] == [True, True, True, False, False]


def test_one_mutant_alone_proves_no_lab_and_is_no_failure(line: Line) -> None:
    assert line.prove("--only", "both").code == 0
    told = line.told("--only", "both")
    assert [(one["id"], one["already"]) for one in told["results"]] == [("both", True)]
    assert not told["proved"]


def test_a_mutant_that_there_is_not(line: Line) -> None:
    done = line.prove("--only", "wrong-on")
    assert done.code == 2
    assert "vouliez-vous dire « wrong-one »" in done.err


def test_only_a_whole_proof_is_published(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "shipped" / "small-lab.json"
    line.prove("--only", "both", "--publish")
    assert not file.exists()
    line.prove("--publish")
    proof = read_proof(file)
    assert proof is not None
    assert proof.whole
