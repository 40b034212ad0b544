"""What is read and printed: the journal, seat cards, what is held on a candidate."""

from __future__ import annotations

import json
import re
import zlib

import pytest
from weasyprint.urls import FatalURLFetchingError

from orchestrator.engine.opening import Enrolment, open_session
from orchestrator.exam import Phase, commands
from orchestrator.pdf import to_pdf
from orchestrator.store import audit, seats
from orchestrator.store.exams import StoredCandidate
from tests.unit.engine.world import MACHINES
from tests.unit.web.world import SLUG, SiteWorld
from web.supervisor import papers

WALL = f"/surveillance/{SLUG}/"


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has: its objects are in compressed streams."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, flags=re.DOTALL)
    objects = b"".join(zlib.decompressobj().decompress(stream) for stream in streams if stream[:1] == b"x")
    return len(re.findall(rb"/Type\s*/Page\b", objects + pdf))


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is set as PDF, before it is."""
    kept: list[str] = []

    def keep(html: str) -> bytes:
        kept.append(html)
        return to_pdf(html)

    monkeypatch.setattr(papers, "to_pdf", keep)
    return kept


def test_cards_have_name_seat_code_address_session_and_day(world: SiteWorld, printed: list[str]) -> None:
    base_url, client = "http://salle-12:8080", world.browser("supervisor").client
    with client.session_transaction(base_url=base_url) as session:
        session["login"] = world._secret("supervisor")
    answer = client.get(f"{WALL}cartes.pdf?jour=2026-06-15", base_url=base_url)
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert pages_of(answer.data) == 1
    for said in ("Le Goff Anaïs", "A1", seats.spelt(world.code("c01")), "Martin Léo", seats.spelt(world.code("c02"))):
        assert said in printed[0]
    for said in ("http://salle-12:8080/", SLUG, "lundi 15 juin 2026", "Code de place", "simulé"):
        assert printed[0].count(said) >= 2, said


def test_cards_speak_english_too(world: SiteWorld, printed: list[str]) -> None:
    headers = {"Accept-Language": "en"}
    world.browser("supervisor").get(f"{WALL}cartes.pdf?jour=2026-06-15", headers=headers)
    assert "Seat code" in printed[0]
    assert "Monday" in printed[0]


def test_eight_cards_fill_a_page(world: SiteWorld) -> None:
    for number, pages in ((8, 1), (9, 2)):
        slug = f"salle-{number}"
        people = [
            Enrolment(StoredCandidate(id=f"c{n:02d}", surname="Nom" * 9, first_name="Prénom" * 5, number=str(n)))
            for n in range(1, number + 1)
        ]
        open_session(
            world.desk,
            slug,
            world.lab,
            people,
            format_id="complet",
            phases=(Phase(kind="practical", title="Pratique", minutes=60, machines=MACHINES),),
            who="boss",
            unproved="une salle pour des cartes",
            trusted={"supervisor": ["supervisor"]},
        )
        assert pages_of(world.browser("supervisor").get(f"/surveillance/{slug}/cartes.pdf").data) == pages


def test_a_withdrawn_candidate_has_no_card_and_seats_are_in_order(world: SiteWorld, printed: list[str]) -> None:
    world.do(commands.Move(who="boss", candidate="c01", seat="A10"))
    world.browser("supervisor").get(f"{WALL}cartes.pdf")
    assert printed[0].index("A2") < printed[0].index("A10")
    world.do(commands.Withdraw(who="boss", why="essai", candidate="c02"))
    world.browser("supervisor").get(f"{WALL}cartes.pdf")
    assert "Martin" not in printed[1]


def test_a_day_that_is_none_is_refused(world: SiteWorld) -> None:
    assert world.browser("supervisor").get(f"{WALL}cartes.pdf?jour=demain").status_code == 400


@pytest.mark.parametrize("elsewhere", ["http://192.0.2.1/x.png", "file:///etc/passwd"])
def test_nothing_is_fetched_for_a_pdf(elsewhere: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        to_pdf(f'<p>x<img src="{elsewhere}"></p>')


def test_the_journal_reads_like_what_happened(world: SiteWorld) -> None:
    world.started()
    world.do(commands.Pause(who="boss", why="écran en panne", candidate="c02"))
    browser = world.browser("supervisor")
    page = browser.get(f"{WALL}journal").get_data(as_text=True)
    for said in ("session créée", "pause du candidat", "écran en panne", "Martin Léo", "Le journal est intact"):
        assert said in page
    only = browser.get(f"{WALL}journal?candidat=c01").get_data(as_text=True)
    assert "début de l" in only
    assert "pause du candidat" not in only


def test_a_journal_that_was_altered_is_told(world: SiteWorld) -> None:
    with world.store.write() as tx:
        tx.exec_driver_sql("DROP TRIGGER journal_no_update")
        tx.exec_driver_sql("UPDATE journal SET who='someone' WHERE session='juin' AND seq=2")
    page = world.browser("supervisor").get(f"{WALL}journal").get_data(as_text=True)
    assert "Ce journal a été modifié" in page
    assert "intact" not in page


def test_all_that_is_held_on_a_candidate_is_given_and_that_is_noted(world: SiteWorld) -> None:
    world.started()
    answer = world.browser("supervisor").get(f"{WALL}c01/donnees.json")
    held = json.loads(answer.data)
    assert held["candidate"]["surname"] == "Le Goff"
    assert held["simulated"] is True
    assert any(name.endswith("sujet.html") for name in held["files"])
    assert "c02" not in {entry["candidate"] for entry in held["journal"]}
    with world.store.read() as tx:
        assert audit.latest(tx, 1)[0].what == "candidate-exported"
    assert world.browser("supervisor").get(f"{WALL}c99/donnees.json").status_code == 404
