"""A whole exam in four browsers, from the first account to sealed dossiers: the real site, simulated machines."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from orchestrator.catalog import open_lab
from orchestrator.dossier.agreement import must_agree
from orchestrator.dossier.manifest import open_dossier
from orchestrator.sealed.keys import read_public
from tests.browser.exam import (
    FIRST,
    ROSTER,
    SECOND,
    SESSION,
    Candidate,
    Wall,
    agree,
    button,
    change_password,
    codes_in,
    fill_in_session,
    heading,
    make_first_account,
    make_jury_account,
    seconds,
    sign_in_by_keyboard,
    spelt,
    tab_to,
)
from tests.browser.hour import Juror, ServiceDesk, repair
from tests.browser.watch import Watch
from tests.served import Served, serving

SPEED = 20
"""Exam seconds a second: of three hours, nine minutes."""
LAB = open_lab("tai-complet")
PHASES = {one.id: one.title for one in LAB.referential.format("complet").phases}
_INCIDENTS = {one.id: one for one in LAB.lab.incidents}
GIVEN = [_INCIDENTS["imprimante-plans"], _INCIDENTS["compte-verrouille"]]
"""A request and an incident."""
REFUSALS = (r"/poste/console/", r"/jury/.*/console/", r"/creer-une-session$", r"/favicon\.ico$")
"""A console that may not be open just now is refused, and its page goes on asking; so is a faulty roster; a PDF has no
icon."""


@dataclass
class Room:
    """The site, the four people's browsers, and who watches them."""

    address: str
    served: Served
    watch: Watch
    chief: Page
    one: Candidate
    two: Candidate
    jury: Page

    @property
    def wall(self) -> Wall:
        """The wall, when the supervisor is there."""
        return Wall(self.chief)

    @property
    def says_the_time(self) -> bool:
        """The first candidate's page has the same time left as the wall, but for the moment between two looks."""
        on_the_wall = seconds(self.wall.tile(FIRST).locator("[data-deadline]").inner_text())
        return abs(self.one.left_s - on_the_wall) < 3 * SPEED

    def juror(self, page: Page) -> Juror:
        """The first candidate's jury, in this browser."""
        return Juror(page, f"{self.address}/jury/{SESSION}/c01")

    def go(self, page: Page, path: str) -> None:
        """Open an address of the site."""
        page.goto(self.address + path)


@pytest.fixture(scope="module")
def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with serving(tmp_path_factory.mktemp("exam") / "data") as served:
        address = f"http://127.0.0.1:{served.port}"
        watch = Watch((address, f"ws://127.0.0.1:{served.console_port}"), REFUSALS)
        chief, one, two, jury = (watch.window(browser) for _ in range(4))
        yield Room(address, served, watch, chief, Candidate(one), Candidate(two), jury)
        for page in (chief, one, two, jury):
            page.context.close()


def test_a_whole_exam(room: Room, tmp_path: Path) -> None:
    accounts(room)
    session(room, tmp_path)
    codes = preparation(room, tmp_path)
    start(room, codes)
    work(room)
    pause_and_more_time(room)
    reset(room)
    finish_early(room)
    connection_lost(room)
    bell(room)
    notes(room)
    copy_of_the_bench(room)
    jury_hour(room)
    marks_and_decision(room)
    end(room)
    handed_on(room, tmp_path)
    sealed(room, tmp_path)
    assert room.watch.complaints == []
    assert room.watch.strangers() == []


