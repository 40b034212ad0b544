"""Nobody gets a minute too much or too little: starts, pauses, extensions and the bell."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orchestrator.exam import HistoryError, Refused, events, fold
from orchestrator.exam.commands import (
    BenchReady,
    ClockJumped,
    Command,
    Enrol,
    Extend,
    FinishEarly,
    Freeze,
    MarkAbsent,
    Pause,
    Prepare,
    Resume,
    Return,
    RingBell,
    Start,
    TakeBack,
)
from tests.unit.exam.story import Story, at, french, prepared, started

FIRE = {"who": "dupont", "why": "alarme incendie"}
WHO = {"who": "dupont"}


def refusal(story: Story, command: Command, minute: float) -> str:
    """The French sentence of a refusal; what is refused changes nothing."""
    before = story.exam
    with pytest.raises(Refused) as caught:
        story.do(command, at(minute))
    assert story.exam == before
    return french(caught.value)


# --- start
def test_starting_twice_is_refused() -> None:
    story = started("c01")
    assert "c01 est en épreuve" in refusal(story, Start("c01", **WHO), 1)
    assert "personne" in refusal(story, Start(**WHO), 1)


def test_the_room_starts_those_who_are_ready_and_a_late_one_has_the_full_time() -> None:
    story = prepared("c01", "c02")
    story.do(MarkAbsent("c02", **WHO))
    story.do(Start(**WHO), at(0))
    story.do(Return("c02", **WHO), at(20))
    made = story.do(Start(**WHO), at(25))
    assert [event.candidate for event in made] == ["c02"]
    assert (story.clock("c01").deadline(), story.clock("c02").deadline()) == (at(180), at(205))


def test_nobody_starts_while_the_room_is_paused() -> None:
    story = prepared("c01", "c02")
    story.do(Start("c01", **WHO), at(0))
    story.do(Pause(**FIRE), at(5))
    assert "la salle est en pause" in refusal(story, Start("c02", **WHO), 6)
    story.do(Resume(**WHO), at(10))
    story.do(Start("c02", **WHO), at(11))


def test_a_draft_is_not_started() -> None:
    story = prepared("c01")
    story.do(Enrol("c02", **WHO))
    story.do(Prepare(**WHO))
    story.do(Start("c01", **WHO))  # prepared once: whoever is enrolled later does not hold up the others
    draft = Story()
    draft.exam = fold(story.history[:2])
    assert "en projet" in refusal(draft, Start(**WHO), 0)


# --- pauses
def test_a_pause_costs_no_time() -> None:
    story = started("c01", c01="tiers")
    story.do(Pause("c01", **FIRE), at(100))
    story.do(Resume("c01", **WHO), at(130))
    assert story.clock("c01").deadline() == at(240 + 30)


def test_the_room_resumes_exactly_those_whom_the_room_stopped() -> None:
    story = started("c01", "c02")
    story.do(Pause("c01", **FIRE), at(10))
    story.do(Pause(**FIRE), at(20))
    assert [sitting.holds for sitting in story.now.candidates.values()] == [("candidate", "room"), ("room",)]
    made = story.do(Resume(**WHO), at(30))
    assert [event.runs_again for event in made if isinstance(event, events.CandidateResumed)] == [False, True]
    assert [story[one].state for one in ("c01", "c02")] == ["paused", "running"]
    story.do(Resume("c01", **WHO), at(40))
    assert [story.clock(one).deadline() for one in ("c01", "c02")] == [at(210), at(190)]


def test_resumed_alone_one_still_waits_for_the_room() -> None:
    story = started("c01", "c02")
    story.do(Pause("c01", **FIRE), at(10))
    story.do(Pause(**FIRE), at(20))
    story.do(Resume("c01", **WHO), at(25))
    assert story["c01"].state == "paused"
    assert "toute la salle" in refusal(story, Resume("c01", **WHO), 26)
    story.do(Resume(**WHO), at(30))
    assert story.clock("c01").deadline() == at(200)


def test_pausing_what_is_paused_is_refused() -> None:
    story = started("c01")
    assert "personne" in refusal(story, Resume(**WHO), 5)
    story.do(Pause("c01", **FIRE), at(10))
    refusal(story, Pause("c01", **FIRE), 11)
    refusal(story, Pause(**FIRE), 11)  # nobody runs
    story.do(Resume("c01", **WHO), at(12))
    refusal(story, Resume("c01", **WHO), 13)
    story.do(Pause(**FIRE), at(20))
    refusal(story, Pause(**FIRE), 21)
    story.do(Pause("c01", **FIRE), at(22))  # and this one stays when the room goes on
    story.do(Resume(**WHO), at(23))
    assert story["c01"].holds == ("candidate",)


@pytest.mark.parametrize(
    "command",
    [
        Pause("c01", **FIRE),
        Pause(**FIRE),
        Extend("c01", 600, **FIRE),
        Extend(None, 600, **FIRE),
        TakeBack("c01", 60, **FIRE),
        FinishEarly("c01", **WHO),
        Freeze("c01", **FIRE),
        Freeze(**FIRE),
    ],
    ids=lambda command: f"{type(command).__name__}-{command.candidate}",
)
def test_from_the_deadline_on_nothing_helps_even_before_the_bell_is_recorded(command: Command) -> None:
    story = started("c01")
    refusal(story, command, 180)
    refusal(story, command, 200)
    story.do(RingBell(), at(200))
    refusal(story, command, 201)


# --- the bell
def test_the_bell_tells_how_late_it_is() -> None:
    story = started("c01", "c02", c02=50)
    assert story.do(RingBell(), at(179)) == ()
    (bell,) = story.do(RingBell(), at(187))
    assert isinstance(bell, events.BellRung)
    assert (bell.candidate, bell.due_at, bell.late_s) == ("c01", at(180), 7 * 60)
    assert story.clock("c01").worked_s(at(999)) == story.clock("c01").allotted_s + bell.late_s
    assert story.do(RingBell(), at(188)) == ()
    (bell,) = story.do(RingBell(), at(270))
    assert isinstance(bell, events.BellRung)
    assert (bell.candidate, bell.late_s) == ("c02", 0)


def test_finishing_early_is_once_and_for_all() -> None:
    story = started("c01")
    story.do(FinishEarly("c01", **WHO), at(100))
    assert (story["c01"].state, story["c01"].finished_early) == ("ended", True)
    refusal(story, FinishEarly("c01", **WHO), 101)
    assert story.do(RingBell(), at(500)) == ()
    assert story.clock("c01").worked_s(at(500)) == 6000


def test_one_who_is_paused_resumes_before_finishing() -> None:
    story = started("c01")
    story.do(Pause("c01", **FIRE), at(10))
    assert "resume" in refusal(story, FinishEarly("c01", **WHO), 11)


def test_a_supervisor_stops_the_paused_too() -> None:
    story = started("c01", "c02")
    story.do(Pause("c01", **FIRE), at(10))
    story.do(Freeze(**FIRE), at(30))
    assert [story.clock(one).worked_s(at(99)) for one in ("c01", "c02")] == [600, 1800]
    assert not story["c01"].finished_early


# --- extensions
def test_an_extension_moves_the_deadline() -> None:
    story = started("c01", "c02")
    story.do(Extend("c01", 600, **FIRE), at(10))
    story.do(Pause("c02", **FIRE), at(20))
    story.do(Extend(None, 60, **FIRE), at(30))
    story.do(Resume("c02", **WHO), at(40))
    assert [story.clock(one).deadline() for one in ("c01", "c02")] == [at(191), at(201)]


def test_the_rooms_extension_is_for_those_at_work() -> None:
    story = prepared("c01", "c02")
    assert "personne" in refusal(story, Extend(None, 60, **FIRE), 0)
    story.do(Start("c01", **WHO))
    made = story.do(Extend(None, 60, **FIRE), at(1))
    assert [event.candidate for event in made] == ["c01"]
    story.do(Extend("c02", 60, **FIRE), at(1))  # before the start, alone
    assert story.clock("c02").allotted_s == 10860


@pytest.mark.parametrize("seconds", [0, -60, 8 * 3600 + 1])
def test_an_extension_is_between_a_second_and_eight_hours(seconds: int) -> None:
    story = started("c01")
    assert "8 heures" in refusal(story, Extend("c01", seconds, **FIRE), 1)
    assert "8 heures" in refusal(story, TakeBack("c01", seconds, **FIRE), 1)


def test_after_the_bell_an_extension_is_explained_away() -> None:
    story = started("c01")
    assert "écoulé" in refusal(story, Extend("c01", 60, **FIRE), 180)
    story.do(RingBell(), at(181))
    assert "ne se prolonge plus" in refusal(story, Extend("c01", 60, **FIRE), 182)


def test_only_what_was_granted_can_be_taken_back_and_never_up_to_the_bell() -> None:
    story = started("c01")
    story.do(Extend("c01", 3600, **FIRE), at(10))
    refusal(story, TakeBack("c01", 3601, **FIRE), 11)
    story.do(TakeBack("c01", 3000, **FIRE), at(11))
    assert story.clock("c01").deadline() == at(190)
    refusal(story, TakeBack("c01", 600, **FIRE), 180)
    story.do(TakeBack(None, 599, **FIRE), at(180))
    assert story.clock("c01").deadline() == at(180) + timedelta(seconds=1)
    assert "personne" in refusal(story, TakeBack(None, 1, **FIRE), 180)


# --- explanations
@pytest.mark.parametrize(
    "command",
    [Pause(**WHO), Extend("c01", 60, **WHO), TakeBack("c01", 60, **WHO), Freeze("c01", who="dupont", why="  ")],
    ids=lambda command: type(command).__name__,
)
def test_an_intervention_needs_a_reason(command: Command) -> None:
    assert "motif" in refusal(started("c01"), command, 1)


def test_a_clock_that_goes_back_changes_nobodys_time() -> None:
    story = started("c01")
    story.do(Pause("c01", **FIRE), at(60))
    story.do(ClockJumped(by_s=-3600.0), at(0))
    (resumed,) = story.do(Resume("c01", **WHO), at(30))
    assert resumed.at == at(60)
    assert story.clock("c01").deadline() == at(180)


def test_what_only_explains_changes_nothing_else() -> None:
    story = started("c01")
    before = story.now.model_copy(update={"updated_at": at(3)})
    story.do(ClockJumped(by_s=120.5), at(3))
    assert story.exam == before


# --- histories
def test_events_that_do_not_fit_are_a_clear_error() -> None:
    story = started("c01")
    story.do(Pause("c01", **FIRE), at(1))
    story.do(Resume("c01", **WHO), at(2))
    history = story.history
    returned = events.CandidateReturned(at=at(3), who="dupont", candidate="c01")
    for wrong in (history[1:], [history[0], *history], history[:1] + history[2:], history[:-2] + history[-1:], []):
        with pytest.raises(HistoryError):
            fold(wrong)
    with pytest.raises(HistoryError):
        fold([*history, returned])
    assert fold(history) == story.exam


def test_bench_ready_after_the_start_says_nothing() -> None:
    story = started("c01")
    assert story.do(BenchReady("c01"), at(1)) == ()
