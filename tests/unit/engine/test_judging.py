"""Judgements: the first at freezing, others for a reason with the lab as it is then, all of them kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkers.facts import Observation
from labs.errors import EpreuveError
from orchestrator.catalog import open_lab
from orchestrator.engine import judging
from orchestrator.engine.freeze import observation_file
from orchestrator.exam import Refused, commands, events
from orchestrator.library import shelf
from orchestrator.store import judgements
from orchestrator.store.judgements import StoredJudgement
from tests.unit.engine.world import NINE, SLUG, World
from tests.unit.library.archives import files_of, zip_of


def stored(world: World, candidate: str = "c01") -> list[StoredJudgement]:
    with world.store.read() as tx:
        return judgements.every(tx, SLUG, candidate)


def told(world: World) -> list[events.Judged]:
    return [event for event in world.history() if isinstance(event, events.Judged) and event.candidate == "c01"]


def correct_the_lab(world: World) -> None:
    """The check asked for the wrong name, and for too few points."""
    lab = world.lab / "lab.yml"
    text = lab.read_text().replace("name: desk", "name: office").replace("points: 1", "points: 2")
    lab.write_text(text)


def again(world: World, *candidates: str, why: str = "contrôle corrigé") -> dict[str, int]:
    return judging.judge_again(world.desk, world.settings, SLUG, candidates or ("c01",), who="durand", why=why)


def test_frozen_work_is_judged_with_the_lab_as_it_was(frozen: World) -> None:
    (first,) = stored(frozen)
    (event,) = told(frozen)
    assert (first.number, first.who, first.why) == (1, "epreuve", "")
    assert first.observation == frozen.sitting().observation
    assert first.lab_hash == frozen.exam.lab_hash == event.lab_hash
    assert judging.read(first).digest() == event.verdicts
    assert frozen.sitting().judgements == 1
    frozen.sound()


def test_another_judgement_stands_beside_the_first_and_says_what_changed(frozen: World) -> None:
    correct_the_lab(frozen)
    assert again(frozen) == {"c01": 2}
    first, second = stored(frozen)
    assert first.lab_hash != second.lab_hash == open_lab(str(frozen.lab)).hash
    (change,) = judging.changes(judging.read(first), judging.read(second))
    assert change.old is not None
    assert change.new is not None
    assert (change.old.max_points, change.new.max_points) == (1, 2)
    assert told(frozen)[1].why == "contrôle corrigé"
    assert [one.number for one in stored(frozen, "c02")] == [1]


def test_the_same_lab_finds_the_same_to_the_byte(frozen: World) -> None:
    again(frozen, why="pour voir")
    first, second = stored(frozen)
    assert first.document == second.document
    assert judging.changes(judging.read(first), judging.read(second)) == []


def test_a_check_that_only_one_lab_has_is_a_change(frozen: World) -> None:
    (first,) = stored(frozen)
    judgement = judging.read(first)
    without = judgement.model_copy(update={"checks": ()})
    assert [(bool(one.old), bool(one.new)) for one in judging.changes(without, judgement)] == [(False, True)]
    assert [(bool(one.old), bool(one.new)) for one in judging.changes(judgement, without)] == [(True, False)]


def test_a_reason_is_needed_and_several_are_judged_together_or_not_at_all(frozen: World) -> None:
    with pytest.raises(Refused):
        again(frozen, why="  ")
    observation_file(frozen.folder("c02")).unlink()
    with pytest.raises(EpreuveError):
        again(frozen, "c01", "c02")
    assert len(stored(frozen)) == 1
    assert len(told(frozen)) == 1


def test_an_observation_that_was_changed_is_not_judged(frozen: World) -> None:
    path = observation_file(frozen.folder())
    changed = Observation.model_validate_json(path.read_bytes()).model_copy(update={"lab_version": "9"})
    path.write_text(changed.model_dump_json())
    with pytest.raises(judging.JudgingError, match="modifié"):
        again(frozen)


def test_a_lab_that_has_changed_before_the_bell_keeps_nothing_from_being_frozen(world: World) -> None:
    world.started(c01=0)
    world.do(commands.Freeze(who="dupont", why="fin"))
    while world.sitting().state != "frozen":
        if world.actual().observed:  # observed, and nothing said yet
            correct_the_lab(world)
            world.begin()
        world.engine.run_pass()
    assert stored(world) == []
    assert again(world, why="") == {"c01": 1}


def test_a_lab_of_the_centre_is_judged_with_an_approved_version_of_it(frozen: World) -> None:
    labs = frozen.settings.labs_dir

    def put(version: str, *, trusted: bool) -> None:
        text = (frozen.lab / "lab.yml").read_text().replace("version: 1.0.0", f"version: {version}")
        archive = zip_of({**files_of(frozen.lab), "lab.yml": text.encode()}, packed=False)
        shelf.put(labs, archive, who="nadia", at=NINE, trusted=trusted, taken=())

    put("1.0.0", trusted=True)
    put("1.1.0", trusted=True)
    put("1.2.0", trusted=False)
    stored = replace(frozen.desk.open(SLUG).stored, lab_folder=str(shelf.on_shelf(labs, "small-lab", "1.0.0")))
    found = judging.labs_to_judge_with(frozen.settings, stored)
    assert list(found) == ["1.1.0", "1.0.0"]
    assert found["1.1.0"] == shelf.on_shelf(labs, "small-lab", "1.1.0")
    own = judging.labs_to_judge_with(frozen.settings, frozen.desk.open(SLUG).stored)
    assert list(own.values()) == [frozen.lab.resolve()]
