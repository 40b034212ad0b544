"""The service desk in the browser: the candidate's own tickets while they are there, and the jury beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from labs.loader import LoadedLab
from labs.problems import LabError
from orchestrator.exam import commands
from orchestrator.store import journal, records
from orchestrator.tickets.documents import PROSE
from orchestrator.tickets.rules import MOST_TICKETS
from tests.unit.web.service_desk import (
    BEFORE_JURY,
    FOLDER,
    FREE,
    INTERVIEW,
    PREPARATION,
    begin,
    does,
    end,
    entries,
    open_ticket,
    sends,
    shown,
    ticket,
    write_lab_with_incident,
)
from tests.unit.web.world import SLUG, Browser, SiteWorld
from web.candidate import pace
from web.candidate.pace import Pace

QUALIFIED = {"kind": "incident", "category": "network", "impact": "2", "urgency": "1"}


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks too often here."""
    monkeypatch.setattr(pace, "_pace", Pace(count(step=60).__next__))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SiteWorld]:
    """Everybody's work is frozen, and the lab has an incident."""
    made = SiteWorld(tmp_path, lab=str(write_lab_with_incident(tmp_path / "lab")))
    made.frozen()
    yield made
    made.close()


@pytest.fixture
def me(world: SiteWorld) -> Browser:
    """c01, before the jury, with one ticket."""
    assert open_ticket(world).status_code == 303
    begin(world, BEFORE_JURY)
    return world.browser("candidate")


# --- from one end to the other
def test_an_incident_from_ticket_to_closing(world: SiteWorld, me: Browser) -> None:
    assert "Nobody finds my computer" in shown(me, "/poste/tickets")
    done: tuple[tuple[str, dict[str, str]], ...] = (
        ("prise-en-charge", {}),
        ("qualification", QUALIFIED),
        ("question", {"text": "Depuis quand ?"}),
        ("reponse", {"text": "Ce matin."}),
        ("etape", {"text": "hostname : pc-12"}),
        ("resolution", {"text": "Renommé", "cause": "Mauvais nom"}),
        ("fiche", {"title": "Nom", "symptoms": "a", "cause": "b", "text": "c", "audience": "technicians"}),
        ("cloture", {"text": "Elle confirme."}),
    )
    for seen, (deed, typed) in enumerate(done, start=1):
        world.clock.advance(timedelta(minutes=1))
        answer = sends(me, deed, typed, seen=seen)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/poste/tickets/1#last")
    page = shown(me, "/poste/tickets/1")
    for said in ("Clos", "P2 – haute", "Depuis quand ?", "hostname : pc-12", "Mauvais nom", "Elle confirme."):
        assert said in page
    evidence = shown(world.browser("jury"), FOLDER)
    for said in ("comme attendu", "name-lost", "candidat", "1 étape, 1 question"):
        assert said in evidence
    with world.store.read() as tx:
        told = [one for one in journal.entries(tx, SLUG) if one.kind == "recorded"]
    assert [(one.who, one.data["what"]) for one in told][:2] == [("jury", "opened"), ("c01", "taken")]
    assert len(told) == 9
    assert "Elle confirme" not in str(told)


# --- when, and whose
def test_the_desk_is_open_in_the_preparation_and_before_the_jury_alone(world: SiteWorld) -> None:
    open_ticket(world)
    browser = world.browser("candidate")

    def is_open() -> bool:
        states = {
            "Nobody finds" in shown(browser, "/poste/tickets"),
            "Nobody finds" in shown(browser, "/poste/tickets/1"),
            browser.get("/poste/tickets/suite?seen=1").status_code == 204,
            browser.get("/poste/tickets/1/suite?seen=1").status_code == 204,
        }
        assert len(states) == 1
        return states.pop()

    assert not is_open()
    for phase, expected in ((PREPARATION, True), (BEFORE_JURY, True), (INTERVIEW, False)):
        begin(world, phase)
        assert is_open() == expected
        if not expected:
            assert does(browser, "prise-en-charge").status_code == 409
        end(world)
        assert not is_open()
    assert browser.get("/poste/tickets/suite?seen=1").headers["HX-Refresh"] == "true"
    assert [one.document.what for one in entries(world)] == ["opened"]


