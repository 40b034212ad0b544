"""What a jury sees of frozen work, and of nothing else; what it can have done, and what stays as it was."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from itertools import groupby

import pytest

from checkers.facts import Fact, Observation, Raw
from checkers.report.write import observation_json
from orchestrator.engine import judging, steps
from orchestrator.engine.freeze import observation_file
from orchestrator.engine.screens import frozen_screen_path
from orchestrator.exam import commands
from orchestrator.store import journal, judgements, logins, seats
from tests.unit.report.conftest import Element, Page
from tests.unit.report.test_hostile import ATTACKS, UNSEEN
from tests.unit.web.world import NINE, OTHER, SLUG, Browser, SiteWorld
from web.console.gate import may_be_open
from web.console.tokens import Claims, read

PAGE = f"/jury/{SLUG}/c01"


def text(browser: Browser, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def correct_the_lab(world: SiteWorld) -> None:
    lab = world.lab.folder / "lab.yml"
    lab.write_text(lab.read_text().replace("name: desk", "name: office").replace("points: 1", "points: 2"))


# --- reading
def test_a_jury_sees_its_own_sessions_and_no_other(frozen: SiteWorld, jury: Browser) -> None:
    page = text(jury, "/jury/")
    assert SLUG in page
    assert OTHER not in page
    for address in ("", "c01", "c01/jugements", "c01/copie", "c01/rapport.html", "resultats.csv"):
        text(jury, f"/jury/{OTHER}/{address}", 404)
    text(jury, f"/jury/{SLUG}/c99", 404)
    text(jury, f"/jury/{SLUG}/..%2f..%2fetc", 404)


def test_who_is_not_frozen_waits_and_says_for_what(world: SiteWorld) -> None:
    world.started()
    jury = world.browser("jury")
    assert "finit à" in text(jury, f"/jury/{SLUG}/")
    page = text(jury, PAGE)
    assert "pas encore de preuves" in page
    for address in (f"{PAGE}/rapport.html", f"{PAGE}/observation.json", f"{PAGE}/ecran/server"):
        text(jury, address, 404)


def test_frozen_work_is_judged_and_its_evidence_can_be_read(jury: Browser) -> None:
    table = text(jury, f"/jury/{SLUG}/")
    assert "/ 1" in table
    page = text(jury, PAGE)
    assert 'id="c-client-name"' in page
    assert "Jugement 1" in page
    assert "Le Goff" in page


def test_no_page_breaks_the_policy_of_the_site(jury: Browser) -> None:
    jury.post(f"{PAGE}/copie")
    for address in (f"/jury/{SLUG}/", PAGE, f"{PAGE}/jugements", f"{PAGE}/copie"):
        page = text(jury, address)
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page


def test_checks_are_filtered_by_verdict_and_by_competency(jury: Browser) -> None:
    shown = 'data-competency="BC02.C1">'
    verdict = next(name for name in ("PASS", "FAIL", "INCONCLUSIVE") if f'class="check {name}"' in text(jury, PAGE))
    other = "PASS" if verdict != "PASS" else "FAIL"
    assert shown in text(jury, f"{PAGE}?verdict={verdict}&competence=BC02.C1")
    assert shown not in text(jury, f"{PAGE}?verdict={other}")
    assert shown in text(jury, f"{PAGE}?verdict=%3Cb%3E&competence=%3Cb%3E")  # unknown: all


def test_the_report_can_be_kept_as_a_file(frozen: SiteWorld, jury: Browser) -> None:
    page = jury.get(f"{PAGE}/rapport.html")
    assert page.headers["Content-Disposition"] == f'attachment; filename="{SLUG}-c01.html"'
    assert "sha256-" in page.get_data(as_text=True)  # it brings its own style, and says so
    data = json.loads(text(jury, f"{PAGE}/rapport.json"))
    raw = jury.get(f"{PAGE}/observation.json").get_data()
    assert hashlib.sha256(raw).hexdigest() == data["observation_hash"]
    assert data["name"] == "Le Goff Anaïs"
    assert any("figé" in moment["what"]["fr"] for moment in data["times"])
    assert text(jury, f"{PAGE}/rapport.csv").count("\r\n") == 2
    assert text(jury, f"/jury/{SLUG}/resultats.csv").count("\r\n") == 3
    assert len(json.loads(text(jury, f"/jury/{SLUG}/resultats.json"))["candidates"]) == 2


def test_the_screens_of_the_bell_are_shown(frozen: SiteWorld, jury: Browser) -> None:
    path = frozen_screen_path(frozen.settings.benches_dir, SLUG, "c01", "server")
    answer = jury.get(f"{PAGE}/ecran/server")
    assert answer.get_data() == path.read_bytes()
    assert answer.mimetype == "image/png"
    assert f"{PAGE}/ecran/server" in text(jury, PAGE)
    text(jury, f"{PAGE}/ecran/..", 404)
    path.unlink()
    text(jury, f"{PAGE}/ecran/server", 404)


def test_an_observation_that_was_changed_is_not_shown_as_evidence(frozen: SiteWorld, jury: Browser) -> None:
    path = observation_file(frozen.settings.benches_dir / SLUG / "c01")
    path.write_bytes(path.read_bytes().replace(b"unseen", b"unseeN"))
    page = text(jury, PAGE)
    assert "modifié" in page
    assert "c-client-name" not in page
    assert jury.post(f"{PAGE}/jugements", {"why": "essai"}).status_code == 400


# --- judging again
def test_judging_again_shows_both_verdicts_and_keeps_the_first(frozen: SiteWorld, jury: Browser) -> None:
    first = text(jury, PAGE)
    correct_the_lab(frozen)
    assert jury.post(f"{PAGE}/jugements", {"why": "contrôle <b>corrigé</b>"}).status_code == 303
    page = text(jury, f"{PAGE}/jugements")
    assert "Du jugement 1 au jugement 2" in page
    assert "/ 1<br>" in page
    assert "/ 2<br>" in page
    assert "contrôle &lt;b&gt;corrigé&lt;/b&gt;" in page
    assert "autre que celui de l’épreuve" in page
    assert "Jugement 2" in text(jury, PAGE)
    again = text(jury, f"{PAGE}?jugement=1")
    assert "pas le dernier jugement" in again
    assert ("sur 1 point" in first) == ("sur 1 point" in again)
    text(jury, f"{PAGE}?jugement=3", 404)


def test_judging_again_needs_a_reason_and_is_journalled(frozen: SiteWorld, jury: Browser) -> None:
    assert jury.post(f"{PAGE}/jugements", {"why": ""}).status_code == 400
    jury.post(f"{PAGE}/jugements", {"why": "contrôle corrigé"})
    with frozen.store.read() as tx:
        entries = [one for one in journal.entries(tx, SLUG) if one.kind == "judged" and one.candidate == "c01"]
    assert [(one.who, one.why) for one in entries] == [("epreuve", ""), ("jury", "contrôle corrigé")]


def test_everybody_is_judged_again_or_nobody(frozen: SiteWorld, jury: Browser) -> None:
    correct_the_lab(frozen)
    assert jury.post(f"/jury/{SLUG}/juger", {"why": "contrôle corrigé"}).status_code == 303
    with frozen.store.read() as tx:
        assert {name: one.number for name, one in judgements.latest(tx, SLUG).items()} == {"c01": 2, "c02": 2}
    assert jury.post(f"/jury/{SLUG}/juger", {"why": ""}).status_code == 409


def test_results_of_different_labs_are_not_put_into_one_table(frozen: SiteWorld, jury: Browser) -> None:
    correct_the_lab(frozen)
    jury.post(f"{PAGE}/jugements", {"why": "contrôle corrigé"})
    assert "même sujet" in text(jury, f"/jury/{SLUG}/resultats.csv", 400)


def test_a_lab_that_cannot_be_read_leaves_what_was_judged(frozen: SiteWorld, jury: Browser) -> None:
    (frozen.lab.folder / "lab.yml").unlink()
    assert jury.post(f"{PAGE}/jugements", {"why": "essai"}).status_code == 400
    assert 'id="c-client-name"' in text(jury, PAGE)


def test_work_that_could_not_be_judged_at_the_bell_is_judged_by_a_button(
    world: SiteWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_args: object) -> None:
        raise judging.JudgingError(judging.Text("illisible", "unreadable"))

    monkeypatch.setattr(steps, "judge_with", unreadable)
    world.frozen()
    jury = world.browser("jury")
    assert "pas encore jugé" in text(jury, PAGE)
    assert jury.post(f"{PAGE}/jugements").status_code == 303
    assert 'id="c-client-name"' in text(jury, PAGE)


def test_after_the_seal_evidence_is_read_and_nothing_is_judged(frozen: SiteWorld, jury: Browser) -> None:
    frozen.do(commands.Close(who="boss"), commands.Seal((("c01", "d" * 64), ("c02", "e" * 64)), "f" * 64, who="boss"))
    frozen.passes()
    assert "Juger à nouveau" not in text(jury, PAGE)
    assert jury.post(f"{PAGE}/jugements", {"why": "essai"}).status_code == 409


# --- the copy
def test_a_copy_is_opened_looked_at_and_closed(frozen: SiteWorld, jury: Browser) -> None:
    assert jury.post(f"{PAGE}/copie").status_code == 303
    waiting = text(jury, f"{PAGE}/copie")
    assert "se prépare" in waiting
    assert f"{PAGE}/copie/etat" in waiting
    assert jury.get(f"{PAGE}/console/server").status_code == 409
    assert "HX-Refresh" not in jury.get(f"{PAGE}/copie/etat").headers
    frozen.passes()
    assert jury.get(f"{PAGE}/copie/etat").headers["HX-Refresh"] == "true"
    assert "data-token-url" in text(jury, f"{PAGE}/copie")
    answer = jury.get(f"{PAGE}/console/server")
    assert answer.status_code == 200
    claims = read(frozen.app.extensions["epreuve"].secret, answer.get_json()["token"])
    assert (claims.kind, claims.session, claims.bench, claims.machine) == ("jury", SLUG, "c01", "server")
    assert may_be_open(frozen.desk, claims)
    text(jury, f"{PAGE}/console/nothing", 404)
    assert jury.post(f"{PAGE}/copie").status_code == 409
    assert jury.post(f"{PAGE}/copie/fermer").status_code == 303
    assert not may_be_open(frozen.desk, claims)
    frozen.passes()
    assert frozen.hypervisor.domains() == []
    with frozen.store.read() as tx:
        told = [(one.kind, one.who) for one in journal.entries(tx, SLUG) if one.kind.startswith("copy")]
    assert told == [("copy-asked", "jury"), ("copy-opened", "epreuve"), ("copy-used", "jury"), ("copy-closed", "jury")]


def test_no_console_of_a_candidate_at_work_is_open_to_a_jury(world: SiteWorld) -> None:
    world.started()
    assert world.browser("jury").get(f"{PAGE}/console/server").status_code == 409
    login = world.login("jury")
    assert not may_be_open(world.desk, Claims(kind="jury", login=login, session=SLUG, bench="c01", machine="server"))


def test_a_console_of_the_copy_ends_with_the_login(frozen: SiteWorld, jury: Browser) -> None:
    jury.post(f"{PAGE}/copie")
    frozen.passes()
    claims = read(frozen.app.extensions["epreuve"].secret, jury.get(f"{PAGE}/console/server").get_json()["token"])
    with frozen.store.write() as tx:
        logins.end(tx, claims.login, datetime.now(UTC))
    assert not may_be_open(frozen.desk, claims)


def test_what_does_not_fit_is_said(frozen: SiteWorld, jury: Browser) -> None:
    frozen.hypervisor.memory_mib = 1024
    jury.post(f"{PAGE}/copie")
    frozen.passes()
    page = text(jury, f"{PAGE}/copie")
    assert "Mémoire insuffisante" in page
    assert "Ouvrir une copie" in page


# --- what candidates and their machines write
def test_whatever_a_candidate_or_a_machine_writes_stays_text(frozen: SiteWorld, jury: Browser) -> None:
    plain: list[object] = []
    for attack in ("inoffensif", *ATTACKS):
        with frozen.store.write() as tx:
            ticked = [attack.replace("\x00", ""), "names"]
            seats.put(tx, SLUG, "c01", notes=attack.replace("\x00", ""), notes_at=NINE, ticked=ticked)
            tx.exec_driver_sql("DELETE FROM judgement")
        machine_says(frozen, attack)
        pages = [Page(text(jury, address)).root for address in (PAGE, f"{PAGE}/jugements", f"/jury/{SLUG}/")]
        assert attack.split()[0][:9] in pages[0].text() or set(attack) & UNSEEN  # it is there, as text
        shapes = [shape(page) for page in pages]
        plain = plain or shapes
        assert shapes == plain, attack
        assert not set("".join(page.text() for page in pages)) & UNSEEN


def machine_says(world: SiteWorld, said: str) -> None:
    """As if c01's client had answered this to everything: in the observation, and so in its judgement."""
    path = observation_file(world.settings.benches_dir / SLUG / "c01")
    observation = Observation.model_validate_json(path.read_bytes())
    facts = tuple(answered(fact, said) for fact in observation.facts)
    content = observation_json(observation.model_copy(update={"facts": facts}))
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    with world.store.write() as tx:
        for field, value in (("observation", digest), ("judgements", 0)):
            tx.exec_driver_sql(
                f"UPDATE session SET document = json_set(document, '$.candidates.c01.{field}', ?) WHERE slug = ?",  # noqa: S608
                (value, SLUG),
            )
    judging.judge_again(world.desk, world.settings, SLUG, ["c01"], who="jury", why="essai")


def answered(fact: Fact, said: str) -> Fact:
    if fact.probe == "links":
        return fact
    value = {"static": said, "running": said}
    changes = {"status": "seen", "value": value, "why": None, "raw": Raw(stdout=said, stderr=said), "command": said}
    return fact.model_copy(update=changes)


def shape(element: Element) -> object:
    """The elements of a page without their text; of children that look alike, as in the journal, one."""
    kept = {name: value for name, value in element.attributes.items() if name in ("class", "id", "role", "type")}
    children = [one for one, _ in groupby(shape(child) for child in element.children)]
    return (element.tag, kept, sorted(element.attributes), children)
