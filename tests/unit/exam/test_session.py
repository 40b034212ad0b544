"""A session from draft to purged, who sits where, and what the engine reports about benches."""

from __future__ import annotations

import pytest

from labs.text import Text
from orchestrator.exam import Refused, commands, desired, events
from orchestrator.exam.commands import (
    AskReset,
    BenchFailed,
    BenchFrozen,
    BenchMoved,
    BenchPlaced,
    BenchReady,
    BenchRestored,
    CheckpointFailed,
    CheckpointTaken,
    Close,
    Enrol,
    Freeze,
    HostCleared,
    MarkAbsent,
    Move,
    OpenJury,
    Pause,
    Prepare,
    Purge,
    ResetDone,
    ResetFailed,
    Resume,
    Return,
    RingBell,
    Seal,
    Start,
    Withdraw,
)
from tests.unit.exam.story import CREATE, PHASES, Story, at, french, prepared, started

WHO = {"who": "dupont"}
WHY = {"who": "dupont", "why": "panne"}
DISK = Text("disque plein", "disk full")


def wanted(story: Story, candidate: str = "c01") -> str:
    return desired(story[candidate], story.now.state)


def test_from_draft_to_purged() -> None:
    story = Story()
    story.do(CREATE)
    seen = [story.now.state]

    def do(command: commands.Command, minute: float = 0) -> None:
        story.do(command, at(minute))
        if story.now.state != seen[-1]:
            seen.append(story.now.state)

    for one in ("c01", "c02"):
        do(Enrol(one, **WHO))
    do(Prepare(**WHO))
    do(BenchReady("c01"))
    assert story.now.state == "draft"
    do(BenchReady("c02"))
    do(Start("c01", **WHO))
    do(RingBell(), 180)
    do(BenchFrozen("c01", observation="a" * 64), 181)
    assert story.now.state == "running"
    do(MarkAbsent("c02", **WHO), 182)
    for order in (OpenJury(**WHO), Close(**WHO), Seal(**WHO), Purge(**WHO)):
        do(order, 200)
    assert seen == ["draft", "prepared", "running", "frozen", "jury", "closed", "sealed", "purged"]
    assert story["c01"].observation == "a" * 64


def test_a_session_is_created_once() -> None:
    with pytest.raises(Refused) as caught:
        prepared("c01").do(CREATE)
    assert "la session est prête" in caught.value.what.fr


def test_a_format_must_fit() -> None:
    talk = commands.Create(**{**vars(CREATE), "phases": PHASES[1:2]})
    small = commands.Create(**{**vars(CREATE), "machines": ("client", "server")})
    with pytest.raises(Refused) as caught:
        Story().do(talk)
    assert "ni pratique ni jury" in caught.value.what.fr
    with pytest.raises(Refused) as caught:
        Story().do(small)
    assert "machine ap" in caught.value.what.fr


def test_the_absent_do_not_hold_up_the_others() -> None:
    story = Story()
    story.do(CREATE)
    for one in ("c01", "c02", "c03"):
        story.do(Enrol(one, **WHO))
    story.do(Prepare(**WHO))
    story.do(BenchReady("c01"))
    story.do(Withdraw("c03", **WHY))
    assert story.now.state == "draft"
    story.do(MarkAbsent("c02", **WHO))
    assert story.now.state == "prepared"
    assert story.kinds()[-2:] == ["candidate-absent", "session-prepared"]


def test_the_absent_come_back_to_where_they_were_and_their_bench_went_on() -> None:
    story = Story()
    story.do(CREATE)
    story.do(Enrol("c01", **WHO))
    story.do(MarkAbsent("c01", **WHO))
    assert wanted(story) == "none"
    story.do(Return("c01", **WHO))
    story.do(Prepare(**WHO))
    story.do(MarkAbsent("c01", **WHO))
    story.do(BenchReady("c01"))
    assert (story["c01"].state, wanted(story)) == ("absent", "suspended")
    story.do(Return("c01", **WHO))
    assert (story["c01"].state, story.now.state) == ("ready", "prepared")


def test_a_session_that_nobody_began_can_be_cancelled() -> None:
    story = prepared("c01")
    story.do(Close(**WHO))
    assert wanted(story) == "gone"


