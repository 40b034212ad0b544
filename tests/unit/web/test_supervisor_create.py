"""Making a session from the site: what is refused is told in its place, and nothing is lost or half made."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from werkzeug.test import TestResponse

from orchestrator.catalog import lab_names, open_lab
from orchestrator.engine import opening
from orchestrator.exam.model import Backing
from orchestrator.proving import book
from orchestrator.simulation import is_recorded
from orchestrator.store import accounts, seats
from tests.proofs import AT, prove
from tests.unit.web.world import SiteWorld
from web.site import NAME
from web.supervisor import sessions

CREATE = "/surveillance/creer-une-session"
ROSTER = "Nom;Prénom;Numéro;Place;Temps majoré\nLe Goff;Anaïs;0001;A1;\nMartin;Léo;0002;A2;tiers\n"
HTMX = {"HX-Request": "true"}


def form(roster: bytes | str = ROSTER, name: str = "candidats.csv", **more: Any) -> dict[str, Any]:
    data = roster.encode() if isinstance(roster, str) else roster
    fields = {"slug": "juin-2026", "lab": "tai-complet", "format": "complet", "retention": "30"}
    return {**fields, "roster": (io.BytesIO(data), name), **more}


def send(world: SiteWorld, data: dict[str, Any], who: str = "supervisor", **headers: str) -> TestResponse:
    return world.browser(who).post(CREATE, data, content_type="multipart/form-data", headers=headers)


def test_a_session_is_made_with_its_candidates_codes_and_those_it_is_entrusted_to(world: SiteWorld) -> None:
    answer = send(world, form(supervisors=["other_supervisor"], jury=["jury"]))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/surveillance/juin-2026/")
    exam = world.exam("juin-2026")
    assert [(one.id, one.seat, one.clock.allotted_s) for one in exam.candidates.values()] == [
        ("c01", "A1", 180 * 60),
        ("c02", "A2", 240 * 60),
    ]
    with world.store.read() as tx:
        assert accounts.entrusted(tx, "juin-2026", "supervisor") == ["other_supervisor", "supervisor"]
        assert accounts.entrusted(tx, "juin-2026", "jury") == ["jury"]
        assert set(seats.codes(tx, "juin-2026")) == {"c01", "c02"}
    assert world.desk.open("juin-2026").stored.retention_days == 30
    assert world.browser("supervisor").get("/surveillance/juin-2026/").status_code == 200


def test_whoever_makes_it_is_its_jury_too_if_they_hold_that_role(world: SiteWorld) -> None:
    with world.store.write() as tx:
        accounts.change(tx, "supervisor", roles=("supervisor", "jury"))
    send(world, form())
    with world.store.read() as tx:
        assert accounts.entrusted(tx, "juin-2026", "jury") == ["supervisor"]


def test_a_workbook_will_do(world: SiteWorld) -> None:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (["Nom", "Prénom", "Numéro"], ["N'Diaye", "Awa", "0003"]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(out)
    assert send(world, form(out.getvalue(), "liste.xlsx")).status_code == 302
    assert list(world.exam("juin-2026").candidates) == ["c01"]


def test_every_fault_of_the_roster_is_shown_with_its_place_and_the_form_is_kept(world: SiteWorld) -> None:
    faulty = "Nom;Prénom;Numéro;Né(e) le\nLe Goff;;0001;1/1/2000\nMartin;Léo;0001;hier\n"
    answer = send(world, form(faulty, retention="77"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    for seen in ("<td>2</td>", "<td>3</td>", "B Prénom", "D Né(e) le", 'value="juin-2026"', 'value="77"'):
        assert seen in page, seen
    assert "juin-2026" not in [one.exam.slug for one in world.desk.sessions()]


def test_with_htmx_only_the_faults_come_back_and_then_the_address_of_the_wall(world: SiteWorld) -> None:
    part = send(world, form("Nom;Prénom\nMartin;Léo\n"), **HTMX)
    assert part.status_code == 400
    assert "<html" not in part.get_data(as_text=True)
    assert "manque la colonne" in part.get_data(as_text=True)
    made = send(world, form(), **HTMX)
    assert (made.status_code, made.headers["HX-Redirect"]) == (204, "/surveillance/juin-2026/")


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"slug": "Juin 2026"}, 422, "16 caractères"),
    ({"slug": "juin"}, 409, "existe déjà"),
    ({"retention": "beaucoup"}, 422, "Conservation"),
    ({"retention": "-1"}, 422, "Conservation"),
    ({"format": "ccp-bc09"}, 422, "Format"),
    ({"lab": "/etc"}, 400, "existe pas"),
    ({"lab": "../tai-complet"}, 400, "existe pas"),
    ({"supervisors": ["trainer"]}, 422, "surveillants"),
    ({"jury": ["supervisor"]}, 422, "Jury"),
    ({"minutes-etape-1": "90"}, 400, "certification"),  # a length that the certification sets
    ({"rehearsal": "y", "minutes-etape-1": "0"}, 400, "ne convient pas"),
    ({"rehearsal": "y", "minutes-etape-1": "9" * 400}, 400, "ne convient pas"),
    ({"clock_speed": "0"}, 422, "Vitesse"),
    ({"roster": ""}, 422, "Choisissez un fichier"),
]


def test_what_is_wrong_is_said_and_nothing_is_made(world: SiteWorld) -> None:
    before = [one.exam.slug for one in world.desk.sessions()]
    for wrong, status, said in WRONG:
        answer = send(world, {**form(), **wrong})
        assert answer.status_code == status, wrong
        assert said in answer.get_data(as_text=True), wrong
        assert [one.exam.slug for one in world.desk.sessions()] == before, wrong


def test_a_format_without_a_practical_is_offered_and_made(world: SiteWorld) -> None:
    part = world.browser("supervisor").get(f"{CREATE}/format?lab=tai-complet&format=ccp-bc01")
    assert "sans pratique" in part.get_data(as_text=True)
    assert send(world, {**form(), "format": "ccp-bc01"}).status_code == 302
    exam = world.exam("juin-2026")
    assert [(one.id, one.jury, one.extra_time) for one in exam.phases] == [
        ("prise-de-connaissance", False, True),
        ("mise-en-situation", True, False),
        ("entretien-technique", True, False),
    ]
    supervisor = world.browser("supervisor")
    assert "sans pratique" in supervisor.get("/surveillance/juin-2026/").get_data(as_text=True)
    assert supervisor.post("/surveillance/juin-2026/ordres/jury").status_code == 302
    assert world.exam("juin-2026").state == "jury"


def test_a_rehearsal_has_its_own_lengths_and_says_so(world: SiteWorld) -> None:
    send(world, {**form(), "rehearsal": "y", "minutes-etape-1": "30", "clock_speed": "60"})
    opened = world.desk.open("juin-2026")
    assert opened.exam.format == "complet-repetition"
    assert opened.exam.practical_s == 30 * 60
    assert opened.stored.anchor.speed == 60


@pytest.fixture
def real(world: SiteWorld) -> SiteWorld:
    """Exams are real, and ``tai-complet`` is not proved, whatever is shipped."""
    world.app.extensions[NAME] = replace(world.app.extensions[NAME], simulated=False)
    return world


def unproved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No proof is shipped."""
    without = partial(book.standing, shipped=tmp_path / "none")
    for module in (opening, sessions):
        monkeypatch.setattr(module, "standing", without)