def test_what_came_too_late_is_given_back(world: SiteWorld, me: Browser) -> None:
    does(me, "prise-en-charge")
    end(world)
    late = does(me, "etape", seen=2, text="Trop tard, mais pas perdu")
    assert late.status_code == 409
    page = late.get_data(as_text=True)
    assert "Trop tard, mais pas perdu" in page
    assert "fermé" in page
    told = does(me, "etape", seen=2, json=True, text="Trop tard")
    assert (told.status_code, "fermé" in told.get_json()["message"]) == (409, True)
    assert len(entries(world)) == 2


def test_nobody_sees_or_touches_the_tickets_of_somebody_else(world: SiteWorld, me: Browser) -> None:
    begin(world, BEFORE_JURY, "c02")
    other = world.browser("other_candidate")
    assert "Nobody finds" not in shown(other, "/poste/tickets")
    assert "Aucun ticket" in shown(other, "/poste/tickets")
    assert other.get("/poste/tickets/1").status_code == 404
    assert other.get("/poste/tickets/1/suite").status_code == 404
    assert does(other, "prise-en-charge").status_code == 404
    for stranger in ("other_jury", "supervisor", "trainer", "administrator", "candidate"):
        browser = world.browser(stranger)
        for address in (FOLDER, f"{FOLDER}/1/suite"):
            assert browser.get(address).status_code in (403, 404)
        assert browser.post(f"{FOLDER}/1/reponse", {"text": "x"}).status_code in (403, 404)
        assert browser.post(FOLDER, FREE).status_code in (403, 404)
    assert len(entries(world)) == 1


def test_a_candidate_cannot_do_what_the_jury_does(world: SiteWorld, me: Browser) -> None:
    does(me, "prise-en-charge")
    assert does(me, "reouverture", text="x").status_code == 404
    does(me, "etape", seen=2, text="x", who="jury", expected="1", incident="7", ticket="9", what="reopened")
    assert [(one.who, one.document.what) for one in entries(world)][1:] == [("c01", "taken"), ("c01", "step")]


def test_both_pages_of_the_jurys_part_lead_to_the_tickets(world: SiteWorld) -> None:
    jury, browser = world.browser("jury"), world.browser("candidate")
    assert 'href="/poste/tickets"' not in shown(browser, "/poste")
    begin(world, PREPARATION)
    assert 'href="/poste/tickets"' in shown(browser, "/poste")
    assert f'href="{FOLDER}"' in shown(jury, f"/jury/{SLUG}/c01/heure")


# --- what is typed
@pytest.mark.parametrize(
    ("deed", "typed", "fault"),
    [
        ("etape", {"text": "x" * (PROSE + 1)}, "4000\xa0caractères au plus|4000 caractères au plus"),
        ("etape", {"text": " \r\n"}, "À remplir"),
        ("etape", {}, "À remplir"),
        ("qualification", {**QUALIFIED, "impact": "4"}, "À choisir"),
        ("qualification", {**QUALIFIED, "kind": "<script>"}, "À choisir"),
        ("escalade", {"to": "x" * 121, "text": "déjà tout essayé"}, "120"),
    ],
)
def test_what_does_not_fit_is_given_back_with_what_is_wrong(
    world: SiteWorld, me: Browser, deed: str, typed: dict[str, str], fault: str
) -> None:
    does(me, "prise-en-charge")
    answer = sends(me, deed, typed, seen=2)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert re.search(fault, page)
    assert 'aria-invalid="true"' in page
    assert "<script>" not in page.replace('<script src="', "")
    assert all(text.strip() in page for text in typed.values() if "<" not in text)
    told = sends(me, deed, typed, seen=2, json=True)
    assert (told.status_code, len(told.get_json()["faults"])) == (400, 1)
    assert len(entries(world)) == 2