def accounts(room: Room) -> None:
    """The first account by the one-time link, and a second for the jury, who must choose a password first."""
    room.go(room.chief, "/")
    expect(room.chief.get_by_text("Aucun compte n’existe encore")).to_be_visible()
    link = room.served.said(r"http://\S+/premier-compte/\S+")[0]
    room.go(room.chief, link.removeprefix(room.address))
    room.watch.look(room.chief)
    make_first_account(room.chief, link)
    room.watch.look(room.chief)
    given = make_jury_account(room.chief)
    room.watch.look(room.chief)
    sign_in_by_keyboard(room.jury, room.address, "jean", given)
    expect(heading(room.jury, "Changer de mot de passe")).to_be_visible()
    room.watch.look(room.jury)
    room.go(room.jury, "/jury/")  # there is no way round
    change_password(room.jury, given)
    expect(room.jury.get_by_text("Aucune session ne vous est confiée.")).to_be_visible()
    room.watch.look(room.jury)


def session(room: Room, tmp_path: Path) -> None:
    """From the form and a school's file; what is wrong with the file is said first, and the form is kept."""
    page, roster = room.chief, tmp_path / "candidats.csv"
    room.go(page, "/surveillance/")
    room.watch.look(page)
    roster.write_text(ROSTER.replace("Anaïs", ""), encoding="cp1252")
    fill_in_session(page, SESSION, roster)
    page.get_by_label("Jean Moreau").check()
    page.get_by_label("Vitesse de l’horloge").fill(str(SPEED))
    button(page, "Créer la session").click()
    expect(page.get_by_role("alert")).to_contain_text("il n’y a pas de nom")
    room.watch.look(page, closely=True)
    roster.write_text(ROSTER, encoding="cp1252")
    page.get_by_label("Liste des candidats").set_input_files(roster)
    button(page, "Créer la session").click()
    expect(page).to_have_url(f"{room.address}/surveillance/{SESSION}/")


def preparation(room: Room, tmp_path: Path) -> dict[str, str]:
    """Benches get ready before the supervisor's eyes; the cards are printed. The codes on them, by name."""
    page = room.chief
    expect(room.wall.tile(FIRST)).to_contain_text("inscrit")
    button(page, "Préparer les postes").click()
    page.evaluate("window.sameWall = true")
    for name in (FIRST, SECOND):
        expect(room.wall.tile(name)).to_contain_text("prêt")
    expect(button(page, "Démarrer l’épreuve")).to_be_visible()
    assert page.evaluate("window.sameWall"), "the wall was loaded again"
    page.locator("summary", has_text="Cartes de place").click()
    with page.expect_popup() as popup:
        button(page, "Ouvrir le PDF").click()
    cards = text_of_pdf(page.request.get(popup.value.url).body(), tmp_path)
    popup.value.close()
    page.keyboard.press("Escape")
    return codes_in(cards)


def text_of_pdf(pdf: bytes, folder: Path) -> str:
    """What can be read in it, line by line as it was set."""
    file = folder / "printed.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-raw", file, "-"], check=True, capture_output=True, text=True).stdout


def start(room: Room, codes: dict[str, str]) -> None:
    """Both sit down and wait; the supervisor starts; their pages move on by themselves."""
    room.go(room.one.page, "/")
    room.watch.look(room.one.page, closely=True)
    room.one.sit_down(room.address, codes[FIRST].lower())
    room.two.sit_down(room.address, codes[SECOND])
    room.watch.look(room.two.page)
    for name in (FIRST, SECOND):
        expect(room.wall.tile(name)).to_contain_text("✓ installé")
    room.wall.order("Démarrer l’épreuve", "Démarrer l’épreuve de tous ceux qui sont prêts ?")
    for candidate, name in ((room.one, FIRST), (room.two, SECOND)):
        expect(candidate.page.get_by_role("timer")).to_be_visible()
        expect(room.wall.tile(name)).to_contain_text("en épreuve")
        expect(room.wall.tile(name)).not_to_contain_text("ne s’est pas installé")
    assert room.two.left_s > 3 * 3600, "a third more"


