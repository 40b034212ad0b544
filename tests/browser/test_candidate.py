"""The candidate's page in a real browser: nothing that is typed is lost unseen, and everybody can use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from orchestrator.exam import commands
from orchestrator.store import logins, seats
from tests.browser.console_site import ConsoleSite, console_site
from tests.unit.web.world import SLUG, SiteWorld, at_work
from web.site import now

POLLED_MS = 20_000
"""The page asks every five seconds."""

Sit = Callable[[str], Page]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteWorld]:
    with at_work(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(scope="module")
def site(world: SiteWorld) -> Iterator[ConsoleSite]:
    with console_site(world.settings, world.store, world.desk, ()) as served:
        yield served


@pytest.fixture
def sit(world: SiteWorld, site: ConsoleSite, browser: Browser) -> Iterator[Sit]:
    """Opens the page of a candidate; nothing in it may go wrong."""
    pages: list[Page] = []
    wrong: list[str] = []

    def open_page(candidate: str) -> Page:
        with world.store.write() as tx:
            secret = logins.begin(tx, address="127.0.0.1", now=now(), session=SLUG, candidate=candidate)
        context = browser.new_context(locale="fr-FR", viewport={"width": 1366, "height": 768})
        site.be(context, secret)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{site.address}/poste")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert wrong == []


def notes(world: SiteWorld, candidate: str) -> str:
    with world.store.read() as tx:
        return seats.page(tx, SLUG, candidate).notes


def open_notes(page: Page) -> None:
    expect(page.locator("[data-ticked]")).to_have_text("0/1")  # the page's own script has begun
    page.get_by_role("tab", name="Notes pour le jury").click()


def write(page: Page, text: str) -> None:
    page.locator("#notes").press_sequentially(text)


def test_words_typed_while_the_site_is_away_are_saved_when_it_is_back_even_over_a_reload(
    world: SiteWorld, sit: Sit
) -> None:
    page = sit("c01")
    open_notes(page)
    page.context.set_offline(True)
    write(page, "un")
    expect(page.locator("[data-notes-problem]")).to_contain_text("Non enregistré")
    expect(page.locator("[data-lost]")).to_contain_text("Le site ne répond pas", timeout=2 * POLLED_MS)
    assert notes(world, "c01") == ""
    page.context.set_offline(False)
    page.reload()
    open_notes(page)
    expect(page.locator("#notes")).to_have_value("un")
    expect(page.locator("[data-notes-state]")).to_contain_text("enregistré à", timeout=POLLED_MS)
    assert notes(world, "c01") == "un"


def test_words_that_come_too_late_for_the_bell_are_shown_as_such(world: SiteWorld, sit: Sit) -> None:
    page = sit("c02")
    open_notes(page)
    write(page, "à temps")
    expect(page.locator("[data-notes-state]")).to_contain_text("enregistré à", timeout=POLLED_MS)
    page.route("**/poste/notes", lambda route: route.abort())
    write(page, " trop tard")
    world.do(commands.Freeze(who="boss", why="essai", candidate="c02"))
    expect(page.locator("#unsaved pre")).to_have_text("à temps trop tard", timeout=POLLED_MS)
    expect(page.locator("pre.notes").first).to_have_text("à temps")
    assert notes(world, "c02") == "à temps"


def test_the_page_can_be_used_by_everybody_and_is_left_as_it_was(sit: Sit) -> None:
    page = sit("c01")
    expect(page.locator("[data-state]").first).to_have_text("Connecté", timeout=POLLED_MS)
    found = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []
    page.get_by_role("button", name="Machines", exact=True).click()
    page.reload()
    expect(page.locator("[data-layout]")).to_have_attribute("data-layout", "machines")
    page.get_by_role("button", name="Les deux").click()
    page.get_by_role("tab", name="Sujet").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#notes")).to_be_visible()
