"""Two jurors mark independently: neither reads the other's grid, nor what came of it, before their own is handed in."""

from __future__ import annotations

import pytest

from orchestrator.exam import Refused
from orchestrator.marks.documents import Note
from orchestrator.marks.views import seen_by
from tests.unit.marks.room import FIRST, MET, NOT_MET, NOT_SEEN, PARTLY, SECOND, THIRD, Room


def test_a_grid_under_way_is_its_authors_alone() -> None:
    room = Room()
    room.mark(FIRST, "BC01.C1", MET)
    room.write(FIRST, Note(about="general", text="hésite"))
    assert seen_by(room.marking, SECOND).grids == {}
    assert seen_by(room.marking, FIRST).grid(FIRST).note("general") == "hésite"


def test_who_handed_in_still_does_not_see_a_grid_under_way() -> None:
    room = Room()
    room.grid(FIRST)
    room.mark(SECOND, "BC01.C1", NOT_MET, "rien montré")
    assert list(seen_by(room.marking, FIRST).grids) == [FIRST]


def test_a_grid_handed_in_is_not_seen_by_who_has_not_handed_in() -> None:
    room = Room()
    room.mark(SECOND, "BC01.C1", MET)
    room.grid(FIRST)
    assert list(seen_by(room.marking, SECOND).grids) == [SECOND]


def test_both_see_both_once_both_have_handed_in() -> None:
    room = Room()
    room.grid(FIRST)
    room.grid(SECOND, PARTLY)
    for juror in (FIRST, SECOND):
        assert list(seen_by(room.marking, juror).grids) == [FIRST, SECOND]


def test_what_came_of_the_grids_is_hidden_from_a_third_juror_who_still_marks() -> None:
    room = Room()
    room.mark(THIRD, "BC01.C1", MET)
    room.agreed()
    room.decide()
    room.sign(FIRST)
    seen = seen_by(room.marking, THIRD)
    assert (list(seen.grids), seen.common, seen.decisions, seen.missing) == ([THIRD], {}, (), ())


def test_whoever_could_have_read_a_signed_decision_gives_no_independent_opinion_any_more() -> None:
    room = Room()
    room.mark(THIRD, "BC01.C1", MET)
    room.agreed()
    room.decide()
    room.sign(FIRST, SECOND)
    assert seen_by(room.marking, THIRD).decision is not None
    room.decide(reason="erreur de saisie")  # revised: unsigned again, and read already
    for attempt in (lambda: room.mark(THIRD, "BC01.C2", MET), lambda: room.hand_in(THIRD)):
        with pytest.raises(Refused, match="a été signée"):
            attempt()


def test_a_third_grid_before_the_signatures_makes_the_jury_decide_again() -> None:
    room = Room()
    room.agreed()
    room.decide()
    room.grid(THIRD)
    assert room.marking.is_outdated
    with pytest.raises(Refused, match="a changé"):
        room.sign(FIRST)
    room.decide(reason="troisième grille remise")
    room.sign(FIRST, SECOND)
    assert room.marking.unsigned == (THIRD,)


def test_a_common_mark_needs_two_grids() -> None:
    room = Room()
    with pytest.raises(Refused, match="pas remis"):
        room.common(FIRST, "BC01.C1", MET)
    room.grid(FIRST)
    room.mark(SECOND, "BC01.C1", MET)
    with pytest.raises(Refused, match="Une seule grille"):
        room.common(FIRST, "BC01.C1", MET)
    with pytest.raises(Refused, match="pas remis"):
        room.common(SECOND, "BC01.C1", MET)


def test_or_a_reason_why_there_is_only_one() -> None:
    room = Room()
    with pytest.raises(Refused, match="pas remis"):
        room.alone(FIRST)
    room.grid(FIRST)
    room.alone(FIRST)
    room.common(FIRST, "BC01.C1", MET)
    assert room.marking.missing[0].said.reason == "second juré souffrant"
    with pytest.raises(Refused, match="déjà ouverte"):
        room.alone(FIRST)
    # The second one who comes after all still marks without having read anything.
    room.mark(SECOND, "BC01.C1", NOT_SEEN)
    assert seen_by(room.marking, SECOND).common == {}
