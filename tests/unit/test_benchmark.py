"""The benchmark tells what it measured and nothing else, and leaves nothing behind. Its timings are never asserted."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from labs.errors import EpreuveError, UsageError
from labs.text import Text
from orchestrator.catalog import open_lab
from orchestrator.cli import benchmark as cli
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.settings import Settings
from tests.benchmark import plain, plain_questions, run, table
from tests.benchmark.clone import CLONE, COLD, measure_clone
from tests.benchmark.ground import SESSION, Ground
from tests.benchmark.measure import Goal, Measure, as_json, outcome, ratio, spread

TITLE = Text("titre", "title")
BASE = Measure("base", TITLE, "s", (2.0, 4.0, 3.0), Goal(5.0, accepted=10.0))
OTHER = Measure("other", TITLE, "s", (30.0, 60.0, 45.0), Goal(15.0), ratio_to="base")
UNMEASURED = Measure("none", TITLE, "s", goal=Goal(25.0), ratio_to="base", note=Text("absent", "missing"))


@pytest.fixture(autouse=True)
def _french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EPREUVE_LANG", raising=False)


# --- figures
@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_a_median_lies_within_its_spread(samples: list[float]) -> None:
    found = spread(samples)
    assert found is not None
    assert found.low == min(samples) <= found.median <= max(samples) == found.high
    assert found.count == len(samples)


def test_no_samples_have_no_spread() -> None:
    assert spread(()) is None
    assert not UNMEASURED.measured


def test_a_ratio_is_of_medians() -> None:
    assert ratio(OTHER, [BASE, OTHER]) == 15.0


@pytest.mark.parametrize(
    ("measure", "others"),
    [
        (BASE, [BASE]),
        (OTHER, [OTHER]),
        (OTHER, [replace(BASE, samples=()), OTHER]),
        (OTHER, [replace(BASE, samples=(0.0,)), OTHER]),
        (UNMEASURED, [BASE]),
    ],
    ids=["compared with nothing", "base not taken", "base not measured", "base is zero", "itself not measured"],
)
def test_a_ratio_needs_both_figures(measure: Measure, others: list[Measure]) -> None:
    assert ratio(measure, others) is None


@pytest.mark.parametrize(
    ("sample", "expected"), [(5.0, "met"), (5.1, "accepted"), (10.0, "accepted"), (10.1, "missed")]
)
def test_a_time_is_judged_by_its_median(sample: float, expected: str) -> None:
    assert outcome(replace(BASE, samples=(sample, 0.0, 99.0)), []) == expected


@pytest.mark.parametrize(("sample", "expected"), [(45.0, "met"), (44.9, "missed")])
def test_a_comparison_is_judged_by_its_ratio(sample: float, expected: str) -> None:
    assert outcome(replace(OTHER, samples=(sample,)), [BASE]) == expected


@pytest.mark.parametrize("measure", [UNMEASURED, OTHER, replace(BASE, goal=None)])
def test_without_figures_or_goal_nothing_is_judged(measure: Measure) -> None:
    assert outcome(measure, []) is None


# --- what is written down
def test_json_keeps_every_sample() -> None:
    written = json.loads(json.dumps(as_json(OTHER, [BASE, OTHER])))
    assert written["samples"] == [30, 60, 45]
    assert (written["median"], written["min"], written["max"]) == (45, 30, 60)
    assert (written["ratio"], written["ratio_to"], written["outcome"]) == (15, "base", "met")


def test_json_says_why_something_was_not_measured() -> None:
    written = as_json(UNMEASURED, [BASE])
    assert written["measured"] is False
    assert written["note"] == {"fr": "absent", "en": "missing"}
    assert written["median"] is written["ratio"] is written["outcome"] is None


def test_the_table_has_a_cell_for_each_column() -> None:
    rows = table.rows([BASE, OTHER, UNMEASURED])
    assert {len(row) for row in rows} == {len(table.columns())}
    assert rows[0][1:] == ("3 s", "2 … 4 (3)", "≤ 5 s (10 accepté)", "", "atteint")
    assert rows[1][1:] == ("45 s", "30 … 60 (3)", "≥ 15 × base", "15 × base", "atteint")
    assert rows[2][1:] == ("non mesuré", "", "≥ 25 × base", "", "")
    assert table.notes([BASE, UNMEASURED]) == [("none", "absent")]


def test_figures_are_spelled_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [table.number(value) for value in (0.0421, 3.14159, 1536.4)] == ["0,0421", "3,14", "1536"]
    monkeypatch.setenv("EPREUVE_LANG", "en")
    assert table.number(3.14159) == "3.14"
    assert table.rows([UNMEASURED])[0][1] == "not measured"


# --- which measures
def test_all_measures_are_taken_unless_some_are_named() -> None:
    names = run.chosen(())
    assert names == [measure.name for measure, _ in run.TAKEN]
    assert len(set(names)) == len(names)


def test_what_a_measure_is_compared_with_is_taken_with_it_and_before() -> None:
    assert run.chosen(["vagrant,testinfra-ssh"]) == ["clone", "batched", "testinfra-ssh", "vagrant"]
    order = run.chosen(())
    assert all(order.index(m.ratio_to) < order.index(m.name) for m, _ in run.TAKEN if m.ratio_to)


def test_an_unknown_measure_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        run.chosen(["clone", "clonne"])
    assert "clonne" in caught.value.what.fr
    assert caught.value.do is not None
    assert "clone" in caught.value.do.fr


# --- the plain tests
def test_every_plain_test_has_its_questions() -> None:
    source = Path(plain.__file__).with_name("plain_testinfra.py").read_text(encoding="utf-8")
    functions = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    assert sorted(plain_questions.PROBES) == sorted(name for name in functions if name.startswith("test_"))


def test_there_are_as_many_plain_tests_as_is_said(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    tests = Path(plain.__file__).with_name("plain_testinfra.py")
    argv = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-c"]
    argv += [str(tmp_path / "pytest.ini"), "--rootdir", str(tmp_path), "--hosts=local://", str(tests)]
    listed = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)
    assert listed.stdout.count("::test_") == 40, listed.stdout + listed.stderr
    assert plain.SSH.title.fr.startswith("40 ")


def test_a_report_of_pytest_is_read() -> None:
    xml = (
        '<testsuites><testsuite name="pytest" errors="0" failures="1" tests="2" time="12.5">'
        '<testcase name="test_a" time="1"/><testcase name="test_b[x]" time="2"><failure message="no"/></testcase>'
        "</testsuite></testsuites>"
    )
    found = plain.read_report(xml, 14.0, 54)
    assert (found.seconds, found.wall, found.tests, found.failed, found.commands) == (12.5, 14.0, 2, ("test_b[x]",), 54)


# --- a run, on the hypervisor that only pretends
class Silent:
    """Shows nothing."""

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[Text], None]]:
        yield lambda _text: None


@dataclass(frozen=True)
class StandIn:
    """An image of which only the files are real."""

    key: str
    disk: Path
    kernel: Path
    initrd: Path
    cmdline: str = ""


def simulated_run(
    data: Path, monkeypatch: pytest.MonkeyPatch, *taken: tuple[Measure, Callable[[Ground], Measure]]
) -> tuple[FakeHypervisor, run.Results]:
    monkeypatch.setattr(run, "TAKEN", taken)
    hypervisor, results = FakeHypervisor(), run.Results(command="x", rounds=2)
    names = [measure.name for measure, _ in taken]
    settings = Settings(data_dir=data)
    run.run(open_lab(run.LAB), results, names=names, hypervisor=hypervisor, settings=settings, progress=Silent())
    return hypervisor, results


def nothing_left(hypervisor: FakeHypervisor, data: Path) -> bool:
    folders = (data / "benches" / SESSION, data / "sessions" / SESSION)
    return not hypervisor.domains() and not hypervisor.networks() and not any(folder.exists() for folder in folders)


def test_a_measure_that_fails_says_why_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(ground: Ground) -> Measure:
        ground.bench()
        raise EpreuveError(Text("panne", "breakdown"), where="ici")

    hypervisor, results = simulated_run(tmp_path, monkeypatch, (COLD, fails), (CLONE, measure_clone))
    cold, clone = results.measures
    assert not cold.measured
    assert cold.note == Text("panne (ici)", "breakdown (ici)")
    assert len(clone.samples) == len(clone.details) == 2
    assert clone.note is not None, "machines that are not warm clones are told"
    written = results.as_json()
    assert written["complete"] is True
    assert [measure["name"] for measure in written["measures"]] == ["cold", "clone"]
    assert nothing_left(hypervisor, tmp_path)


def test_an_interrupted_run_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Ground] = []

    def interrupted(ground: Ground) -> Measure:
        seen.append(ground)
        ground.bench()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulated_run(tmp_path, monkeypatch, (CLONE, interrupted))
    hypervisor = seen[0].hypervisor
    assert isinstance(hypervisor, FakeHypervisor)
    assert not seen[0].work_dir.exists()
    assert nothing_left(hypervisor, tmp_path)


# --- the command
def test_without_the_sources_the_command_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "CHECKOUT", tmp_path)
    result = CliRunner().invoke(cli.command, [])
    assert isinstance(result.exception, UsageError)
    assert "git clone" in str(result.exception)


def test_a_file_that_cannot_be_written_is_told_before_measuring(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli.command, ["--out", str(tmp_path / "no" / "file.json")])
    assert isinstance(result.exception, UsageError)
    assert result.exception.where == str(tmp_path / "no")
