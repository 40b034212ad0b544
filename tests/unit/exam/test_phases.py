"""The jury's part: phases one at a time, in any order, again for a reason; overrun is recorded and enforces nothing.

And sessions without a practical: no bench, or one that nobody has worked on.
"""

from __future__ import annotations

import pytest

from orchestrator.exam import Exam, Refused, commands, desired
from orchestrator.exam.phases import allotted_s, may_come
from orchestrator.exam.words import sentence
from tests.unit.exam.story import PHASES, Story, at, jury_only, prepared, started

JURY = {"who": "durand"}
PRACTICAL, PREPARATION, HOUR = range(3)


@pytest.fixture
def story() -> Story:
    """Two candidates, both frozen at minute 31; c02 has a third more time."""
    story = started("c01", "c02", c02="tiers")
    story.do(commands.Freeze(who="dupont", why="fin"), at(30))
    for candidate in ("c01", "c02"):
        story.do(commands.BenchFrozen(candidate, observation="0" * 64), at(31))
    return story


def begin(story: Story, phase: int, minute: float, candidate: str = "c01", why: str = "") -> list[str]:
    return [one.kind for one in story.do(commands.BeginPhase(candidate, phase, why=why, **JURY), at(minute))]


def end(story: Story, minute: float, candidate: str = "c01", number: int | None = None) -> list[str]:
    return [one.kind for one in story.do(commands.EndPhase(candidate, number, **JURY), at(minute))]


def test_the_first_phase_opens_the_jurys_part(story: Story) -> None:
    assert begin(story, PREPARATION, 40) == ["jury-opened", "phase-begun"]
    assert story.now.state == "jury"
    assert begin(story, PREPARATION, 41, "c02") == ["phase-begun"]
    assert story.now.phase_of(story["c01"]) == PHASES[PREPARATION]


def test_a_jury_need_not_wait_for_those_who_have_more_time() -> None:
    story = started("c01", "c02")
    story.do(commands.Freeze("c01", who="dupont", why="fin"), at(30))
    story.do(commands.BenchFrozen("c01", observation="0" * 64), at(31))
    assert begin(story, PREPARATION, 40) == ["phase-begun"]
    assert story.now.state == "running"
    with pytest.raises(Refused, match="c02"):
        begin(story, PREPARATION, 40, "c02")


def test_phases_are_taken_in_any_order_one_at_a_time(story: Story) -> None:
    begin(story, HOUR, 40)
    with pytest.raises(Refused, match="« Jury » est en cours"):
        begin(story, PREPARATION, 41)
    end(story, 90)
    begin(story, PREPARATION, 91)
    assert [(one.index, one.ended_at) for one in story["c01"].phases] == [(HOUR, at(90)), (PREPARATION, None)]


def test_a_second_time_needs_a_reason(story: Story) -> None:
    begin(story, PREPARATION, 40)
    end(story, 41)
    with pytest.raises(Refused, match="motif"):
        begin(story, PREPARATION, 42)
    begin(story, PREPARATION, 42, why="alerte incendie")
    assert [one.index for one in story["c01"].phases] == [PREPARATION, PREPARATION]


def test_overrun_ends_nothing_and_is_recorded(story: Story) -> None:
    begin(story, PREPARATION, 40)
    assert story.do(commands.RingBell(), at(200)) == ()
    taken = story["c01"].under_way
    assert taken is not None
    assert (taken.lasted_s(at(58)), taken.over_s(at(58)), taken.over_s(at(50))) == (18 * 60, 3 * 60, 0)
    end(story, 58)
    ended = story.history[-1].model_dump(mode="json")
    assert (ended["lasted_s"], ended["allotted_s"]) == (18 * 60, 15 * 60)
    assert "18 min pour 15 min prévues" in sentence("phase-ended", ended).fr
    assert story["c01"].phases[-1].lasted_s(at(500)) == 18 * 60


def test_extra_time_lengthens_the_candidates_own_work_and_not_the_jurys_questions(story: Story) -> None:
    assert [allotted_s(PHASES[phase], story["c02"]) for phase in (PREPARATION, HOUR)] == [20 * 60, 45 * 60]
    begin(story, PREPARATION, 40, "c02")
    assert story["c02"].phases[0].allotted_s == 20 * 60