def work(room: Room) -> None:
    """A tick, a hand that the wall shows and the supervisor lowers, keys for the machine, notes that are saved."""
    page, tile = room.one.page, room.wall.tile(FIRST)
    expect(room.one.console.locator("[data-state]")).to_have_text("Connecté")
    room.watch.look(page, closely=True)
    page.get_by_role("tab", name="Mes tâches").click()
    page.get_by_role("tabpanel", name="Mes tâches").get_by_role("checkbox").first.check()
    expect(page.get_by_role("tab", name="Mes tâches")).to_contain_text("1/")
    button(page, "Lever la main").click()
    expect(tile).to_contain_text("main levée")
    room.watch.look(room.chief, closely=True)
    button(tile, "Baisser la main de Le Goff Anaïs").click()
    expect(button(page, "Lever la main")).to_have_attribute("aria-pressed", "false")
    room.one.type("hostnamectl")
    expect(tile.get_by_role("img").first).to_be_visible()
    page.get_by_role("tab", name="Notes pour le jury").click()
    page.get_by_role("textbox", name="Compte rendu de votre travail").fill("Le DNS résiste : j’aurais vérifié la zone.")
    expect(page.get_by_text("enregistré à")).to_be_visible()


def pause_and_more_time(room: Room) -> None:
    """The candidate sees the pause, the going on and the time granted without doing anything."""
    page = room.one.page
    room.wall.order("Mettre en pause", "de toute la salle ?", Motif="alarme incendie")
    paused = page.locator("[data-paused]")
    expect(paused).to_be_visible()
    expect(page.get_by_text("Pause de toute la salle")).to_be_visible()
    expect(button(page, "Terminer…")).to_be_disabled()
    stood = room.one.left_s
    room.watch.look(page)
    room.wall.order("Accorder du temps", "Accorder ce temps", Minutes="10", Motif="alarme incendie")
    expect(page.get_by_role("timer")).to_have_text(spelt(stood + 600))
    room.wall.order("Reprendre", "Reprendre l’épreuve ?")
    expect(paused).to_be_hidden()
    expect(room.one.console.locator("[data-state]")).to_have_text("Connecté")


def reset(room: Room) -> None:
    """A machine goes back to its start, asked once and explained; the candidate's console comes back by itself."""
    before = room.one.picture()
    room.wall.tile(FIRST).get_by_role("link", name=FIRST).click()
    expect(heading(room.chief, "Anaïs Le Goff")).to_be_visible()
    room.watch.look(room.chief, closely=True)
    room.wall.order("Réinitialiser une machine", "de Anaïs Le Goff", Machine="server", Motif="disque plein")
    expect(room.chief.get_by_text("réinitialisation 1 demandée : machine server")).to_be_visible()
    room.one.sees_another(before)
    expect(room.one.console.locator("[data-state]")).to_have_text("Connecté")
    room.go(room.chief, f"/surveillance/{SESSION}/")


