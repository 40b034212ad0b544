"""What a juror writes: always possible with words, never lost, never overwritten."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pydantic import ValidationError

from orchestrator.exam import HistoryError, Refused
from orchestrator.marks.documents import KINDS, Mark, Note
from orchestrator.marks.fold import fold
from orchestrator.marks.rules import unexplained, unmarked
from tests.unit.marks.room import FIRST, MET, NOT_MET, NOT_SEEN, PART, PARTLY, SECOND, Room


def test_every_version_of_a_mark_is_kept_and_the_last_one_counts() -> None:
    room = Room()
    room.mark(FIRST, "BC01.C1", PARTLY)
    room.mark(FIRST, "BC01.C1", MET)
    versions = room.marking.grid(FIRST).marks["BC01.C1"]
    assert [version.said.level for version in versions] == [PARTLY, MET]
    assert [version.number for version in versions] == [1, 2]
    assert room.marking.grid(FIRST).levels == {"BC01.C1": MET}
    assert not room.marking.grid(FIRST).corrections


def test_criteria_are_marked_beside_their_competency_and_need_not_be() -> None:
    room = Room()
    room.mark(FIRST, "BC01.C1.K2", PARTLY)
    assert unmarked(room.marking, room.frame, FIRST) == ["BC01.C1", "BC01.C2", "BC02.C1"]
    room.grid(FIRST)
    assert room.marking.grid(FIRST).levels["BC01.C1.K2"] is PARTLY


def test_what_the_session_does_not_assess_is_not_marked() -> None:
    room = Room(PART)
    room.mark(FIRST, "BC02.C1", MET)
    for about in ("BC01.C1", "BC02.C2", "BC02.C1.K1"):
        with pytest.raises(Refused, match="n'évalue pas"):
            room.mark(FIRST, about, MET)
    with pytest.raises(Refused, match="n'évalue pas"):
        room.write(FIRST, Note(about="BC01.C1", text="x"))


def test_a_grid_is_handed_in_whole_and_once() -> None:
    room = Room()
    room.mark(FIRST, "BC01.C1", MET)
    with pytest.raises(Refused, match="à évaluer") as refusal:
        room.hand_in(FIRST)
    assert refusal.value.where == "BC01.C2, BC02.C1"
    for name in ("BC01.C2", "BC02.C1"):
        room.mark(FIRST, name, NOT_SEEN)
    room.hand_in(FIRST)
    with pytest.raises(Refused, match="déjà remise"):
        room.hand_in(FIRST)
    assert room.marking.jurors == (FIRST,)


@pytest.mark.parametrize(
    ("proposed", "level", "needed"),
    [
        (MET, MET, False),
        (MET, PARTLY, True),
        (MET, NOT_SEEN, True),
        (NOT_MET, MET, True),
        (NOT_MET, NOT_MET, False),
        (PARTLY, NOT_MET, True),
        (NOT_SEEN, MET, False),  # the machine saw nothing: people may have
        (NOT_SEEN, PARTLY, False),
        (NOT_SEEN, NOT_MET, True),  # against the candidate, with nothing to show for it
        (NOT_SEEN, NOT_SEEN, False),
        (None, MET, False),
        (None, NOT_MET, True),
    ],
)
def test_what_deviates_from_the_proposal_is_kept_and_must_be_justified_before_it_is_handed_in(
    proposed: object, level: object, needed: bool
) -> None:
    room = Room(PART, {} if proposed is None else {"BC02.C1": proposed})  # type: ignore[dict-item]
    room.mark(FIRST, "BC02.C1", level)  # type: ignore[arg-type]
    assert unexplained(room.marking, FIRST) == (["BC02.C1"] if needed else [])
    if needed:
        with pytest.raises(Refused, match="justification"):
            room.hand_in(FIRST)
        room.mark(FIRST, "BC02.C1", level, "vu pendant l'entretien")  # type: ignore[arg-type]
    room.hand_in(FIRST)


def test_a_justification_is_held_against_what_was_proposed_when_it_was_written() -> None:
    room = Room(PART, {"BC02.C1": MET})
    room.mark(FIRST, "BC02.C1", MET)
    room.proposed = {"BC02.C1": NOT_MET}  # judged again since
    room.hand_in(FIRST)
    assert room.marking.grid(FIRST).marks["BC02.C1"][-1].said.proposed is MET


def test_after_it_is_handed_in_a_change_needs_a_reason_and_shows_as_a_correction() -> None:
    room = Room()
    room.grid(FIRST)
    with pytest.raises(Refused, match="motif"):
        room.mark(FIRST, "BC01.C1", PARTLY)
    with pytest.raises(Refused, match="justification"):
        room.mark(FIRST, "BC01.C1", NOT_MET, reason="me suis trompé de ligne")
    room.mark(FIRST, "BC01.C1", PARTLY, reason="me suis trompé de ligne")
    (correction,) = room.marking.grid(FIRST).corrections
    assert (correction.said.level, correction.said.reason) == (PARTLY, "me suis trompé de ligne")
    assert [version.said.level for version in room.marking.grid(FIRST).marks["BC01.C1"]] == [MET, PARTLY]


def test_nobody_writes_into_another_jurors_grid() -> None:
    room = Room()
    room.grid(FIRST)
    room.mark(SECOND, "BC01.C1", NOT_MET, "autre avis")
    assert room.marking.grid(FIRST).levels["BC01.C1"] is MET


def test_notes_replace_the_former_ones_and_these_are_kept() -> None:
    room = Room()
    for text in ("premier jet", "premier jet, suite"):
        room.write(FIRST, Note(about="phase-2", text=text))
    assert room.marking.grid(FIRST).note("phase-2") == "premier jet, suite"
    assert len(room.marking.grid(FIRST).notes["phase-2"]) == 2
    assert room.marking.grid(FIRST).note("BC01.C1") == ""


@pytest.mark.parametrize("about", ["BC1.C1", "BC01", "BC01.C1.K1.K2", "../BC01.C1", "BC01.C1\n", "phase-"])
def test_what_a_mark_or_note_is_about_is_bounded(about: str) -> None:
    for model, values in ((Mark, {"level": "met"}), (Note, {"text": ""})):
        with pytest.raises(ValidationError):
            model.model_validate({"about": about, **values})


def test_prose_is_bounded_and_without_control_characters() -> None:
    assert Mark(about="BC01.C1", level=MET, justification=" a\r\nb\tc ").justification == "a\nb\tc"
    for bad in ("x" * 4001, "a\x00b", "a\x1bb"):
        with pytest.raises(ValidationError):
            Mark(about="BC01.C1", level=MET, justification=bad)


def test_records_are_read_in_their_order_whatever_order_they_come_in() -> None:
    room = Room()
    room.mark(FIRST, "BC01.C1", PARTLY)
    room.mark(FIRST, "BC01.C1", MET)
    assert fold(room.entries[::-1]) == room.marking


def test_records_that_cannot_be_read_are_an_error_and_not_left_out() -> None:
    room = Room()
    room.mark(FIRST, "BC01.C1", MET)
    (entry,) = room.entries
    for broken in (
        replace(entry, what="vote"),
        replace(entry, document="{}"),
        replace(entry, document=json.dumps({"about": "BC01.C1", "level": "excellent"})),
    ):
        with pytest.raises(HistoryError):
            fold([broken])


def test_the_kinds_of_records_are_those_that_old_books_have() -> None:
    assert list(KINDS) == ["mark", "note", "handed-in", "juror-missing", "common-mark", "decision", "signed"]
