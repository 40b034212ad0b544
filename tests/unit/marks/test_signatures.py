"""Jurors sign what they read; whatever changes afterwards is a new version that they sign again."""

from __future__ import annotations

import pytest

from orchestrator.exam import Refused
from orchestrator.marks.documents import Signed
from tests.unit.marks.room import FIRST, MET, PARTLY, SECOND, THIRD, Room


@pytest.fixture
def room() -> Room:
    """Two grids, common marks and a decision."""
    made = Room()
    made.agreed()
    made.decide()
    return made


def test_it_is_signed_once_everybody_who_marked_has_signed(room: Room) -> None:
    assert room.marking.unsigned == (FIRST, SECOND)
    room.sign(SECOND)
    assert room.marking.unsigned == (FIRST,)
    assert not room.marking.is_signed
    room.sign(FIRST)
    assert room.marking.is_signed
    assert room.marking.settled


def test_nobody_signs_twice_nor_without_a_grid(room: Room) -> None:
    room.sign(FIRST)
    with pytest.raises(Refused, match="déjà signé"):
        room.sign(FIRST)
    with pytest.raises(Refused, match="pas remis"):
        room.sign(THIRD)


def test_there_is_nothing_to_sign_before_a_decision() -> None:
    room = Room()
    for juror in (FIRST, SECOND):
        room.grid(juror)
    with pytest.raises(Refused, match="en vigueur"):
        room.sign(FIRST)
    assert not room.marking.is_signed


def test_a_signature_is_for_one_version_to_the_letter(room: Room) -> None:
    decided = room.marking.decision
    assert decided is not None
    for number, digest in ((decided.number, "0" * 64), (decided.number - 1, decided.version.digest)):
        with pytest.raises(Refused, match="en vigueur"):
            room.write(FIRST, Signed(decision=number, digest=digest, name="A juror", how="password"))


def test_a_revised_decision_needs_a_reason_and_all_signatures_again(room: Room) -> None:
    room.sign(FIRST, SECOND)
    with pytest.raises(Refused, match="motif"):
        room.decide(SECOND)
    room.decide(SECOND, reason="recours du candidat")
    assert not room.marking.is_signed
    assert room.marking.unsigned == (FIRST, SECOND)
    first, second = room.marking.decisions
    assert set(first.signatures) == {FIRST, SECOND}  # the former version and its signatures stay
    assert second.said.reason == "recours du candidat"
    room.sign(FIRST, SECOND)
    assert room.marking.is_signed


def test_a_common_mark_changed_after_the_decision_needs_a_reason_and_voids_the_signatures(room: Room) -> None:
    room.sign(FIRST, SECOND)
    with pytest.raises(Refused, match="motif"):
        room.common(FIRST, "BC01.C1", PARTLY, "revu")
    room.common(FIRST, "BC01.C1", PARTLY, "revu", reason="recours")
    assert room.marking.is_outdated
    assert not room.marking.is_signed
    assert room.marking.common["BC01.C1"][-1].correction
    with pytest.raises(Refused, match="a changé"):
        room.sign(FIRST)
    room.decide(reason="recours")
    room.sign(FIRST, SECOND)
    assert room.marking.is_signed


def test_a_grid_does_not_change_once_it_was_decided_on(room: Room) -> None:
    with pytest.raises(Refused, match="le jury a décidé"):
        room.mark(FIRST, "BC01.C1", PARTLY, reason="erreur")


def test_one_juror_signs_alone_where_it_is_said_why() -> None:
    room = Room()
    room.grid(FIRST)
    room.alone(FIRST)
    for name in room.frame.competencies:
        room.common(FIRST, name, MET)
    room.decide()
    room.sign(FIRST)
    assert room.marking.is_signed
