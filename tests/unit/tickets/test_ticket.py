"""A ticket is what its entries add up to."""

from __future__ import annotations

import itertools

import pytest

from orchestrator.exam import Refused
from orchestrator.tickets import documents as said
from orchestrator.tickets.documents import DOCUMENT, LINE, PROSE, Document
from orchestrator.tickets.priority import LEVELS, priority
from orchestrator.tickets.rules import MOST_RECORDS, MOST_TICKETS, allowed, require, require_room
from orchestrator.tickets.ticket import Ticket, fold
from tests.unit.tickets.desk import (
    ANSWERED,
    ASKED,
    CLOSED,
    ESCALATED,
    KNOWLEDGE,
    NINE,
    OPENED,
    QUALIFIED,
    REOPENED,
    SOLVED,
    STEP,
    TAKEN,
    entries,
    ticket,
)


@pytest.mark.parametrize(
    ("documents", "status"),
    [
        ((), "new"),
        ((QUALIFIED,), "new"),
        ((TAKEN,), "progress"),
        ((TAKEN, STEP), "progress"),
        ((TAKEN, ASKED), "pending"),
        ((TAKEN, ASKED, STEP), "pending"),
        ((TAKEN, ASKED, ANSWERED), "progress"),
        ((TAKEN, ESCALATED), "escalated"),
        ((TAKEN, ESCALATED, ANSWERED), "escalated"),
        ((TAKEN, ESCALATED, TAKEN), "progress"),
        ((TAKEN, SOLVED), "solved"),
        ((TAKEN, SOLVED, KNOWLEDGE), "solved"),
        ((TAKEN, SOLVED, CLOSED), "closed"),
        ((TAKEN, SOLVED, CLOSED, KNOWLEDGE), "closed"),
        ((TAKEN, SOLVED, CLOSED, REOPENED), "progress"),
    ],
)
def test_the_status_follows_from_what_was_recorded(documents: tuple[Document, ...], status: str) -> None:
    assert ticket(*documents).status == status


def test_times_are_those_of_the_records() -> None:
    found = ticket(TAKEN, ASKED, STEP, ANSWERED, SOLVED, CLOSED)
    assert [found.first_action_at, found.solved_at, found.closed_at] == [
        NINE.replace(minute=minute) for minute in (1, 5, 6)
    ]
    assert (found.pending_s, found.pending_since) == (120, None)


def test_only_the_candidate_is_first_to_act() -> None:
    assert ticket(ANSWERED).first_action_at is None


def test_a_reopened_ticket_is_not_solved_and_keeps_what_was_said() -> None:
    found = ticket(TAKEN, SOLVED, CLOSED, REOPENED)
    assert (found.solved_at, found.closed_at, found.closed, found.reopened) == (None, None, None, 1)
    assert found.solved == SOLVED
    assert [entry.document for entry in found.entries] == [OPENED, TAKEN, SOLVED, CLOSED, REOPENED]


def test_a_later_qualification_stands_and_the_earlier_one_is_still_there() -> None:
    again = QUALIFIED.model_copy(update={"urgency": 3})
    found = ticket(QUALIFIED, TAKEN, again, KNOWLEDGE)
    assert found.qualified == again
    assert found.replaced == {2: 4}


def test_tickets_of_a_candidate_are_told_apart_by_number() -> None:
    other = OPENED.model_copy(update={"ticket": 2, "subject": "Autre"})
    found = fold(entries(OPENED, other, TAKEN.model_copy(update={"ticket": 2})))
    assert {number: one.status for number, one in found.items()} == {1: "new", 2: "progress"}


def test_what_follows_on_no_ticket_is_passed_over() -> None:
    assert fold(entries(TAKEN)) == {}


def test_a_ticket_survives_json() -> None:
    found = ticket(TAKEN, QUALIFIED, ASKED, ANSWERED, ESCALATED, TAKEN, SOLVED, KNOWLEDGE, CLOSED)
    assert Ticket.model_validate_json(found.model_dump_json()) == found


def test_the_candidate_sees_nothing_that_is_for_the_jury() -> None:
    seen = ticket(TAKEN).without_what_is_for_the_jury().model_dump_json()
    for secret in ("stale-dns", "BC01", '"expected":{', '"incident":1'):
        assert secret not in seen
    assert "Plus d'accès à l'intranet" in seen


