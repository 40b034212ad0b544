"""What the jury decides together: nothing is decided by the machine, and every deviation has its grounds."""

from __future__ import annotations

import pytest

from orchestrator.exam import Refused
from orchestrator.marks.documents import BlockDecision
from orchestrator.marks.frame import frame_of
from orchestrator.marks.outcomes import block_needs_words, block_outcome, title_outcome
from orchestrator.marks.rules import undecided
from tests.unit.marks.room import (
    FIRST,
    MET,
    NOT_MET,
    NOT_SEEN,
    PART,
    PARTLY,
    REFERENTIAL,
    SECOND,
    THIRD,
    WHOLE,
    Room,
)


# --- what is proposed
@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((MET, MET), True),
        ((MET, NOT_MET), False),
        ((NOT_SEEN, NOT_MET), False),
        ((MET, PARTLY), None),
        ((MET, NOT_SEEN), None),  # what nobody saw counts neither for nor against
        ((MET, None), None),
        ((None, None), None),
    ],
)
def test_a_block_is_proposed_only_where_it_is_plain(levels: tuple[object, object], expected: object) -> None:
    found = {name: level for name, level in zip(("BC01.C1", "BC01.C2"), levels, strict=True) if level is not None}
    assert block_outcome(REFERENTIAL.blocks[0], found) is expected  # type: ignore[arg-type]


def test_the_title_follows_from_the_blocks_or_stays_open() -> None:
    assert title_outcome([True, True]) == "granted"
    assert title_outcome([True, False]) == "partial"
    assert title_outcome([False, False]) == "refused"
    assert title_outcome([True, None]) is None
    assert title_outcome([False, None]) is None


@pytest.mark.parametrize(
    ("granted", "common", "jurors", "machine", "needed"),
    [
        (True, True, (True, True), True, False),
        (True, None, (None, None), None, False),
        (False, None, (None, None), None, True),  # refused, and nothing says so plainly
        (True, False, (None, None), None, True),
        (False, True, (None, None), None, True),
        (True, None, (False, False), None, True),  # against both jurors
        (True, None, (False, None), None, False),
        (True, None, (False, True), None, False),
        (True, True, (True, True), False, True),  # against the machine
        (False, False, (False, False), None, False),
    ],
)
def test_a_block_needs_words_where_it_deviates(
    granted: bool, common: object, jurors: tuple[object, ...], machine: object, needed: bool
) -> None:
    decision = BlockDecision(block="BC01", granted=granted)
    assert block_needs_words(decision, common, jurors, machine) is needed  # type: ignore[arg-type]


# --- the blocks of the session
def test_the_blocks_of_the_format_are_decided_and_the_title_with_all_of_them() -> None:
    assert [block.id for block in WHOLE.blocks] == ["BC01", "BC02"]
    assert WHOLE.decides_title
    assert [block.id for block in PART.blocks] == ["BC02"]
    assert not PART.decides_title
    rehearsal = frame_of(REFERENTIAL, "complet-repetition")
    assert rehearsal is not None
    assert rehearsal.decides_title
    assert frame_of(REFERENTIAL, "essai") is None  # a trial of a lab examines nobody


def test_a_session_for_one_block_decides_on_no_title() -> None:
    room = Room(PART)
    room.agreed()
    with pytest.raises(Refused, match="contredit"):
        room.decide(title="granted")
    room.decide(title=None)
    room.sign(FIRST, SECOND)
    assert room.marking.is_signed


# --- common marks
def test_a_common_mark_that_is_no_jurors_needs_words() -> None:
    room = Room(PART)
    room.grid(FIRST, MET)
    room.grid(SECOND, NOT_MET)
    room.common(FIRST, "BC02.C1", PARTLY)
    assert undecided(room.marking, room.frame) == ["BC02.C1"]
    with pytest.raises(Refused, match="communes"):
        room.decide(title=None, granted=(False,), words="insuffisant")
    room.common(FIRST, "BC02.C1", PARTLY, "démarche juste, résultat incomplet")
    assert undecided(room.marking, room.frame) == []
    room.common(SECOND, "BC02.C1", MET)  # a juror's own level needs none
    assert undecided(room.marking, room.frame) == []