def test_closing_waits_for_the_last_work() -> None:
    story = started("c01", "c02")
    for minute, command in enumerate((Pause("c01", **WHY), Freeze("c01", **WHY), Freeze("c02", **WHY))):
        with pytest.raises(Refused) as caught:
            story.do(Close(**WHO), at(minute))
        assert "c01" in caught.value.what.fr
        story.do(command, at(minute))
    story.do(BenchFrozen("c01"), at(9))
    story.do(BenchFrozen("c02"), at(9))
    assert story.do(BenchFrozen("c02"), at(9)) == ()
    story.do(Close(**WHO), at(9))


def test_what_should_exist_of_a_bench() -> None:
    story = Story()
    story.do(CREATE)
    story.do(Enrol("c01", **WHO))
    seen = [wanted(story)]
    steps = (
        Prepare(**WHO),
        BenchReady("c01"),
        Start(**WHO),
        Pause("c01", **WHY),
        commands.Resume("c01", **WHO),
        RingBell(),
        BenchFrozen("c01"),
        OpenJury(**WHO),
        Close(**WHO),
        Seal(**WHO),
        Purge(**WHO),
    )
    for step, command in enumerate(steps):
        story.do(command, at(0 if step < 5 else 200))
        seen.append(wanted(story))
    assert seen == [
        *("none", "suspended", "suspended", "running", "suspended", "running", "suspended"),
        *("frozen", "frozen", "kept", "kept", "gone"),
    ]


# --- who sits where
def test_a_seat_is_for_one_and_an_identifier_serves_once() -> None:
    story = Story()
    story.do(CREATE)
    story.do(Enrol("c01", seat="A1", **WHO))
    for wrong in (Enrol("c01", **WHO), Enrol("c02", seat=" A1", **WHO)):
        with pytest.raises(Refused):
            story.do(wrong)
    story.do(Withdraw("c01", **WHY))
    assert wanted(story) == "gone"
    story.do(Enrol("c02", seat="A1", **WHO))
    with pytest.raises(Refused):
        story.do(Enrol("c01", **WHO))


def test_moving_to_another_host_needs_a_pause() -> None:
    story = started("c01")
    story.do(Move("c01", seat="B2", **WHO))
    with pytest.raises(Refused) as caught:
        story.do(Move("c01", host="hv2", **WHO))
    assert "pause" in french(caught.value)
    story.do(Pause("c01", **WHY))
    story.do(Move("c01", host="hv2", **WHO))
    assert (story["c01"].seat, story["c01"].host) == ("B2", "hv2")
    with pytest.raises(Refused) as caught:
        story.do(Move("c01", seat="B2", host="hv2", **WHO))
    assert "rien ne changerait" in caught.value.what.fr


def test_a_move_costs_no_time_even_when_the_clock_runs_again_before_it_is_done() -> None:
    story = started("c01")
    story.do(BenchPlaced("c01", "hv1"))
    story.do(Pause("c01", **WHY), at(10))
    story.do(Move("c01", host="hv2", **WHO), at(11))
    story.do(Resume("c01", **WHO), at(12))
    left = story.clock("c01").remaining_s(at(12))
    made = story.do(BenchMoved("c01", "hv2"), at(14))
    assert [event.kind for event in made] == ["bench-moved", "time-extended"]
    assert story.clock("c01").remaining_s(at(14)) == left
    assert story.do(BenchMoved("c01", "hv2"), at(15)) == ()


def test_a_host_that_was_given_up_is_no_destination_until_it_has_forgotten_the_bench() -> None:
    story = started("c01")
    with pytest.raises(Refused):
        story.do(Move("c01", host="hv2", host_lost=True, **WHY))  # it is on no other host
    story.do(BenchPlaced("c01", "hv1"))
    with pytest.raises(Refused) as caught:
        story.do(Move("c01", host="hv2", host_lost=True, **WHO))
    assert "motif" in french(caught.value)
    story.do(Move("c01", host="hv2", host_lost=True, **WHY))  # running or not
    story.do(BenchMoved("c01", "hv2"))
    story.do(Pause("c01", **WHY))
    with pytest.raises(Refused):
        story.do(Move("c01", host="hv1", **WHO))
    story.do(HostCleared("c01", "hv1"))
    story.do(Move("c01", host="hv1", **WHO))
    assert (story["c01"].home, story["c01"].host, story["c01"].given_up) == ("hv2", "hv1", ())