EVERY: dict[str, Document] = {
    "taken": TAKEN,
    "qualified": QUALIFIED,
    "step": STEP,
    "asked": ASKED,
    "answered": ANSWERED,
    "escalated": ESCALATED,
    "solved": SOLVED,
    "knowledge": KNOWLEDGE,
    "closed": CLOSED,
    "reopened": REOPENED,
    "corrected": said.Corrected(ticket=1, record=2, text="Je voulais dire .10"),
}
STATES: dict[str, tuple[Document, ...]] = {
    "new": (QUALIFIED,),
    "progress": (TAKEN,),
    "pending": (TAKEN, ASKED),
    "escalated": (TAKEN, ESCALATED),
    "solved": (TAKEN, SOLVED),
    "closed": (TAKEN, SOLVED, CLOSED),
}
CANDIDATE = {
    "new": {"taken", "qualified", "corrected"},
    "progress": {"qualified", "step", "asked", "answered", "escalated", "solved", "knowledge", "corrected"},
    "pending": {"qualified", "step", "asked", "answered", "escalated", "solved", "knowledge", "corrected"},
    "escalated": {"taken", "qualified", "step", "knowledge", "corrected"},
    "solved": {"qualified", "step", "knowledge", "closed", "corrected"},
    "closed": {"knowledge", "corrected"},
}
JURY = {
    "new": {"answered", "corrected"},
    "progress": {"answered", "corrected"},
    "pending": {"answered", "corrected"},
    "escalated": {"answered", "corrected"},
    "solved": {"answered", "reopened", "corrected"},
    "closed": {"reopened", "corrected"},
}


@pytest.mark.parametrize("status", STATES)
def test_what_makes_no_sense_is_refused_with_what_to_do(status: str) -> None:
    found = ticket(*STATES[status])
    assert found.status == status
    assert allowed(found, "candidate") == CANDIDATE[status]
    assert allowed(found, "jury") == JURY[status]
    for what, document in EVERY.items():
        if what in CANDIDATE[status]:
            require(found, document, "candidate", "c01")
        else:
            with pytest.raises(Refused) as refusal:
                require(found, document, "candidate", "c01")
            assert refusal.value.do is not None


def test_nobody_corrects_what_somebody_else_wrote() -> None:
    found = ticket(TAKEN)
    for number in (1, 3, 99):  # the jury's, not there
        correction = said.Corrected(ticket=1, record=number, text="non")
        with pytest.raises(Refused, match="pas de vous"):
            require(found, correction, "candidate", "c01")


def test_tickets_and_their_entries_are_bounded() -> None:
    found = ticket(TAKEN, *[STEP] * (MOST_RECORDS - 2))
    with pytest.raises(Refused, match="plein"):
        require(found, STEP, "candidate", "c01")
    require_room(MOST_TICKETS - 1)
    with pytest.raises(Refused, match="déjà"):
        require_room(MOST_TICKETS)


def test_a_ticket_full_of_empty_lines_takes_no_more() -> None:
    """Printed, it would be thousands of pages: a session could not be sealed any more."""
    lines = said.Step(ticket=1, text="a" + "\n" * (PROSE - 2) + "b")
    few = ticket(TAKEN, *[lines] * 6)
    require(few, lines, "candidate", "c01")
    with pytest.raises(Refused, match="plein"):
        require(ticket(TAKEN, *[lines] * 7), lines, "candidate", "c01")
    require(ticket(TAKEN, *[said.Step(ticket=1, text="é" * PROSE)] * 12), STEP, "candidate", "c01")


def test_texts_are_cleaned_and_bounded() -> None:
    assert said.Step(ticket=1, text=" a\x00\r\nb\rc\x1b ").text == "a\nb\nc"
    assert said.Escalated(ticket=1, to=" N2\n réseau ", text="x").to == "N2 réseau"
    said.Step(ticket=1, text="é" * PROSE)
    said.Escalated(ticket=1, to="é" * LINE, text="x")
    for wrong in (
        {"what": "step", "ticket": 1, "text": "x" * (PROSE + 1)},
        {"what": "step", "ticket": 1, "text": " \x00\n "},
        {"what": "step", "ticket": 0, "text": "x"},
        {"what": "step", "ticket": 1, "text": "x", "expected": {}},
        {"what": "escalated", "ticket": 1, "to": "x" * (LINE + 1), "text": "x"},
        {"what": "qualified", "ticket": 1, "kind": "incident", "category": "network", "impact": 4, "urgency": 1},
        {"what": "nothing", "ticket": 1},
    ):
        with pytest.raises(ValueError, match="validation error"):
            DOCUMENT.validate_python(wrong)


def test_the_matrix_gives_the_priority_from_critical_to_planned() -> None:
    matrix = [[priority(impact, urgency) for urgency in LEVELS] for impact in LEVELS]
    assert matrix == [[1, 2, 3], [2, 3, 4], [3, 4, 5]]
    assert {priority(*pair) for pair in itertools.product(LEVELS, LEVELS)} == {1, 2, 3, 4, 5}