def test_what_makes_no_sense_is_refused_and_given_back(world: SiteWorld, me: Browser) -> None:
    answer = does(me, "resolution", text="fait", cause="rien")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Prenez d’abord le ticket en charge" in page
    assert ">\nfait</textarea>" in page
    assert ">\nrien</textarea>" in page


def test_the_same_deed_sent_again_after_a_lost_answer_is_recorded_once(world: SiteWorld, me: Browser) -> None:
    does(me, "prise-en-charge")
    for _ in range(3):
        assert does(me, "etape", seen=2, text="ipconfig").status_code == 303
    assert does(me, "prise-en-charge", seen=1).status_code == 303
    assert [one.document.what for one in entries(world)] == ["opened", "taken", "step"]
    does(me, "etape", seen=3, text="ipconfig")  # seen, and done once more
    assert len(entries(world)) == 4


@pytest.mark.parametrize("seen", ["", "x", "-1", "1" * 9, "²"])
def test_a_strange_count_is_no_request_of_ours(me: Browser, seen: str) -> None:
    assert me.get("/poste/tickets/suite", query_string={"seen": seen}).status_code == 400


def test_what_is_written_is_shown_as_text(world: SiteWorld, me: Browser) -> None:
    does(me, "prise-en-charge")
    does(me, "etape", seen=2, text="<img src=x onerror=alert(1)> \u202eabc")
    for page in (shown(me, "/poste/tickets/1"), shown(world.browser("jury"), FOLDER)):
        assert "&lt;img src=x onerror=alert(1)&gt; ‹U+202E›abc" in page


def test_a_correction_stands_beside_what_it_corrects(world: SiteWorld, me: Browser) -> None:
    does(me, "prise-en-charge")
    does(me, "etape", seen=2, text="DNS = .99")
    assert does(me, "correction", seen=3, record="3", text="non : .98").status_code == 303
    assert does(me, "correction", seen=4, record="1", text="pas de moi").status_code == 409
    page = shown(me, "/poste/tickets/1")
    assert "DNS = .99" in page
    assert "non : .98" in page
    assert "de l’entrée 3" in page


def test_the_jury_corrects_its_own_words_alone(world: SiteWorld, me: Browser) -> None:
    jury = world.browser("jury")
    does(me, "prise-en-charge")
    correction = {"record": "1", "text": "depuis hier, pardon", "seen": "2"}
    assert "Corriger ce que vous avez écrit" in shown(jury, FOLDER)
    assert jury.post(f"{FOLDER}/1/correction", {**correction, "record": "2"}).status_code == 409
    assert jury.post(f"{FOLDER}/1/correction", correction).status_code == 303
    assert "depuis hier, pardon" in shown(me, "/poste/tickets/1")


