"""Reading a GLPI over its REST API, as it is documented: against a simulated one, never a recorded one."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from orchestrator.settings import GlpiAccess
from orchestrator.tickets.evidence import handling
from orchestrator.tickets.glpi import Glpi, GlpiError, Reading, client, read_tickets
from orchestrator.tickets.glpi.plain import NOTHING, plain
from orchestrator.tickets.glpi.times import Zone
from tests.unit.tickets.glpi_server import APP, SESSION, USER, Simulated, serving

SINCE, UNTIL = datetime(2026, 6, 15, 6, 0, tzinfo=UTC), datetime(2026, 6, 15, 16, 0, tzinfo=UTC)
PARIS = Zone("Europe/Paris")

TICKET: dict[str, Any] = {
    "id": 14,
    "name": "Plus d'accès à l'intranet",
    "content": "&#60;p&#62;Depuis ce matin,&#60;br&#62;rien ne s&#39;ouvre.&#60;/p&#62;",
    "date": "2026-06-15 09:00:00",
    "date_creation": "2026-06-15 09:00:00",
    "takeintoaccountdate": "2026-06-15 09:02:00",
    "solvedate": "2026-06-15 09:30:00",
    "closedate": "2026-06-15 09:40:00",
    "date_mod": "2026-06-15 09:41:00",
    "status": 6,
    "type": 1,
    "urgency": 4,
    "impact": 3,
    "priority": 4,
    "itilcategories_id": 3,
    "requesttypes_id": 3,
}
PARTS: dict[str, list[dict[str, Any]]] = {
    "Ticket_User": [
        {"id": 1, "tickets_id": 14, "users_id": 31, "type": 1},
        {"id": 2, "tickets_id": 14, "users_id": 27, "type": 2},
    ],
    "ITILFollowup": [
        {"id": 5, "items_id": 14, "users_id": 27, "date": "2026-06-15 09:10:00", "content": "<p>Depuis quand ?</p>"},
        {"id": 6, "items_id": 14, "users_id": 31, "date": "2026-06-15 09:12:00", "content": "<p>Ce matin.</p>"},
    ],
    "TicketTask": [
        {"id": 7, "tickets_id": 14, "users_id": 27, "date": "2026-06-15 09:20:00", "content": "<p>ipconfig /all</p>"}
    ],
    "ITILSolution": [
        {
            "id": 8,
            "items_id": 14,
            "users_id": 27,
            "date_creation": "2026-06-15 09:30:00",
            "content": "<p>DNS remis</p>",
            "status": 3,
            "users_id_approval": 31,
            "date_approval": "2026-06-15 09:40:00",
        }
    ],
    "KnowbaseItem_Item": [{"id": 9, "knowbaseitems_id": 77, "itemtype": "Ticket", "items_id": 14}],
    "Log": [
        {"id": 100, "id_search_option": 10, "old_value": "3", "new_value": "4", "date_mod": "2026-06-15 09:05:00"},
        {"id": 101, "id_search_option": 12, "old_value": "2", "new_value": "4", "date_mod": "2026-06-15 09:10:30"},
        {"id": 102, "id_search_option": 12, "old_value": "4", "new_value": "2", "date_mod": "2026-06-15 09:12:30"},
        {"id": 103, "id_search_option": 12, "old_value": "2", "new_value": "5", "date_mod": "2026-06-15 09:30:00"},
    ],
}


@pytest.fixture
def glpi() -> Iterator[Simulated]:
    other = {**TICKET, "id": 15, "date": "2026-06-16 09:00:00"}
    article = {
        "id": 77,
        "name": "DNS d'un poste",
        "answer": "<p>Corriger</p>",
        "users_id": 27,
        "is_faq": 0,
        "date_creation": "2026-06-15 09:35:00",
    }
    made = Simulated(
        rows={
            "Ticket": {14: {**TICKET}, 15: other, 16: {**TICKET, "id": 16}},
            "User": {27: {"name": "c01"}, 28: {"name": "c02"}},
            "KnowbaseItem": {77: article},
        },
        parts={14: {name: [*rows] for name, rows in PARTS.items()}, 16: {"Ticket_User": [{"users_id": 28, "type": 2}]}},
    )
    with serving(made):
        yield made


def access(glpi: Simulated, **more: Any) -> GlpiAccess:
    return GlpiAccess(**{"url": glpi.url, "app_token": APP, "user_token": USER, **more})


def read(glpi: Simulated, technician: str | None = "c01") -> tuple[Reading, ...]:
    with Glpi(access(glpi)) as opened:
        return read_tickets(opened, SINCE, UNTIL, zone=PARIS, technician=technician)


def test_a_ticket_is_read_as_the_service_desk_knows_it(glpi: Simulated) -> None:
    (reading,) = read(glpi)
    ticket = reading.ticket
    assert (ticket.number, ticket.status, ticket.opening.channel) == (14, "closed", "phone")
    assert (ticket.opening.subject, ticket.opening.caller) == ("Plus d'accès à l'intranet", "glpi-31")
    assert ticket.opening.text == "Depuis ce matin,\nrien ne s'ouvre."
    assert [(entry.document.what, f"{entry.at:%H:%M:%S}", entry.who) for entry in ticket.entries] == [
        ("opened", "07:00:00", "glpi-31"),
        ("taken", "07:02:00", "glpi"),
        ("qualified", "07:05:00", "glpi"),
        ("step", "07:10:00", "glpi-27"),
        ("asked", "07:10:30", "glpi"),
        ("answered", "07:12:00", "glpi-31"),
        ("answered", "07:12:30", "glpi"),
        ("step", "07:20:00", "glpi-27"),
        ("solved", "07:30:00", "glpi-27"),
        ("knowledge", "07:35:00", "glpi-27"),
        ("closed", "07:40:00", "glpi-31"),
    ]
    how = handling(ticket)
    assert (how.response_s, how.solve_s, how.pending_s) == (120, 1800, 90)
    assert (how.steps, how.knowledge, how.closed) == (2, True, True)
    assert how.chosen is not None
    assert (how.chosen.kind, how.chosen.urgency, how.chosen.impact) == ("incident", 1, 2)
    assert [note.en for note in reading.notes] == ["Scales of GLPI (5: very high): urgency 4, impact 3, priority 4."]


def test_only_the_window_and_the_technician_that_were_asked_for_are_read(glpi: Simulated) -> None:
    assert [one.ticket.number for one in read(glpi, None)] == [14, 16]
    assert [one.ticket.number for one in read(glpi, "c02")] == [16]
    glpi.rows["Ticket"].clear()
    assert read(glpi) == ()


def test_a_technician_that_glpi_does_not_know_is_told(glpi: Simulated) -> None:
    with pytest.raises(GlpiError, match="technicien") as error:
        read(glpi, "nobody")
    assert error.value.where == "nobody"


def test_nothing_is_ever_written_and_the_session_ends(glpi: Simulated) -> None:
    read(glpi)
    assert glpi.methods == {"GET"}
    assert glpi.sessions == 0
    glpi.hidden.add("Ticket")
    with pytest.raises(GlpiError):
        read(glpi)
    assert glpi.sessions == 0


def test_what_the_account_may_not_see_is_said_and_not_made_up(glpi: Simulated) -> None:
    glpi.hidden |= {"Log", "KnowbaseItem_Item"}
    (reading,) = read(glpi)
    notes = " ".join(note.en for note in reading.notes)
    assert "history cannot be read" in notes
    assert "KnowbaseItem_Item" in notes
    assert reading.ticket.knowledge is None
    (qualified,) = [entry for entry in reading.ticket.entries if entry.document.what == "qualified"]
    assert f"{qualified.at:%H:%M}" == "07:41"


def test_a_knowledge_base_entry_that_cannot_be_read_is_said(glpi: Simulated) -> None:
    glpi.hidden.add("KnowbaseItem")
    (reading,) = read(glpi)
    assert [note.en for note in reading.notes][1:] == ["Cannot be read with this account: KnowbaseItem."]


def test_what_glpi_fills_in_by_itself_is_no_qualification(glpi: Simulated) -> None:
    glpi.rows["Ticket"][14] |= {"itilcategories_id": 0, "urgency": 3}
    glpi.parts[14]["Log"] = []
    (reading,) = read(glpi)
    assert reading.ticket.qualified is None


@pytest.mark.parametrize("solution", [{"users_id_approval": 27}, {"users_id_approval": 0}, {"status": 2}])
def test_a_ticket_closed_without_the_users_agreement_is_not_shown_as_agreed(
    glpi: Simulated, solution: dict[str, Any]
) -> None:
    glpi.parts[14]["ITILSolution"] = [{**PARTS["ITILSolution"][0], **solution}]
    (reading,) = read(glpi)
    assert (reading.ticket.status, handling(reading.ticket).closed) == ("solved", False)
    assert any("without the user's agreement" in note.en for note in reading.notes)


def test_a_reopened_ticket(glpi: Simulated) -> None:
    glpi.rows["Ticket"][14]["status"] = 2
    glpi.parts[14]["Log"].append(
        {"id_search_option": 12, "old_value": "5", "new_value": "2", "date_mod": "2026-06-15 09:50:00"}
    )
    (reading,) = read(glpi)
    assert (reading.ticket.status, reading.ticket.reopened) == ("progress", 1)


def test_rows_that_hold_anything_at_all_are_read(glpi: Simulated) -> None:
    junk = {name: ["x"] for name in ("date", "content", "users_id", "status", "id_search_option", "old_value", "name")}
    glpi.rows["Ticket"][14] |= {"name": None, "content": "<p></p>", "takeintoaccountdate": "never", "type": "x"}
    glpi.parts[14] = {**{name: [junk] for name in PARTS}, "Ticket_User": PARTS["Ticket_User"]}
    (reading,) = read(glpi)
    assert (reading.ticket.opening.subject, reading.ticket.opening.text) == (NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ({"user_token": "wrong"}, "ERROR_GLPI_LOGIN_USER_TOKEN"),
        ({"app_token": "wrong"}, "ERROR_WRONG_APP_TOKEN_PARAMETER"),
        ({"app_token": None}, "ERROR_APP_TOKEN_PARAMETERS_MISSING"),
    ],
)
def test_a_wrong_token_is_told_without_the_token(glpi: Simulated, token: dict[str, Any], code: str) -> None:
    with pytest.raises(GlpiError) as error, Glpi(access(glpi, **token)):
        pass
    assert code in error.value.where
    assert error.value.do is not None
    assert "[glpi]" in error.value.do.en


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((302, {"Location": "https://elsewhere.example/"}, b""), "redirects"),
        ((200, {}, b"<html>hello</html>"), "not that of GLPI"),
        ((200, {}, b'{"session_token": 3}'), "not that of GLPI"),
        ((200, {}, b"[" * 100_000), "not that of GLPI"),
        ((200, {}, b'{"session_token": "a\\r\\nb"}'), "not that of GLPI"),
        ((500, {}, b"[]"), "refuses"),
        ((403, {}, b'["<script>", 1]'), "refuses"),
        ((200, {}, b" " * (client.MOST_BYTES + 1)), "does not answer"),
    ],
)
def test_every_strange_answer_is_one_sentence(
    glpi: Simulated, answer: tuple[int, dict[str, str], bytes], told: str
) -> None:
    glpi.answer = answer
    with pytest.raises(GlpiError) as error, Glpi(access(glpi)):
        pass
    assert told in error.value.what.en
    assert "script" not in error.value.where


def test_a_glpi_that_is_not_there_is_told(glpi: Simulated) -> None:
    with pytest.raises(GlpiError, match="ne répond pas"), Glpi(access(glpi, url="http://127.0.0.1:9")):
        pass


def test_tokens_travel_over_tls_or_not_at_all(glpi: Simulated) -> None:
    with pytest.raises(GlpiError, match="https"):
        Glpi(access(glpi, url="http://glpi.example.org"))
    assert glpi.asked == []


def test_tokens_stand_in_no_address_error_log_or_description(glpi: Simulated, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        found = read(glpi)
        glpi.hidden.add("Ticket")
        with pytest.raises(GlpiError) as error:
            read(glpi)
    shown = [str(glpi.asked), caplog.text, repr(access(glpi)), str(error.value), repr(error.value), str(found)]
    for token in (APP, USER, SESSION):
        assert not any(token in text for text in shown)


@pytest.mark.parametrize(
    ("rich", "words"),
    [
        ("<p>a</p><p>b</p>", "a\nb"),
        ("&lt;p&gt;l&#39;été&lt;/p&gt;", "l'été"),
        ("<script>alert(1)</script><b>x</b>", "x"),
        ("a &lt; b", "a < b"),
        (None, NOTHING),
        ("<p>", NOTHING),
        ("x" * 5000, "x" * 3999 + "…"),
    ],
)
def test_rich_text_becomes_words(rich: object, words: str) -> None:
    assert plain(rich) == words


def test_moments_are_those_of_glpis_zone_in_summer_and_winter() -> None:
    assert PARIS.said(SINCE) == "2026-06-15 08:00:00"
    assert PARIS.heard("2026-06-15 08:00:00") == SINCE
    assert PARIS.heard("2026-01-15 08:00:00") == datetime(2026, 1, 15, 7, 0, tzinfo=UTC)
    assert PARIS.heard("0000-00-00 00:00:00") is None


def test_a_zone_or_token_that_cannot_be_is_refused() -> None:
    for wrong in ({"zone": "Paris"}, {"zone": "../etc"}, {"user_token": "a b"}, {"url": "https://u:p@glpi/"}):
        with pytest.raises(ValueError, match="validation error"):
            GlpiAccess(**{"url": "https://glpi.example.org", "user_token": USER, **wrong})