def test_a_common_mark_against_the_proposal_needs_words_even_where_all_agree() -> None:
    room = Room(PART, {"BC02.C1": NOT_MET})
    for juror in (FIRST, SECOND):
        room.grid(juror, MET)
    room.common(FIRST, "BC02.C1", MET)
    assert undecided(room.marking, room.frame) == ["BC02.C1"]


def test_nothing_is_decided_before_every_competency_has_a_common_mark() -> None:
    room = Room()
    for juror in (FIRST, SECOND):
        room.grid(juror)
    room.common(FIRST, "BC01.C1", MET)
    with pytest.raises(Refused) as refusal:
        room.decide()
    assert refusal.value.where == "BC01.C2, BC02.C1"


# --- decisions
def test_a_plain_decision_needs_no_grounds() -> None:
    room = Room()
    room.agreed()
    room.decide()
    assert room.marking.decision is not None
    assert room.marking.decision.said.levels == {"BC01.C1": MET, "BC01.C2": MET, "BC02.C1": MET}


def test_a_decision_against_the_marks_needs_its_grounds() -> None:
    room = Room()
    room.agreed(BC02_C1=NOT_MET)
    with pytest.raises(Refused, match="motivation") as refusal:
        room.decide()
    assert refusal.value.where == "BC02"
    room.decide(words="vu en entretien")


def test_a_decision_against_the_proposal_needs_its_grounds_even_where_the_jury_agrees() -> None:
    room = Room(PART, {"BC02.C1": NOT_MET})
    room.agreed()
    with pytest.raises(Refused, match="motivation"):
        room.decide(title=None)
    room.decide(title=None, words="panne de l'imprimante, vue par le jury")


def test_refusing_what_nothing_refuses_needs_its_grounds() -> None:
    room = Room()
    room.agreed(BC02_C1=PARTLY)
    with pytest.raises(Refused, match="motivation"):
        room.decide(granted=(True, False), title="partial")
    room.decide(granted=(True, False), title="partial", words="trop incomplet")


@pytest.mark.parametrize(
    ("granted", "title"),
    [((True, False), "granted"), ((False, False), "granted"), ((False, False), "partial"), ((True, False), "refused")],
)
def test_the_title_does_not_contradict_the_blocks(granted: tuple[bool, ...], title: object) -> None:
    room = Room()
    room.agreed()
    with pytest.raises(Refused, match="contredit"):
        room.decide(granted=granted, title=title, words="x", title_words="x")  # type: ignore[arg-type]


def test_refusing_the_title_with_all_blocks_granted_needs_its_grounds() -> None:
    room = Room()
    room.agreed()
    with pytest.raises(Refused, match="motivation"):
        room.decide(title="partial")
    room.decide(title="partial", title_words="entretien final : pas de vision d'ensemble du métier")


def test_the_title_is_decided_where_the_session_decides_on_it() -> None:
    room = Room()
    room.agreed()
    with pytest.raises(Refused, match="contredit"):
        room.decide(title=None)


def test_a_block_cannot_be_left_out_or_added() -> None:
    room = Room()
    room.agreed()
    with pytest.raises(Refused, match="chacun des blocs"):
        room.decide(granted=(True,))
    other = (BlockDecision(block="BC01", granted=True), BlockDecision(block="BC09", granted=True))
    with pytest.raises(Refused, match="chacun des blocs"):
        room.decide(blocks=other)


def test_a_decision_rests_on_the_marks_that_were_read() -> None:
    room = Room()
    room.agreed()
    with pytest.raises(Refused, match="viennent de changer"):
        room.decide(levels={"BC01.C1": MET, "BC01.C2": PARTLY, "BC02.C1": MET})


def test_a_third_juror_without_a_grid_does_not_decide() -> None:
    room = Room()
    room.agreed()
    with pytest.raises(Refused, match="pas remis"):
        room.decide(THIRD)
