"""Every address against everybody who may ask for it. An address without a row fails; so does a row without address."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from flask import url_for
from werkzeug.test import TestResponse

from tests.unit.web.table import Row
from tests.unit.web.world import ACTORS, SiteWorld

TABLE: dict[str, list[Row]] = {
    endpoint: rows
    for file in sorted(Path(__file__).parent.glob("access_*.py"))
    for endpoint, rows in importlib.import_module(f"tests.unit.web.{file.stem}").ROWS.items()
}

SHUT = ("auth.first_account", "auth.central", "auth.central_back")
"""Public addresses that are shut in this world: there is nothing to sign in for."""


def test_every_address_and_method_has_a_row(world: SiteWorld) -> None:
    served = {
        (rule.endpoint, method)
        for rule in world.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(endpoint, row.method) for endpoint, rows in TABLE.items() for row in rows} == served


@pytest.mark.parametrize("actor", ACTORS)
def test_who_gets_in(world: SiteWorld, actor: str) -> None:
    world.trial()
    wrong = []
    for endpoint, rows in TABLE.items():
        for row in rows:
            with world.app.test_request_context():
                address = url_for(endpoint, **row.values)
            world.forget_browser(actor)  # signing out is one of the addresses
            browser = world.browser(actor)
            answer = browser.post(address, dict(row.data)) if row.method == "POST" else browser.get(address)
            got, expected = _got(answer, row), _expected(actor, row, endpoint)
            if got != expected:
                wrong.append(f"{row.method} {address}: {got} ({answer.status_code}), expected {expected}")
    assert not wrong


def _expected(actor: str, row: Row, endpoint: str) -> str:
    if actor in row.ok:
        return "ok"
    return "login" if actor == "anonymous" and endpoint not in SHUT else "no"


def _got(answer: TestResponse, row: Row) -> str:
    if answer.status_code in row.fine:
        return "ok"
    if answer.status_code == 401 or "/connexion" in answer.headers.get("Location", ""):
        return "login"
    if answer.status_code == 302 and answer.headers["Location"].endswith("/place"):
        return "login"
    if answer.status_code in (403, 404):
        return "no"
    return "ok" if answer.status_code < 400 else f"error {answer.status_code}"