# --- what the engine reports
def test_the_first_failure_is_kept_until_the_bench_does_what_was_asked() -> None:
    story = Story()
    story.do(CREATE)
    story.do(Enrol("c01", **WHO))
    story.do(Prepare(**WHO))
    story.do(BenchFailed("c01", DISK))
    assert story.do(BenchFailed("c01", Text("autre", "other"))) == ()
    assert (story["c01"].state, story["c01"].failure) == ("preparing", DISK)
    story.do(BenchReady("c01"))
    assert story["c01"].failure is None


def test_a_reset_is_done_once_and_named_by_its_number() -> None:
    story = started("c01")
    story.do(CheckpointTaken("c01", "cp-1", stopped_s=0.4))
    story.do(AskReset("c01", "server", "cp-1", **WHY))
    with pytest.raises(Refused):
        story.do(AskReset("c01", **WHY))
    assert story.do(ResetDone("c01", number=2)) == ()
    assert [event.kind for event in story.do(ResetDone("c01", number=1))] == ["machine-reset-done"]
    assert story.do(ResetDone("c01", number=1)) == ()
    story.do(AskReset("c01", **WHY))
    assert story.do(ResetDone("c01", number=1)) == ()
    story.do(ResetFailed("c01", 2, DISK))
    assert (story["c01"].reset, story["c01"].failure) == (None, DISK)
    story.do(AskReset("c01", **WHY))


@pytest.mark.parametrize(
    ("machine", "to"), [("routeur", "start"), (None, "cp-9"), ("\ud800", "start"), (None, "x" * 999)]
)
def test_a_reset_names_what_exists(machine: str | None, to: str) -> None:
    with pytest.raises(Refused) as caught:
        started("c01").do(AskReset("c01", machine, to, **WHY))
    assert "server" in french(caught.value) or "start" in french(caught.value)


def test_a_reset_asked_in_time_outlives_the_bell_but_not_the_freeze() -> None:
    story = started("c01")
    story.do(AskReset("c01", **WHY), at(179))
    story.do(RingBell(), at(180))
    assert story["c01"].reset is not None
    story.do(BenchFrozen("c01"), at(181))
    assert story["c01"].reset is None


def test_the_same_checkpoint_or_failure_is_told_once() -> None:
    story = started("c01")
    for report, times in ((CheckpointTaken("c01", "cp-1", 0.1), 1), (CheckpointFailed("c01", DISK), 1)):
        assert [len(story.do(report)) for _ in range(2)] == [times, 0]
    assert story["c01"].checkpoint_failure == DISK
    story.do(CheckpointTaken("c01", "cp-2", 0.1))
    assert story["c01"].checkpoint_failure is None
    assert story["c01"].checkpoints == ("cp-1", "cp-2")


def test_time_without_a_machine_is_given_back_once() -> None:
    story = started("c01")
    report = BenchRestored("c01", missing_since=at(10), lost_s=240.0, checkpoint="cp-1")
    back, more = story.do(report, at(12))
    assert isinstance(back, events.BenchRestored)
    assert isinstance(more, events.TimeExtended)
    assert (more.seconds, more.origin, more.who) == (120, "bench-restored", commands.ENGINE)
    assert story.do(report, at(13)) == ()
    story.do(BenchRestored("c01", missing_since=at(11), lost_s=0.0), at(15))
    assert story.clock("c01").extended_s == 120 + 180  # from minute 12: what came before was given back already


def test_only_time_on_the_clock_is_given_back() -> None:
    story = started("c01")
    story.do(Pause("c01", **WHY), at(11))
    story.do(BenchRestored("c01", missing_since=at(10), lost_s=0.0), at(40))
    assert story.clock("c01").extended_s == 60
    story.do(BenchRestored("c01", missing_since=at(41), lost_s=0.0), at(50))
    assert story.clock("c01").extended_s == 60


def test_after_the_deadline_a_bench_comes_back_without_time() -> None:
    story = started("c01")
    made = story.do(BenchRestored("c01", missing_since=at(170), lost_s=0.0), at(180))
    assert [event.kind for event in made] == ["bench-restored"]
    assert story.clock("c01").is_due(at(180))


def test_a_report_about_nobody_says_nothing() -> None:
    assert prepared("c01").do(BenchReady("c77")) == ()
    assert Story().do(RingBell()) == ()
