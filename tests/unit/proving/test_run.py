"""A run proves what is not proved yet, keeps it at once, and goes on where one that was killed left off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from labs.loader import LoadedLab
from orchestrator.bench import Progress
from orchestrator.catalog import open_lab
from orchestrator.proving import book as books
from orchestrator.proving import run as runs
from orchestrator.proving.book import Book, checks_digest, read_proof, standing, write_proof
from orchestrator.proving.proof import lacking
from orchestrator.proving.run import Asked, Came, prove_lab
from orchestrator.settings import Settings
from tests.unit.proving.world import FileLab, Here

GOOD = (("wrong-one", "echo bad >one", "one"), ("both", "rm one two", "one, two"), ("fine", "echo also good >one", ""))


@contextmanager
def step(_title: str) -> Iterator[Progress]:
    yield lambda _text: None


class World:
    def __init__(self, root: Path) -> None:
        self.files = FileLab(root)
        self.proofs = root / "data" / "proofs"
        self.settings = Settings(data_dir=root / "data")

    def book(self, lab: LoadedLab, *, again: bool = False) -> Book:
        return Book(lab, self.proofs, Here(), again=again)

    def prove(self, lab: LoadedLab, *, whole: bool = True, quick: bool = False, again: bool = False) -> list[Came]:
        asked = Asked(lab.mutants, whole=whole, quick=quick)
        book = self.book(lab, again=again)
        return prove_lab(asked, book, hypervisor=book_host, settings=self.settings, step=step, tell=lambda _came: None)


book_host = Here()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path)
    monkeypatch.setattr(runs, "proving", made.files.proving)
    return made


def test_a_lab_is_proved_by_one_run(world: World) -> None:
    lab = world.files.mutants(*GOOD)
    came = world.prove(lab)
    assert [(one.id, one.faults) for one in came] == [
        ("blank", ()), ("solved", ()), ("wrong-one", ()), ("both", ()), ("fine", ()),
    ]  # fmt: skip
    proof = world.book(lab).proof
    assert lacking(proof, lab) == []
    assert (proof.blank and proof.blank.points, proof.solved and proof.solved.points) == (0, 2)
    assert [[flip.check for flip in one.flips] for one in proof.mutants] == [["one"], ["one", "two"], []]
    assert [bench.backs for bench in world.files.benches] == [0, 2]


def test_a_lab_that_is_proved_is_not_proved_again_unless_asked(world: World) -> None:
    lab = world.files.mutants(*GOOD)
    world.prove(lab)
    assert [one.already for one in world.prove(lab)] == [True] * 3
    assert len(world.files.benches) == 2
    world.prove(lab, again=True)
    assert len(world.files.benches) == 4


def test_what_a_run_that_ended_has_proved_is_not_done_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = world.files.mutants(*GOOD)

    def killed(came: Came) -> None:
        if came.id == "wrong-one":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prove_lab(
            Asked(lab.mutants), world.book(lab), hypervisor=book_host, settings=world.settings, step=step, tell=killed
        )
    assert not standing(lab, world.proofs).proved
    assert [(one.id, one.already) for one in world.prove(lab)] == [
        ("wrong-one", True), ("solved", False), ("both", False), ("fine", False),
    ]  # fmt: skip
    assert standing(lab, world.proofs).proved


def test_what_was_not_as_it_must_be_is_not_proved_and_is_counted(world: World) -> None:
    lab = world.files.mutants(*GOOD[:2], ("fine", "echo bad >two", ""))
    assert [one.id for one in world.prove(lab) if one.faults] == ["fine"]
    assert not standing(lab, world.proofs).proved
    world.prove(lab)
    assert world.book(lab).proof.missed == {"fine": 2}


def test_a_whole_run_ends_where_the_solution_does_not_get_every_point(world: World) -> None:
    world.files.solution = "echo good >one"
    assert [one.id for one in world.prove(world.files.mutants(*GOOD))] == ["blank", "solved"]


def test_single_mutants_are_tried_on_a_bench_that_is_not_wholly_solved(world: World) -> None:
    world.files.solution = "echo good >one"
    came = world.prove(world.files.mutants(GOOD[0]), whole=False)
    assert [(one.id, bool(one.faults)) for one in came] == [("solved", True), ("wrong-one", False)]


def test_a_quick_run_keeps_nothing(world: World) -> None:
    lab = world.files.mutants(*GOOD)
    assert [one.id for one in world.prove(lab, whole=False, quick=True) if one.faults] == []
    assert not list(world.proofs.rglob("*.json"))


def test_checks_that_have_changed_begin_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = world.files.mutants(*GOOD)
    world.prove(lab)
    monkeypatch.setattr(books, "checks_digest", lambda _lab: "other")
    assert world.book(lab).proof.mutants == ()


def test_what_was_half_proved_of_a_content_that_is_no_more_goes(world: World) -> None:
    world.prove(world.files.mutants(*GOOD[:2], ("fine", "echo bad >two", "")))
    lab = world.files.mutants(*GOOD)
    assert standing(lab, world.proofs).proof is None
    world.prove(lab)
    assert [file.stem for file in world.proofs.rglob("*.json")] == [lab.hash]


def test_the_code_that_a_lab_is_proved_with_is_that_of_its_own_checks(world: World) -> None:
    lab = world.files.mutants(*GOOD)
    assert checks_digest(lab) == checks_digest(lab)
    assert checks_digest(lab) != checks_digest(open_lab("tai-complet"))


def test_a_proof_counts_for_exactly_one_content(world: World, tmp_path: Path) -> None:
    lab = world.files.mutants(*GOOD)
    assert standing(lab, world.proofs).proof is None
    world.prove(lab)
    assert standing(lab, world.proofs).proved
    changed = world.files.mutants(*GOOD, ("more", "rm two", "two"))
    now = standing(changed, world.proofs)
    assert not now.proved
    assert now.proof is not None
    assert now.proof.hash == lab.hash


def test_a_shipped_proof_counts_as_one_made_here(world: World, tmp_path: Path) -> None:
    lab = world.files.mutants(*GOOD)
    world.prove(lab)
    write_proof(tmp_path / "shipped" / "small-lab.json", world.book(lab).proof)
    assert standing(lab, tmp_path / "elsewhere", tmp_path / "shipped").proved


@pytest.mark.parametrize("damage", ["blank", "solved", "mutants"])
def test_a_proof_that_lacks_something_is_none(world: World, damage: str) -> None:
    lab = world.files.mutants(*GOOD)
    world.prove(lab)
    file = next(world.proofs.rglob("*.json"))
    proof = read_proof(file)
    assert proof is not None
    write_proof(file, proof.model_copy(update={damage: proof.mutants[1:] if damage == "mutants" else None}))
    assert not standing(lab, world.proofs).proved


def test_mutants_that_do_not_suffice_prove_nothing(world: World) -> None:
    lab = world.files.mutants(GOOD[0], GOOD[2])
    assert [one.faults for one in world.prove(lab) if one.faults] == []
    told = [text.en for text in lacking(world.book(lab).proof, lab)]
    assert told == ["no mutant flips: two", "there are fewer mutants that flip a check than checks"]
