"""The centre's own sign-in, against a provider that answers on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from werkzeug.test import TestResponse

from orchestrator.settings import Oidc
from orchestrator.store import accounts
from orchestrator.store.accounts import Account
from tests.unit.web.provider import CLIENT, SECRET, Provider, provider
from tests.unit.web.world import NINE, Browser, SiteWorld


@pytest.fixture(scope="module")
def centre() -> Iterator[Provider]:
    with provider() as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, centre: Provider) -> Iterator[SiteWorld]:
    centre.claims, centre.lie = {"sub": "42", "preferred_username": "Durand"}, False
    made = SiteWorld(tmp_path, oidc=Oidc(issuer=centre.issuer, client_id=CLIENT, client_secret=SECRET, name="Lycée"))
    with made.store.write() as tx:
        accounts.create(tx, Account(id="durand", name="Durand", roles=("jury",), created_at=NINE))
    yield made
    made.close()


def sign_in(world: SiteWorld, browser: Browser | None = None) -> tuple[Browser, TestResponse]:
    """What a browser does: to the provider and back."""
    browser = browser or Browser(world.app.test_client())
    away = browser.post("/connexion/centre").headers["Location"]
    back = requests.get(away, allow_redirects=False, timeout=60).headers["Location"]
    parts = urlsplit(back)
    return browser, browser.get(f"{parts.path}?{parts.query}")


def test_the_first_sign_in_binds_the_account_and_later_ones_go_by_the_subject(
    world: SiteWorld, centre: Provider
) -> None:
    browser, answer = sign_in(world)
    assert answer.status_code == 302
    assert browser.get("/jury/").status_code == 200
    centre.claims = {"sub": "42", "preferred_username": "renamed"}
    assert sign_in(world)[0].get("/jury/").status_code == 200
    centre.claims = {"sub": "43", "preferred_username": "durand"}  # somebody else who took that name
    assert sign_in(world)[1].status_code == 403


def test_only_a_verified_address_counts(world: SiteWorld, centre: Provider) -> None:
    centre.claims = {"sub": "7", "email": "durand"}
    assert sign_in(world)[1].status_code == 403
    centre.claims = {"sub": "7", "email": "durand", "email_verified": True}
    assert sign_in(world)[1].status_code == 302


def test_an_account_with_a_password_is_never_taken_over(world: SiteWorld, centre: Provider) -> None:
    centre.claims = {"sub": "1", "preferred_username": "administrator"}
    answer = sign_in(world)[1]
    assert answer.status_code == 403
    assert "Aucun compte" in answer.get_data(as_text=True)


def test_a_token_signed_by_somebody_else_opens_nothing(world: SiteWorld, centre: Provider) -> None:
    centre.lie = True
    assert sign_in(world)[1].status_code == 403


def test_an_answer_that_was_not_asked_for_opens_nothing(world: SiteWorld) -> None:
    victim = Browser(world.app.test_client())
    away = Browser(world.app.test_client()).post("/connexion/centre").headers["Location"]
    back = urlsplit(requests.get(away, allow_redirects=False, timeout=60).headers["Location"])
    assert victim.get(f"{back.path}?{back.query}").status_code == 403


def test_a_silent_provider_is_said_in_a_sentence(tmp_path: Path) -> None:
    world = SiteWorld(tmp_path, oidc=Oidc(issuer="http://127.0.0.1:9", client_id=CLIENT, client_secret=SECRET))
    try:
        browser = Browser(world.app.test_client())
        assert "OpenID Connect" in browser.get("/connexion").get_data(as_text=True)
        answer = browser.post("/connexion/centre")
        assert answer.status_code == 400
        assert "pas abouti" in answer.get_data(as_text=True)
    finally:
        world.close()
