"""Consoles of simulated machines in a real browser, through the real proxy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from orchestrator.exam import commands
from orchestrator.store import logins
from tests.browser.chromium import type_azerty
from tests.browser.console_site import ConsoleSite, console_site
from tests.unit.web.world import SLUG, SiteWorld, at_work


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteWorld]:
    with at_work(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(scope="module")
def site(world: SiteWorld) -> Iterator[ConsoleSite]:
    with console_site(world.settings, world.store, world.desk, ("server", "client")) as served:
        yield served


@pytest.fixture
def page(world: SiteWorld, site: ConsoleSite, browser: Browser) -> Iterator[Page]:
    """The page of c01, connected; nothing in it may break the site's own content policy."""
    with world.store.write() as tx:
        now = datetime.now(UTC)
        secret = logins.begin(tx, address="127.0.0.1", now=now, session=SLUG, candidate="c01")
    opened = site.open(browser, secret, locale="fr-FR", permissions=["clipboard-read", "clipboard-write"])
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    expect(state(opened)).to_have_text("Connecté")
    yield opened
    opened.context.close()
    assert not [text for text in said if "Content Security Policy" in text or "Error" in text]


def part(page: Page, machine: str = "server") -> Locator:
    """One console of the page."""
    return page.locator(f"[data-machine={machine}]")


def state(page: Page, machine: str = "server") -> Locator:
    return part(page, machine).locator("[data-state]")


def typed(world: SiteWorld, machine: str = "server") -> str:
    file = world.settings.data_dir / "screens" / f"ep-{SLUG}-c01-{machine}.txt"
    return file.read_text() if file.exists() else ""


def enter(page: Page, machine: str = "server") -> None:
    part(page, machine).locator("[data-screen]").focus()
    page.keyboard.press("Enter")


def await_typed(page: Page, world: SiteWorld, text: str) -> None:
    for _ in range(200):
        if typed(world).endswith(text):
            return
        page.wait_for_timeout(50)
    assert typed(world)[-len(text) :] == text


def test_the_keys_of_a_french_keyboard_write_what_is_engraved_on_them(page: Page, world: SiteWorld) -> None:
    enter(page)
    type_azerty(page, "azqm é à ç @ # { }")
    await_typed(page, world, "azqm é à ç @ # { }")


def test_what_is_pasted_is_typed_character_by_character(page: Page, world: SiteWorld) -> None:
    text = "é à ç ù ê ë ï Â Ö @ # { } [ ] | \\ ^ ~ ` € \" ' ( - _ ) = + * / % < > ! ? . ; : , $ £ § 0123456789\nAZmq"
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    part(page).get_by_role("button", name="Coller…").click()
    expect(part(page).get_by_label("Texte (collez-le ici)")).to_have_value(text)
    part(page).get_by_role("button", name="Taper", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=60_000)
    await_typed(page, world, text)


def test_what_no_key_writes_is_said_before_anything_is_typed(page: Page, world: SiteWorld) -> None:
    before = typed(world)
    part(page).get_by_role("button", name="Coller…").click()
    part(page).get_by_label("Texte (collez-le ici)").fill("prix « 5 € »…")
    part(page).get_by_role("button", name="Taper", exact=True).click()
    expect(part(page).locator("[data-report]")).to_have_text("Aucune touche n’écrit : « » …")
    assert typed(world) == before
    part(page).get_by_role("button", name="Taper sans eux").click()
    await_typed(page, world, "prix  5 € ")


def test_a_pause_closes_it_and_it_comes_back_by_itself(page: Page, world: SiteWorld) -> None:
    world.do(commands.Pause(who="boss", why="incendie", candidate="c01"))
    paused = "En pause\u00a0: la console revient toute seule à la reprise."
    expect(state(page)).to_have_text(paused, timeout=15_000)
    world.do(commands.Resume(who="boss", candidate="c01"))
    expect(state(page)).to_have_text("Connecté", timeout=30_000)


def test_the_keyboard_gets_in_and_out(page: Page, world: SiteWorld) -> None:
    screen = part(page).locator("[data-screen]")
    screen.focus()
    page.keyboard.press("Tab")
    expect(part(page).locator("summary")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(screen).to_be_focused()
    page.keyboard.press("Enter")
    expect(part(page).locator("canvas")).to_be_focused()
    before = typed(world)
    for key in ("Control", "Alt", "Shift"):
        page.keyboard.down(key)
    expect(screen).to_be_focused()
    for key in ("Control", "Alt", "Shift"):
        page.keyboard.up(key)
    page.keyboard.press("Enter")
    type_azerty(page, "a")
    await_typed(page, world, before + "a")  # neither Control nor Shift is held in the machine


def test_two_screens_stand_side_by_side(page: Page) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    client = part(page, "client")
    expect(client).to_be_hidden()
    page.get_by_role("button", name="Client", exact=True).click()
    expect(state(page, "client")).to_have_text("Connecté")
    first, second = part(page).bounding_box(), client.bounding_box()
    assert first
    assert second
    assert (first["y"], first["width"]) == (second["y"], second["width"])
    page.get_by_role("button", name="Server", exact=True).click()
    expect(part(page)).to_be_hidden()
    expect(client).to_be_visible()
    for _ in range(5):  # faster than anything connects: in the end there is one connection and no more
        page.get_by_role("button", name="Server", exact=True).click()
    expect(state(page)).to_have_text("Connecté")
    expect(part(page).locator("canvas")).to_have_count(1)


def test_axe_finds_nothing_serious(page: Page) -> None:
    part(page).get_by_role("button", name="Coller…").click()
    for _ in ("with the dialog", "without"):
        found = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
        assert found == []
        page.keyboard.press("Escape")
