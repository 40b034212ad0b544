"""A jury's grid and decision in a real browser: saved as one marks, by keyboard, refused without losing a word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from orchestrator import golden_build
from orchestrator.marks.desk import write
from orchestrator.marks.documents import CommonMark, HandedIn, JurorMissing, Mark
from orchestrator.marks.fold import Marking
from orchestrator.marks.reading import of_candidate
from tests.browser.local import local
from tests.browser.watch import Watch
from tests.unit.web.world import PASSWORD, SLUG, SiteWorld

COMPETENCIES = [f"BC0{block}.C{number}" for block in (1, 2, 3) for number in (1, 2, 3)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteWorld]:
    """Two candidates whose work is frozen."""
    made = SiteWorld(tmp_path_factory.mktemp("marks"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(golden_build, "wait_calm", lambda *_args, **_more: True)
        made.frozen()
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(world: SiteWorld) -> Iterator[str]:
    """Where the site is."""
    with local(world.app) as served:
        yield served


@pytest.fixture
def juror(address: str, browser: Browser) -> Iterator[Page]:
    """A juror's browser, signed in; nothing in it may go wrong but what is refused."""
    watch = Watch((address,), refusals=(r"/decision",))
    page = watch.window(browser)
    page.goto(f"{address}/connexion")
    page.get_by_label("Identifiant").fill("jury")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"{address}/jury/")
    yield page
    page.context.close()
    assert watch.complaints == []
    assert watch.strangers() == []


def marking(world: SiteWorld, candidate: str) -> Marking:
    with world.store.read() as tx:
        return of_candidate(tx, SLUG, candidate)


def test_a_mark_made_by_keyboard_is_saved_and_keeps_the_focus(world: SiteWorld, address: str, juror: Page) -> None:
    juror.goto(f"{address}/jury/{SLUG}/c01/grille")
    first = juror.locator("[id='BC01.C1'] > form.mark")
    first.get_by_role("radio", name="Satisfait", exact=True).focus()
    for _ in range(2):
        juror.keyboard.press("ArrowRight")
    expect(first.locator("[data-saved]")).to_contain_text("Enregistré")
    expect(juror.locator("#grid-progress")).to_contain_text("1 sur 9")
    expect(first.get_by_role("radio", name="Non satisfait")).to_be_focused()
    expect(first.locator(".needed")).to_be_visible()
    assert marking(world, "c01").grid("jury").levels == {"BC01.C1": "not-met"}
    juror.keyboard.press("Tab")
    juror.keyboard.type("ne sait pas dire ce qu'il a fait")
    juror.keyboard.press("Tab")
    expect(first.locator("[data-saved]")).to_be_visible()  # again: it was … while words were not saved
    expect(first.locator(".saved")).not_to_contain_text("à donner")
    juror.reload()
    expect(first.get_by_label("Justification")).to_have_value("ne sait pas dire ce qu'il a fait")


def test_a_criterion_that_must_be_justified_opens_the_place_for_its_words(address: str, juror: Page) -> None:
    juror.goto(f"{address}/jury/{SLUG}/c01/grille")
    juror.locator("[id='BC01.C2'] details.criteria > summary").click()
    criterion = juror.locator("[id='BC01.C2.K1']")
    expect(criterion.get_by_label("Justification")).to_be_hidden()
    criterion.get_by_text("Non satisfait").click()
    expect(criterion.get_by_label("Justification")).to_be_visible()


def test_notes_are_saved_when_the_field_is_left(world: SiteWorld, address: str, juror: Page) -> None:
    juror.goto(f"{address}/jury/{SLUG}/c01/guide")
    place = juror.locator("[id='BC02.C1']")
    place.get_by_role("textbox").fill("Méthodique.")
    juror.keyboard.press("Tab")
    expect(place.locator("[data-saved]")).to_be_visible()
    assert marking(world, "c01").grid("jury").note("BC02.C1") == "Méthodique."


def test_a_decision_that_is_refused_keeps_what_was_typed_and_then_is_signed(
    world: SiteWorld, address: str, juror: Page
) -> None:
    marks = [Mark(about=about, level="met", justification="vu") for about in COMPETENCIES]
    common = [CommonMark(about=about, level="met", justification="vu") for about in COMPETENCIES]
    missing = JurorMissing(reason="second juré souffrant")
    write(world.desk, SLUG, "c02", *marks, HandedIn(), missing, *common, who="jury")
    juror.goto(f"{address}/jury/{SLUG}/c02/decision")
    for block in (1, 2, 3):
        part = juror.get_by_role("group", name=f"BC0{block}")
        part.get_by_text("Non accordé" if block == 3 else "Accordé", exact=True).last.click()
    juror.get_by_role("group", name="Titre professionnel").get_by_text("Titre non accordé, blocs accordés").last.click()
    juror.locator("#BC01-motivation").fill("Travail complet.")
    juror.get_by_role("button", name="Enregistrer la décision").click()
    juror.get_by_role("button", name="Oui").click()
    expect(juror.locator("#decide .answer")).to_contain_text("Il manque la motivation de la décision")
    expect(juror.locator("#BC01-motivation")).to_have_value("Travail complet.")
    juror.locator("#BC03-motivation").fill("Aucun service ne répond, et le candidat ne sait pas dire pourquoi.")
    juror.get_by_role("button", name="Enregistrer la décision").click()
    juror.get_by_role("button", name="Oui").click()
    expect(juror.locator("#decided")).to_contain_text("Titre non accordé, blocs accordés")
    sign = juror.get_by_role("button", name="Signer cette décision")
    juror.get_by_label("Votre mot de passe, pour signer").fill("faux mot de passe")
    sign.click()
    expect(juror.locator("#decided .answer")).to_contain_text("Le mot de passe est faux")
    juror.get_by_label("Votre mot de passe, pour signer").fill(PASSWORD)
    sign.click()
    expect(juror.locator("#decided")).to_contain_text("Signée par tous les membres du jury")
    assert marking(world, "c02").is_signed


@pytest.mark.parametrize("page", ["c01/grille", "c01/guide", "c02/decision", ""])
def test_the_pages_are_for_everybody(address: str, juror: Page, page: str) -> None:
    juror.goto(f"{address}/jury/{SLUG}/{page}")
    Watch((address,)).look(juror, closely=True)