def test_nobody_ends_a_phase_that_somebody_else_has_begun_meanwhile(story: Story) -> None:
    begin(story, PREPARATION, 40)
    end(story, 55, number=1)
    begin(story, HOUR, 56)
    with pytest.raises(Refused, match="pas en cours"):
        end(story, 57, number=1)
    assert story["c01"].under_way is not None


def test_what_is_no_phase_of_the_jury_cannot_be_begun(story: Story) -> None:
    for phase in (PRACTICAL, -1, 3):
        with pytest.raises(Refused):
            begin(story, phase, 40)
    with pytest.raises(Refused):
        end(story, 40)
    assert story.now.state == "frozen"


def test_a_session_is_not_closed_while_a_candidate_is_before_the_jury(story: Story) -> None:
    begin(story, HOUR, 40)
    with pytest.raises(Refused, match="c01 est dans la phase"):
        story.do(commands.Close(who="dupont"), at(41))
    end(story, 42)
    story.do(commands.Close(who="dupont"), at(43))
    with pytest.raises(Refused, match="close"):
        begin(story, PREPARATION, 44)


def test_a_document_from_before_phases_can_still_be_read(story: Story) -> None:
    document = story.now.model_dump(mode="json")
    for phase in document["phases"]:
        for added in ("id", "jury", "extra_time"):
            del phase[added]
    for sitting in document["candidates"].values():
        del sitting["phases"]
    assert Exam.model_validate(document).candidates["c01"].under_way is None


# --- without a practical
def test_without_a_practical_candidates_come_before_the_jury_as_they_are() -> None:
    story = jury_only("c01", "c02", c01="tiers")
    assert begin(story, 0, 10) == ["jury-opened", "phase-begun"]
    assert story["c01"].phases[0].allotted_s == 20 * 60
    assert desired(story["c01"], story.now.state) == "none"
    story.do(commands.MarkAbsent("c02", who="dupont"), at(11))
    with pytest.raises(Refused, match="absent"):
        begin(story, 0, 12, "c02")
    story.do(commands.Return("c02", who="dupont"), at(13))
    begin(story, 0, 13, "c02")
    with pytest.raises(Refused, match="passé devant le jury"):
        story.do(commands.MarkAbsent("c02", who="dupont"), at(14))
    end(story, 20)
    end(story, 20, "c02")
    story.do(commands.Close(who="dupont"), at(21))
    story.do(commands.Seal((("c01", "d" * 64), ("c02", "e" * 64)), "f" * 64, who="dupont"), at(22))
    assert story.now.state == "sealed"


def test_there_is_nothing_to_start_without_a_practical() -> None:
    with pytest.raises(Refused, match="pas d'épreuve pratique"):
        jury_only("c01").do(commands.Start(who="dupont"))


def test_a_bench_for_the_jurys_part_alone_is_frozen_as_it_was_made() -> None:
    story = jury_only("c01", "c02")
    story.do(commands.Prepare(who="dupont"))
    with pytest.raises(Refused, match="c01, c02 se prépare"):
        begin(story, 0, 1)
    made = [one.kind for one in story.do(commands.BenchReady("c01"), at(1))]
    assert made == ["bench-ready", "bench-for-jury"]
    story.do(commands.BenchReady("c02"), at(1))
    story.do(commands.BenchFrozen("c01", why="personne n'y a travaillé"), at(2))
    assert [one.kind for one in story.do(commands.BenchFrozen("c02"), at(2))] == ["bench-frozen", "session-prepared"]
    story.do(commands.MarkAbsent("c02", who="dupont"), at(3))
    begin(story, 0, 4)
    assert desired(story["c02"], story.now.state) == "frozen"
    story.do(commands.Return("c02", who="dupont"), at(5))
    assert story["c02"].state in may_come(story.now)
    story.do(commands.OpenCopy("c02", who="durand"), at(6))
    assert desired(story["c02"], story.now.state) == "copied"


def test_nobody_is_before_the_jury_who_has_yet_to_work() -> None:
    story, alone = prepared("c01"), jury_only("c01")
    assert story["c01"].state not in may_come(story.now)
    assert alone["c01"].state in may_come(alone.now)