def finish_early(room: Room) -> None:
    """By keyboard: asked once, and no means no."""
    page = room.two.page
    tab_to(page, button(page, "Terminer…"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Terminer maintenant ?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Enter")
    tab_to(page, button(page.get_by_role("dialog"), "Oui"), presses=3)
    page.keyboard.press("Enter")
    expect(heading(page, "Votre travail est enregistré")).to_be_visible()
    room.watch.look(page)
    expect(room.wall.tile(SECOND)).to_contain_text("figé")


def connection_lost(room: Room) -> None:
    """Sleep and a reload cost no time. A page that is closed is missed on the wall, until it is back."""
    page, tile = room.one.page, room.wall.tile(FIRST)
    before = room.one.left_s
    computer = page.context.new_cdp_session(page)
    computer.send("Page.setWebLifecycleState", {"state": "frozen"})
    later = "([place, left]) => document.querySelector(place).textContent < left"
    room.chief.wait_for_function(later, arg=["#tile-c01 [data-deadline]", spelt(before - 100)])
    computer.send("Page.setWebLifecycleState", {"state": "active"})
    page.wait_for_function(later, arg=["[data-left]", spelt(before - 100)])
    assert room.says_the_time
    page.reload()
    assert room.says_the_time
    page.goto("about:blank")
    evidence(room)  # meanwhile
    judged_again(room)
    expect(tile).to_contain_text("page perdue de vue depuis")
    room.watch.look(room.chief)
    room.go(page, "/poste")
    expect(tile).not_to_contain_text("page perdue de vue")


def bell(room: Room) -> None:
    """The supervisor ends the exam of whoever is still at work."""
    room.wall.order("Arrêter l’épreuve", "pour de bon ?", Motif="fin de la demi-journée")
    expect(heading(room.one.page, "Votre travail est enregistré")).to_be_visible()
    expect(room.one.page.get_by_text("Le DNS résiste")).to_be_visible()
    expect(room.wall.tile(FIRST)).to_contain_text("figé")
    room.watch.look(room.chief, closely=True)


def evidence(room: Room) -> None:
    """The jury reads verdicts, reasons and facts of whoever has finished, while others are at work."""
    page = room.jury
    room.go(page, "/jury/")
    page.get_by_role("link", name=SESSION).click()
    expect(page.get_by_role("row", name=SECOND).first).to_contain_text(" / ")
    room.watch.look(page)
    page.get_by_role("link", name=SECOND, exact=True).click()
    expect(page.get_by_role("heading", name="Résultats détaillés")).to_be_visible()
    room.watch.look(page)
    checks = page.locator(".check")
    shown = page.locator(".check:not([hidden])")
    page.get_by_label("Verdict", exact=True).select_option(label="Non conforme")
    assert 0 < shown.count() < checks.count()
    expect(shown.first).to_contain_text("Non conforme")
    page.get_by_label("Verdict", exact=True).select_option(label="tous")
    page.get_by_label("Compétence", exact=True).select_option(index=1)
    assert 0 < shown.count() < checks.count()
    room.watch.look(page, closely=True)  # what is shown now: the whole report would take axe half a minute


def judged_again(room: Room) -> None:
    """For a reason; both judgements are there to be compared."""
    page = room.jury
    page.get_by_role("link", name="Juger à nouveau, comparer les jugements").click()
    page.get_by_label("Motif").fill("barème relu")
    button(page, "Juger à nouveau").click()
    expect(page.get_by_role("heading", name="Du jugement 1 au jugement 2")).to_be_visible()
    expect(page.get_by_role("row", name="Jugement 2")).to_contain_text("barème relu")
    room.watch.look(page)


def notes(room: Room) -> None:
    """What the candidate wrote for the jury, and the screens as they were."""
    room.go(room.jury, f"/jury/{SESSION}/c01")
    expect(room.jury.get_by_text("Le DNS résiste")).to_be_visible()
    expect(room.jury.get_by_role("img", name="Poste de travail")).to_be_visible()


def copy_of_the_bench(room: Room) -> None:
    """The machines as they were, at the jury's hands; then removed."""
    page = room.jury
    room.go(page, f"/jury/{SESSION}/c01/copie")
    button(page, "Ouvrir une copie").click()
    expect(page.locator("[data-state]").first).to_have_text("Connecté")
    room.watch.look(page, closely=True)
    button(page, "Fermer la copie").click()
    agree(page, "Fermer la copie ?")
    expect(page.get_by_role("link", name="Ouvrir une copie…")).to_be_visible()


def jury_hour(room: Room) -> None:
    """The candidate shows the work on a copy, handles a request and an incident that the jury gives, and is asked."""
    room.wall.order("Ouvrir le jury", "devant le jury ?")
    jury, seat = room.juror(room.jury), room.one.page
    jury.go()
    room.watch.look(jury.page, closely=True)
    jury.begin(PHASES["prise-de-connaissance"])
    expect(heading(seat, PHASES["prise-de-connaissance"])).to_be_visible()  # by itself
    jury.open_copy()
    room.watch.look(jury.page)
    jury.begin(PHASES["etape-2"])
    expect(seat.locator("[data-state]").first).to_have_text("Connecté")
    room.watch.look(seat)
    with seat.expect_popup() as tab:
        seat.get_by_role("link", name="Mes tickets").click()
    desk = ServiceDesk(tab.value)
    for given in GIVEN:
        jury.go()
        jury.give(given.title)
        desk.handle(given.ticket.subject)
        room.watch.look(desk.page)
        jury.verify(given.title, "non résolu")
        repair(seat)
        jury.verify(given.title, "résolu sans dégât ailleurs")
        room.watch.look(jury.page)
    desk.page.close()
    for phase in ("entretien-technique", "entretien-final"):
        jury.begin(PHASES[phase])
    jury.end()


def marks_and_decision(room: Room) -> None:
    """Each alone, then together; both sign."""
    one, other = room.juror(room.jury), room.juror(room.chief)
    for juror in (one, other):
        juror.mark()
        room.watch.look(juror.page)
    one.decide()
    room.watch.look(one.page)
    for juror in (one, other):
        juror.sign()
    expect(other.page.get_by_text("Signée par tous les membres du jury.")).to_be_visible()
    room.watch.look(other.page)


def end(room: Room) -> None:
    """The session is closed, and its journal explains the day."""
    room.go(room.chief, f"/surveillance/{SESSION}/")
    room.wall.order("Clore la session", "Clore la session ?", Motif="")
    expect(room.chief.locator(".summary")).to_contain_text("close")
    room.chief.get_by_role("link", name="Journal").last.click()
    expect(room.chief.get_by_text("Le journal est intact")).to_be_visible()
    journal = room.chief.get_by_role("table")
    for said in (
        "alarme incendie",
        "réinitialisation 1 demandée",
        "disque plein",
        "fin de la demi-journée",
        "barème relu",
    ):
        expect(journal).to_contain_text(said)
    room.watch.look(room.chief, closely=True)


def handed_on(room: Room, tmp_path: Path) -> None:
    """The minutes to sign, and the results for the school."""
    printed = room.jury.request.get(f"{room.address}/surveillance/{SESSION}/proces-verbal.pdf").body()
    told = " ".join(text_of_pdf(printed, tmp_path).split())
    for said in (FIRST, "alarme incendie", "disque plein", "Titre accordé", *(one.title for one in GIVEN)):
        assert said in told, said
    assert "PROJET" not in told
    table = room.jury.request.get(f"{room.address}/surveillance/{SESSION}/resultats-jury.csv").body()
    rows = {row["Nom"]: row for row in csv.DictReader(table.decode("utf-8-sig").splitlines(), delimiter=";")}
    assert (rows["Le Goff"]["Titre"], rows["Le Goff"]["Décision signée"]) == ("Titre accordé", "oui")
    assert rows["Martin"]["Titre"] == ""


def sealed(room: Room, tmp_path: Path) -> None:
    """Refused without a decision, then sealed for a reason by a job that the page follows; a dossier is taken."""
    page = room.jury
    room.go(page, f"/jury/{SESSION}/")
    page.get_by_role("link", name="Sceller les dossiers…").click()
    _seal(page)
    expect(page.get_by_text("Il manque de quoi sceller")).to_be_visible(timeout=60_000)
    room.watch.look(page)
    page.get_by_label("Sceller malgré ce qui manque").check()
    page.get_by_label("Motif, s’il manque quelque chose").fill("jury d'essai")
    _seal(page)
    link = page.get_by_role("link", name=f"{SESSION}-c01.zip")
    expect(link).to_be_visible(timeout=60_000)
    room.watch.look(page, closely=True)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "c01.zip")
    key = "".join(page.locator("p > code").last.inner_text().split())
    found = open_dossier((tmp_path / "c01.zip").read_bytes(), [read_public(key)])
    must_agree(found)
    assert (found.manifest.session, found.manifest.candidate) == (SESSION, "c01")


def _seal(page: Page) -> None:
    button(page, "Sceller la session").click()
    agree(page, "Plus rien ne s’y écrira")
