"""What happens to frozen work: judged, judged again for a reason, looked at on one copy at a time."""

from __future__ import annotations

from typing import Any

import pytest

from labs.text import Text
from orchestrator.exam import Refused, commands
from tests.unit.exam.story import Story, at, prepared

JURY = {"candidate": "c01", "who": "durand"}


@pytest.fixture
def story() -> Story:
    """One candidate, frozen at minute 30."""
    story = prepared("c01")
    story.do(commands.Start(who="dupont"))
    story.do(commands.Freeze(who="dupont", why="fin"), at(30))
    story.do(commands.BenchFrozen("c01", observation="0" * 64), at(31))
    return story


def judge(story: Story, why: str = "", points: float = 12.25, **changes: Any) -> list[str]:
    values = {"lab_hash": "1" * 64, "verdicts": "2" * 64, "points": points, "max_points": 20, **JURY, **changes}
    return [event.kind for event in story.do(commands.Judge(why=why, **values), at(40))]


def test_the_first_judgement_needs_no_reason_and_every_other_one_does(story: Story) -> None:
    assert judge(story) == ["judged"]
    with pytest.raises(Refused, match="motif"):
        judge(story)
    assert judge(story, why="contrôle corrigé", points=13) == ["judged"]
    assert story["c01"].judgements == 2
    assert [event.number for event in story.history if event.kind == "judged"] == [1, 2]  # type: ignore[union-attr]


def test_a_judgement_can_follow_an_appeal_after_the_closing_but_not_the_seal(story: Story) -> None:
    story.do(commands.Close(who="dupont"), at(60))
    assert judge(story) == ["judged"]
    story.do(commands.Seal(who="dupont"), at(61))
    with pytest.raises(Refused):
        judge(story, why="appel")


def test_a_book_takes_one_entry_after_another_until_the_seal(story: Story) -> None:
    written = {"book": "marks", "what": "mark", "digest": "3" * 64, **JURY}
    story.do(commands.Record(number=1, **written), at(40))
    with pytest.raises(Refused, match="vient d'y être écrit"):
        story.do(commands.Record(number=1, **written), at(41))
    story.do(commands.Record(number=1, **{**written, "book": "tickets"}), at(42))
    story.do(commands.Close(who="dupont"), at(60))
    story.do(commands.Record(number=2, **written), at(61))
    assert story["c01"].records == {"marks": 2, "tickets": 1}
    story.do(commands.Seal(who="dupont"), at(62))
    with pytest.raises(Refused):
        story.do(commands.Record(number=3, **written), at(63))


def test_what_could_not_be_observed_cannot_be_judged() -> None:
    story = prepared("c01")
    story.do(commands.Start(who="dupont"))
    story.do(commands.Freeze(who="dupont", why="fin"), at(30))
    story.do(commands.BenchFrozen("c01", observation=None, why="poste perdu"), at(31))
    with pytest.raises(Refused, match="observé"):
        judge(story)


def test_a_copy_that_was_closed_meanwhile_is_not_reported_open(story: Story) -> None:
    story.do(commands.OpenCopy(**JURY), at(40))
    story.do(commands.CloseCopy(**JURY), at(41))
    story.do(commands.OpenCopy(**JURY), at(42))
    assert story.do(commands.CopyOpened("c01", 1), at(43)) == ()
    assert story.do(commands.CopyFailed("c01", 1, Text("plein", "full")), at(43)) == ()
    copy = story["c01"].frozen_copy
    assert copy is not None
    assert (copy.number, copy.opened_at) == (2, None)


def test_use_is_recorded_once_in_a_while(story: Story) -> None:
    story.do(commands.OpenCopy(**JURY), at(40))
    story.do(commands.CopyOpened("c01", 1), at(41))
    used = [bool(story.do(commands.UseCopy(machine="client", **JURY), at(minute))) for minute in (42, 43, 51, 52, 61)]
    assert used == [True, False, False, True, False]


def test_only_a_machine_of_the_bench_has_a_console(story: Story) -> None:
    story.do(commands.OpenCopy(**JURY), at(40))
    story.do(commands.CopyOpened("c01", 1), at(41))
    with pytest.raises(Refused, match="machine"):
        story.do(commands.UseCopy(machine="<b>", **JURY), at(42))