def test_an_exam_needs_a_lab_that_is_proved_or_a_reason(
    real: SiteWorld, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unproved(monkeypatch, tmp_path)
    asked = real.browser("supervisor").get(CREATE).get_data(as_text=True)
    assert "Ce sujet n’est pas prouvé" in asked
    refused = send(real, form())
    assert refused.status_code == 400
    assert "epreuve lab prove tai-complet" in refused.get_data(as_text=True)
    assert send(real, form(unproved="  ")).status_code == 400
    assert send(real, form(unproved="machines en panne hier")).status_code == 302
    assert real.exam("juin-2026").backing == Backing(why="machines en panne hier")
    wall = real.browser("supervisor").get("/surveillance/juin-2026/").get_data(as_text=True)
    assert "machines en panne hier" in wall
    journal = real.browser("supervisor").get("/surveillance/juin-2026/journal").get_data(as_text=True)
    assert "non prouvé (machines en panne hier)" in journal


def test_a_proved_lab_is_said_to_be_and_asks_nothing(
    real: SiteWorld, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unproved(monkeypatch, tmp_path)
    prove(open_lab("tai-complet"), real.settings.proofs_dir)
    asked = real.browser("supervisor").get(f"{CREATE}/format?lab=tai-complet").get_data(as_text=True)
    assert "prouvé le 01/06/2026" in asked
    assert "unproved" not in asked
    assert send(real, form()).status_code == 302
    assert real.exam("juin-2026").backing == Backing(proved_at=AT)


def test_a_rehearsal_needs_no_proof(real: SiteWorld, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    unproved(monkeypatch, tmp_path)
    assert send(real, form(rehearsal="y")).status_code == 302
    assert real.exam("juin-2026").backing == Backing()


def test_a_clock_is_never_fast_where_exams_are_real(real: SiteWorld) -> None:
    world = real
    prove(open_lab("tai-complet"), world.settings.proofs_dir)
    assert "clock_speed" not in world.browser("supervisor").get(CREATE).get_data(as_text=True)
    assert send(world, {**form(), "clock_speed": "60"}).status_code == 302
    assert world.desk.open("juin-2026").stored.anchor.speed == 1
    assert not world.desk.open("juin-2026").stored.simulated


def test_a_roster_is_bounded(world: SiteWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MAX_ROSTER", len(ROSTER.encode()) - 1)
    answer = send(world, form())
    assert answer.status_code == 400
    assert "1\xa0Mio" in answer.get_data(as_text=True)


def test_what_is_far_too_large_is_not_even_read(world: SiteWorld) -> None:
    browser = world.browser("supervisor")
    for address, size in ((CREATE, 2 << 20), ("/surveillance/juin/ordres/pause", 1 << 20)):
        assert browser.post(address, environ_overrides={"CONTENT_LENGTH": str(size)}).status_code == 413


def test_the_part_that_depends_on_the_format_follows_it(world: SiteWorld) -> None:
    browser = world.browser("supervisor")
    fixed = browser.get(f"{CREATE}/format?lab=tai-complet&format=ccp-bc02").get_data(as_text=True)
    assert "minutes-etape-1" in fixed
    assert 'name="minutes-etape-1"' not in fixed
    free = browser.get(f"{CREATE}/format?lab=tai-complet&format=ccp-bc02&rehearsal=y").get_data(as_text=True)
    assert 'name="minutes-etape-1"' in free
    assert browser.get(f"{CREATE}/format?lab=/etc").status_code == 400


def test_the_list_shows_what_is_entrusted_and_an_empty_one_says_what_to_do(world: SiteWorld) -> None:
    page = world.browser("supervisor").get("/surveillance/").get_data(as_text=True)
    assert "/surveillance/juin/" in page
    assert "/surveillance/juillet/" not in page
    with world.store.write() as tx:
        accounts.entrust(tx, "juin", "supervisor", [])
    assert "Aucune session" in world.browser("supervisor").get("/surveillance/").get_data(as_text=True)


def test_simulated_machines_are_offered_for_labs_with_recordings_alone(world: SiteWorld) -> None:
    page = world.browser("supervisor").get(CREATE).get_data(as_text=True)
    offered = set(re.findall(r'value="([a-z0-9-]+)"', page)) & set(lab_names())
    assert offered == {name for name in lab_names() if is_recorded(name)} == {"tai-complet"}
