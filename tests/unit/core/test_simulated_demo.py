"""The simulated demonstration: the whole way from the lab to the reports, without a machine, and always said so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from checkers.checks import CHECKS
from checkers.judge import plan, questions
from orchestrator.catalog import open_lab
from orchestrator.demo import DONE_BY_B
from orchestrator.simulation import recordings

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path, Path]:
    folder = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [sys.executable, "-m", "orchestrator", "demo", "--simulated", "--out", str(folder / "out")],
        cwd=ROOT,
        env={**os.environ, "EPREUVE_DATA": str(folder / "data")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done, folder / "out", folder / "data"


def test_it_says_simulated_on_every_line(demo: tuple[subprocess.CompletedProcess[str], Path, Path]) -> None:
    done = demo[0]
    assert done.returncode == 0, done.stderr
    lines = (done.stdout + done.stderr).splitlines()
    assert [line for line in lines if "[simulé]" not in line] == []


def test_candidate_a_has_everything_and_b_what_was_done(
    demo: tuple[subprocess.CompletedProcess[str], Path, Path],
) -> None:
    session = json.loads((demo[1] / "session.json").read_text(encoding="utf-8"))
    a, b = session["candidates"]
    assert {check["verdict"] for check in a["checks"]} == {"PASS"}
    assert a["points"] == a["max_points"] == 100
    passed = {check["task"] for check in b["checks"] if check["verdict"] == "PASS"}
    assert set(DONE_BY_B) <= passed
    assert {check["verdict"] for check in b["checks"]} == {"PASS", "FAIL"}


def test_every_file_says_simulated(demo: tuple[subprocess.CompletedProcess[str], Path, Path]) -> None:
    files = [path for path in demo[1].rglob("*") if path.is_file()]
    assert len(files) == 10
    assert [path.name for path in files if "simul" not in path.read_text(encoding="utf-8").lower()] == []


def test_it_leaves_no_bench_and_no_session(demo: tuple[subprocess.CompletedProcess[str], Path, Path]) -> None:
    left = [path for path in demo[2].rglob("*") if path.is_file() and {"benches", "sessions"} & set(path.parts)]
    assert [path for path in left if not path.name.startswith(".")] == []


def test_the_recordings_answer_every_question_of_the_lab() -> None:
    lab = open_lab("tai-complet")
    asked = {question.key for question in questions(plan(lab.lab.checks(), CHECKS))}
    for name, observation in recordings(lab.lab.id).items():
        missing = asked - {fact.key for fact in observation.facts if fact.raw is not None}
        assert missing == set(), f"record {name} again: epreuve demo --record"
