"""A mutant is proved when exactly the checks that it names lose points: not one more, not one less, none unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from checkers.judge import PlannedCheck
from checkers.verdict import Outcome, Verdict
from orchestrator.proving.ground import unsolved
from orchestrator.proving.mutants import Shown, not_blank, show_mutant
from tests.unit.proving.world import FileBench, FileLab


@pytest.fixture
def files(tmp_path: Path) -> FileLab:
    return FileLab(tmp_path)


def shown(files: FileLab, run: str, flips: str, *, quick: bool = False) -> Shown:
    lab = files.mutants(("wrong", run, flips))
    bench = files.bench(lab)
    bench.solve(lambda _text: None)
    bench.settle()
    return show_mutant(bench, lab.mutants[0], quick=quick)


def test_what_it_names_flips_and_nothing_else(files: FileLab) -> None:
    came = shown(files, "echo bad >one", "one")
    assert came.faults == ()
    assert [(flip.check, flip.points, flip.max_points) for flip in came.flips] == [("one", 0, 1)]
    assert "good" in came.flips[0].reason.en
    assert list(came.seconds) == ["run", "look"]


def test_another_way_to_be_right_flips_nothing(files: FileLab) -> None:
    came = shown(files, "echo also good >one", "")
    assert (came.faults, came.flips) == ((), ())


@pytest.mark.parametrize(
    ("run", "flips", "told"),
    [
        ("true", "one", ["one: does not flip"]),
        ("echo bad >one", "", ["one: FAIL"]),
        ("echo bad >one; echo bad >two", "one", ["two: FAIL"]),
        ("echo bad >two", "one", ["one: does not flip: ", "two: FAIL"]),
        ("echo bad >one; false; echo bad >two", "one", ["The script did not succeed. client: exit=1"]),
        ("echo no room >&2; exit 3", "one", ["The script did not succeed. client: exit=3 no room"]),
    ],
)
def test_anything_else_is_told(files: FileLab, run: str, flips: str, told: list[str]) -> None:
    faults = [fault.en for fault in shown(files, run, flips).faults]
    assert [fault[: len(part)] for fault, part in zip(faults, told, strict=True)] == told


def test_a_check_that_cannot_see_has_not_flipped(files: FileLab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = files.mutants(("wrong", "true", "one"))
    bench = files.bench(lab)
    bench.solve(lambda _text: None)
    bench.settle()
    unseen = bench.solved[0].model_copy(update={"outcome": Outcome.INCONCLUSIVE, "points": 0})
    monkeypatch.setattr(FileBench, "_judged", lambda _bench, _checks: [unseen, *bench.solved[1:]])
    came = show_mutant(bench, lab.mutants[0])
    assert came.flips == ()
    assert [fault.en[:19] for fault in came.faults] == ["one: does not flip:"]


def test_what_is_not_as_it_must_be_is_looked_at_again_alone(files: FileLab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that a loaded host is slow to answer is no fault of the lab."""
    lab = files.mutants(("wrong", "echo bad >one", "one"))
    bench = files.bench(lab)
    bench.solve(lambda _text: None)
    bench.settle()
    (files.files / "two").write_text("slow")
    asked: list[list[str]] = []
    judged = FileBench._judged

    def slow(bench: FileBench, checks: Sequence[PlannedCheck]) -> list[Verdict]:
        asked.append([one.spec.id for one in checks])
        found = judged(bench, checks)
        (files.files / "two").write_text("good")
        return found

    monkeypatch.setattr(FileBench, "_judged", slow)
    came = show_mutant(bench, lab.mutants[0])
    assert (came.faults, [flip.check for flip in came.flips], came.looks) == ((), ["one"], 2)
    assert asked == [["one", "two"], ["two"]]


def test_a_quick_look_asks_only_what_is_named(files: FileLab) -> None:
    assert shown(files, "echo bad >one; echo bad >two", "one", quick=True).faults == ()
    assert len(shown(files, "echo bad >one", "", quick=True).faults) == 1


def test_a_mutant_gets_the_secrets_of_the_session(files: FileLab) -> None:
    assert shown(files, "test $ADMIN = x; echo bad >one", "one").faults == ()


@pytest.mark.parametrize(("boots", "asked"), [("12", True), ("11", False)])
def test_ready_is_waited_for_only_where_the_machine_started_again(
    files: FileLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, boots: str, asked: bool
) -> None:
    """What is ready when the exam starts may be what the solution has stopped, as a service that nobody wants."""
    lab = files.mutants(("wrong", "echo bad >one", "one"))
    machine = lab.lab.machines["client"].model_copy(update={"ready": f"touch {tmp_path}/asked"})
    lab = replace(lab, lab=lab.lab.model_copy(update={"machines": lab.lab.machines | {"client": machine}}))
    told = iter(boots)
    monkeypatch.setattr(FileBench, "boot", lambda _bench, _machine: next(told).encode())
    bench = files.bench(lab)
    bench.solve(lambda _text: None)
    bench.settle()
    assert show_mutant(bench, lab.mutants[0]).faults == ()
    assert (tmp_path / "asked").exists() is asked


def told_of(bench: FileBench) -> list[str]:
    return [f"{one.check}: {one.outcome}" for one in not_blank(bench.verdicts())]


def test_an_untouched_bench_passes_what_is_true_at_the_start_and_nothing_else(files: FileLab) -> None:
    files.write_checks(one="true_at_start: true")
    bench = files.bench(files.mutants(("wrong", "true", "one")))
    assert told_of(bench) == ["one: FAIL"]
    (files.files / "one").write_text("good")
    assert told_of(bench) == []
    (files.files / "two").write_text("good")
    assert told_of(bench) == ["two: PASS"]


def test_a_check_that_cannot_see_the_untouched_bench_is_a_fault(files: FileLab) -> None:
    verdicts = files.bench(files.mutants(("wrong", "true", "one"))).verdicts()
    unseen = [verdicts[0].model_copy(update={"outcome": Outcome.INCONCLUSIVE}), verdicts[1]]
    assert [one.check for one in not_blank(unseen)] == ["one"]


def test_a_solved_bench_has_every_point(files: FileLab) -> None:
    files.solution = "echo good >one"
    bench = files.bench(files.mutants(("wrong", "true", "one")))
    bench.solve(lambda _text: None)
    assert [one.check for one in unsolved(bench.verdicts())] == ["two"]
