"""The service desk in a real browser: whatever fails or ends, what was typed is still there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from orchestrator import golden_build
from orchestrator.store import logins
from tests.browser.local import local
from tests.unit.web.service_desk import (
    BEFORE_JURY,
    FOLDER,
    begin,
    end,
    entries,
    open_ticket,
    write_lab_with_incident,
)
from tests.unit.web.world import SLUG, SiteWorld
from web.site import now

TYPED = "Une étape que je tapais quand le jury a fini."


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteWorld]:
    """c01 is before the jury, with one ticket."""
    root = tmp_path_factory.mktemp("desk")
    made = SiteWorld(root, lab=str(write_lab_with_incident(root / "lab")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(golden_build, "wait_calm", lambda *_args, **_more: True)  # simulated machines are at rest at once
        made.frozen()
    open_ticket(made)
    begin(made, BEFORE_JURY)
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(world: SiteWorld) -> Iterator[str]:
    with local(world.app) as served:
        yield served


def opened(world: SiteWorld, browser: Browser, address: str, path: str, **who: Any) -> Page:
    """A page of a candidate or an account, at 400 pixels: narrower than anybody has it."""
    with world.store.write() as tx:
        secret = logins.begin(tx, address="127.0.0.1", now=now(), **who)
    context: BrowserContext = browser.new_context(locale="fr-FR", viewport={"width": 400, "height": 800})
    cookie = world.app.session_interface.get_signing_serializer(world.app).dumps({"login": secret})  # type: ignore[attr-defined]
    context.add_cookies([{"name": "epreuve", "value": str(cookie), "url": address}])
    page = context.new_page()
    page.goto(f"{address}{path}")
    return page


def sound(page: Page) -> None:
    """Nothing serious for those who use no mouse or no screen, and nothing beside the screen."""
    found = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_nothing_typed_is_lost_when_the_network_fails_the_page_reloads_or_the_desk_closes(
    world: SiteWorld, browser: Browser, address: str
) -> None:
    page = opened(world, browser, address, "/poste/tickets/1", session=SLUG, candidate="c01")
    page.get_by_role("button", name="Prendre en charge").press("Enter")
    expect(page.locator(".entry")).to_have_count(2)

    page.get_by_text("Noter une étape").press("Enter")
    page.locator("#step-text").fill("ipconfig /all")
    page.context.set_offline(True)
    page.locator("form[data-deed=step] button").press("Enter")
    expect(page.locator("form[data-deed=step] [data-problem]")).to_contain_text("Non enregistré")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#step-text")).to_have_value("ipconfig /all")
    sound(page)
    page.locator("form[data-deed=step] button").press("Enter")
    expect(page.locator(".entry.is-step")).to_contain_text("ipconfig /all")
    expect(page.locator("#step-text")).to_have_value("")

    page.get_by_text("Résoudre").press("Enter")
    page.locator("#solved-text").fill("Nom remis")
    page.locator("#solved-cause").fill("Renommé")
    page.locator("form[data-deed=solved] button").press("Enter")
    expect(page.get_by_text("Clore avec l’accord de l’utilisateur")).to_be_visible()
    expect(page.get_by_text("Résoudre", exact=True)).to_be_hidden()

    jury = opened(world, browser, address, FOLDER, account="jury")
    sound(jury)
    jury.locator("summary", has_text="Rouvrir").press("Enter")
    jury.locator("#reopened1-text").fill("Cela recommence.")
    jury.get_by_role("button", name="Rouvrir le ticket").press("Enter")
    expect(page.get_by_text("Résoudre", exact=True)).to_be_visible()  # by itself

    page.get_by_text("Noter une étape").press("Enter")
    page.locator("#step-text").fill(TYPED)
    end(world)
    expect(page.locator("#unsent")).to_contain_text(TYPED)  # by itself, too
    sound(page)
    assert [one.document.what for one in entries(world)] == ["opened", "taken", "step", "solved", "reopened"]
    for one in (page, jury):
        one.context.close()