def test_too_fast_is_told(world: SiteWorld, me: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_pace", Pace(lambda: 0.0))
    answers = {me.get("/poste/tickets").status_code for _ in range(80)}
    assert answers == {200, 429}


# --- the page follows what happens
def test_the_page_is_told_only_what_is_new(world: SiteWorld, me: Browser) -> None:
    assert me.get("/poste/tickets/1/suite?seen=1").status_code == 204
    world.browser("jury").post(f"{FOLDER}/1/reponse", {"text": "Vous m'entendez ?", "seen": "1"})
    answer = me.get("/poste/tickets/1/suite?seen=1")
    assert "Vous m&#39;entendez ?" in answer.get_data(as_text=True)
    assert 'value="2" data-status="new"' in answer.get_data(as_text=True)
    jury = world.browser("jury")
    assert jury.get(f"{FOLDER}/1/suite?seen=2").status_code == 204
    does(me, "prise-en-charge", seen=2)
    news = jury.get(f"{FOLDER}/1/suite?seen=2").get_data(as_text=True)
    assert "Prise en charge" in news
    assert [news.count(f"· {who}</span>") for who in ("vous", "candidat")] == [2, 1]


# --- the jury
def test_the_jury_opens_a_ticket_in_its_own_words(world: SiteWorld) -> None:
    assert open_ticket(world, FREE).status_code == 303
    made = ticket(world)
    assert (made.opening.subject, made.opening.expected, made.opening.incident) == (FREE["subject"], None, None)
    begin(world, PREPARATION)
    assert FREE["caller"] in shown(world.browser("candidate"), "/poste/tickets/1")


def test_the_page_of_the_hour_opens_the_ticket_of_an_incident_and_leads_to_it(world: SiteWorld) -> None:
    world.do(commands.OpenCopy(who="jury", candidate="c01"))
    world.passes()
    world.do(commands.AskIncident(who="jury", candidate="c01", incident="name-lost", request=False))
    jury, page = world.browser("jury"), f"/jury/{SLUG}/c01/heure"
    offer = "Ouvrir son ticket"
    assert offer not in shown(jury, page)  # not before it is seen
    world.do(commands.IncidentInjected(candidate="c01", number=1, breaking_s=1, seeing_s=1))
    assert offer in shown(jury, page)
    open_ticket(world, seen=0)
    assert offer not in shown(jury, page)
    assert f'href="{FOLDER}#ticket-1"' in shown(jury, page)
    opening = ticket(world).opening
    assert opening.incident == 1
    assert opening.expected is not None
    assert (opening.expected.incident, opening.expected.impact, opening.expected.urgency) == ("name-lost", 2, 1)


@pytest.mark.parametrize("typed", [{"incident": "name-lost"}, FREE])
def test_a_button_pressed_twice_opens_one_ticket(world: SiteWorld, typed: dict[str, str]) -> None:
    for seen, tickets in ((0, 1), (0, 1), (1, 2)):
        assert open_ticket(world, typed, seen=seen).status_code == 303
        assert len(entries(world)) == tickets


def test_a_ticket_that_cannot_be_opened_is_given_back(world: SiteWorld) -> None:
    answer = open_ticket(world, {**FREE, "caller": " "})
    assert answer.status_code == 400
    assert FREE["subject"] in answer.get_data(as_text=True)
    assert open_ticket(world, {"incident": "nothing"}).status_code == 404
    for _ in range(MOST_TICKETS):
        open_ticket(world)
    assert open_ticket(world, FREE).status_code == 409
    assert len(entries(world)) == MOST_TICKETS


def test_the_jury_answers_and_reopens(world: SiteWorld, me: Browser) -> None:
    jury = world.browser("jury")
    does(me, "prise-en-charge")
    does(me, "question", seen=2, text="Depuis quand ?")
    assert jury.post(f"{FOLDER}/1/reponse", {"text": "Ce matin", "seen": "3"}).status_code == 303
    assert ticket(world).status == "progress"
    assert jury.post(f"{FOLDER}/1/reouverture", {"text": "Non", "seen": "4"}).status_code == 409
    does(me, "resolution", seen=4, text="a", cause="b")
    assert jury.post(f"{FOLDER}/1/reouverture", {"text": "Non", "seen": "5"}).status_code == 303
    assert (ticket(world).status, ticket(world).reopened) == ("progress", 1)
    assert "Rouvert" in shown(me, "/poste/tickets/1")


def test_a_lab_that_cannot_be_read_leaves_tickets_in_words_of_ones_own(
    world: SiteWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_opened: object, _candidate: str) -> LoadedLab:
        raise LabError([])

    monkeypatch.setattr("web.tickets.jury.candidate_lab", gone)
    page = shown(world.browser("jury"), FOLDER)
    assert "name-lost" not in page
    assert open_ticket(world, FREE).status_code == 303


def test_nothing_can_be_written_once_the_session_is_purged(world: SiteWorld, me: Browser) -> None:
    end(world)
    world.do(commands.Close(who="boss"))
    world.desk.purge(SLUG, commands.Purge(who="boss", why="essai"), early=True)
    assert open_ticket(world, FREE).status_code == 409
    with world.store.read() as tx:
        assert records.every(tx, SLUG, "c01", "tickets") == []
