"""What a jury reads of how a ticket was handled: facts, and nothing that is for people to judge."""

from __future__ import annotations

from orchestrator.tickets import documents as said
from orchestrator.tickets.evidence import Handling, findings, handling
from tests.unit.tickets.desk import (
    ANSWERED,
    ASKED,
    CLOSED,
    ESCALATED,
    KNOWLEDGE,
    OPENED,
    QUALIFIED,
    REOPENED,
    SOLVED,
    STEP,
    TAKEN,
    ticket,
)


def told(how: Handling) -> dict[str, str]:
    return {line.what.en: line.found.en for line in findings(how)}


def test_a_ticket_well_handled() -> None:
    how = handling(ticket(TAKEN, QUALIFIED, STEP, ASKED, ANSWERED, STEP, SOLVED, KNOWLEDGE, CLOSED))
    assert (how.response_s, how.solve_s, how.pending_s) == (60, 420, 60)
    assert (how.steps, how.questions, how.solved, how.knowledge, how.closed) == (2, 1, True, True, True)
    assert (how.kind_is_right, how.priority_is_right) == (True, True)
    assert (how.lab_incident, how.competency, how.incident) == ("stale-dns", "BC01.C1", 1)
    assert how.agreement == CLOSED.text
    assert told(how) == {
        "State": "Closed",
        "Response time": "1 min",
        "Incident or request": "Incident (network), as expected",
        "Priority": "P2 – high (impact medium, urgency high), as expected",
        "Work logged": "2 steps, 1 question",
        "Escalation": "no",
        "Time to solve": "7 min, 1 min of it waiting for the user",
        "Knowledge base": "yes",
        "Closed with the user's agreement": "yes",
        "Reopened": "0",
    }


def test_a_ticket_that_nobody_touched() -> None:
    how = handling(ticket())
    assert (how.response_s, how.solve_s, how.chosen, how.kind_is_right, how.priority_is_right) == (None,) * 5
    assert told(how)["Priority"] == "not qualified"
    assert told(how)["Response time"] == "not yet"
    assert {line.good for line in findings(how)} == {None}


def test_another_priority_than_expected_is_said_and_the_last_one_counts() -> None:
    low = QUALIFIED.model_copy(update={"impact": 3, "urgency": 3, "kind": "request"})
    how = handling(ticket(QUALIFIED, low))
    assert (how.kind_is_right, how.priority_is_right, how.requalified) == (False, False, 1)
    assert told(how)["Priority"] == (
        "P5 – planned (impact low, urgency low), qualified 2 times; expected: P2 – high (impact medium, urgency high)"
    )
    assert told(how)["Incident or request"] == "Service request (network); expected: Incident"


def test_the_same_priority_by_another_way_is_right() -> None:
    how = handling(ticket(QUALIFIED.model_copy(update={"impact": 1, "urgency": 2})))
    assert how.priority_is_right


def test_nothing_is_right_or_wrong_where_nothing_is_expected() -> None:
    free = OPENED.model_copy(update={"expected": None, "incident": None})
    found = ticket(QUALIFIED).model_copy(update={"opening": free})
    how = handling(found)
    assert (how.kind_is_right, how.priority_is_right, how.expected, how.competency) == (None, None, None, None)
    assert told(how)["Priority"] == "P2 – high (impact medium, urgency high)"


def test_an_escalation_is_told_with_its_reason() -> None:
    how = handling(ticket(TAKEN, ESCALATED))
    assert (how.escalated_to, how.escalation) == (ESCALATED.to, ESCALATED.text)
    assert told(how)["Escalation"] == ESCALATED.to


def test_a_reopened_ticket_is_not_solved_any_more() -> None:
    correction = said.Corrected(ticket=1, record=3, text="non : le DHCP")
    how = handling(ticket(TAKEN, SOLVED, CLOSED, correction, REOPENED))
    assert (how.solved, how.closed, how.solve_s, how.reopened, how.corrections) == (False, False, None, 1, 1)


def test_it_survives_json() -> None:
    how = handling(ticket(TAKEN, QUALIFIED, ESCALATED))
    assert Handling.model_validate_json(how.model_dump_json()) == how
