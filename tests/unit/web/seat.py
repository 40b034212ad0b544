"""What a candidate's browser does at its seat, for tests of the part ``candidate``."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.test import TestResponse

from orchestrator.store import seats
from orchestrator.store.seats import Page
from tests.unit.web.world import SLUG, Browser, SiteWorld
from web.candidate.notes import version_of

WHO: dict[str, Any] = {"who": "boss", "why": "essai"}


def told(browser: Browser) -> dict[str, Any]:
    answer = browser.get("/poste/etat", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def send(browser: Browser, what: str, **body: Any) -> TestResponse:
    return raw(browser, what, json.dumps(body, ensure_ascii=False).encode())


def raw(browser: Browser, what: str, body: bytes) -> TestResponse:
    headers = {"X-CSRFToken": browser.token(), "Accept": "application/json", "Content-Type": "application/json"}
    return browser.client.post(f"/poste/{what}", data=body, headers=headers)


def write(browser: Browser, text: str, base: str = "") -> TestResponse:
    return send(browser, "notes", text=text, base=version_of(base))


def stored(world: SiteWorld, candidate: str = "c01") -> Page:
    with world.store.read() as tx:
        return seats.page(tx, SLUG, candidate)


def text(browser: Browser) -> str:
    answer = browser.get("/poste")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)
