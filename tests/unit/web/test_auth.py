"""Signing in: what opens, what does not, and what is remembered of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.store import accounts, audit, logins
from tests.unit.web.world import PASSWORD, SLUG, Browser, SiteWorld
from web.auth.login import SEAT_FAILURES, WRONG_IN_A_ROW
from web.auth.routes import FIRST


def stranger(world: SiteWorld) -> Browser:
    return Browser(world.app.test_client())


def sign_in(browser: Browser, account: str = "supervisor", password: str = PASSWORD) -> int:
    return browser.post("/connexion", {"account": account, "password": password}).status_code


def test_a_password_opens_and_signing_out_closes(world: SiteWorld) -> None:
    browser = stranger(world)
    assert sign_in(browser) == 302
    assert browser.get("/surveillance/").status_code == 200
    browser.post("/deconnexion")
    assert browser.get("/surveillance/").status_code == 302


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(world: SiteWorld) -> None:
    browser, thief = stranger(world), stranger(world)
    sign_in(browser)
    with browser.client.session_transaction() as session:
        thief.be(session["login"])
    assert thief.get("/surveillance/").status_code == 200
    browser.post("/deconnexion")
    assert thief.get("/surveillance/").status_code == 302


def test_wrong_name_and_wrong_password_are_told_alike(world: SiteWorld) -> None:
    answers = [
        stranger(world).post("/connexion", {"account": account, "password": "wrong but long enough"})
        for account in ("supervisor", "nobody")
    ]
    assert {answer.status_code for answer in answers} == {403}
    texts = [answer.get_data(as_text=True) for answer in answers]
    assert all("L’identifiant ou le mot de passe" in text for text in texts)


def test_an_account_locks_after_wrong_passwords_and_says_so_in_the_audit_log(world: SiteWorld) -> None:
    browser = stranger(world)
    for _ in range(WRONG_IN_A_ROW):
        assert sign_in(browser, password="wrong but long enough") == 403
    assert sign_in(browser) == 403  # the right one does not open either
    with world.store.write() as tx:
        assert audit.latest(tx, 1)[0].what == "locked"
        accounts.change(tx, "supervisor", locked_until=datetime.now(UTC) - timedelta(seconds=1))
    assert sign_in(browser) == 302


def test_a_disabled_account_is_signed_out_at_once(world: SiteWorld) -> None:
    browser = world.browser("supervisor")
    assert browser.get("/surveillance/").status_code == 200
    with world.store.write() as tx:
        accounts.change(tx, "supervisor", disabled_at=datetime.now(UTC))
    assert browser.get("/surveillance/").status_code == 302
    assert sign_in(stranger(world)) == 403


def test_a_given_password_must_be_changed_before_anything_else(world: SiteWorld) -> None:
    with world.store.write() as tx:
        accounts.change(tx, "supervisor", must_change=True)
    browser = world.browser("supervisor")
    assert browser.get("/surveillance/").headers["Location"] == "/mot-de-passe"
    new = {"old": PASSWORD, "password": "another sentence of mine", "again": "another sentence of mine"}
    assert browser.post("/mot-de-passe", new).status_code == 302
    assert browser.get("/surveillance/").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
def test_signing_in_never_leads_to_another_site(world: SiteWorld, elsewhere: str) -> None:
    data = {"account": "supervisor", "password": PASSWORD, "next": elsewhere}
    assert stranger(world).post("/connexion", data).headers["Location"] == "/"


def test_a_seat_code_opens_one_screen_only(world: SiteWorld) -> None:
    first, second = stranger(world), stranger(world)
    code = world.code("c01")
    typed = f" {code[:4].lower()} - {code[4:].lower()} "
    assert first.post("/place", {"code": typed}).status_code == 302
    assert first.get("/poste").status_code == 200
    answer = second.post("/place", {"code": code})
    assert answer.status_code == 403
    assert "surveillant" in answer.get_data(as_text=True)
    with world.store.write() as tx:  # what a supervisor does
        logins.end_seat(tx, SLUG, "c01", datetime.now(UTC))
    assert second.post("/place", {"code": code}).status_code == 302
    assert first.get("/poste").status_code == 302


def test_guessing_seat_codes_is_slowed_down(world: SiteWorld) -> None:
    browser = stranger(world)
    for number in range(SEAT_FAILURES):
        assert browser.post("/place", {"code": f"WRNG{number:04d}"}).status_code == 403
    answer = browser.post("/place", {"code": world.code("c01")})
    assert "Trop d" in answer.get_data(as_text=True)


def test_the_first_account_is_made_once_by_a_link_that_opens_once(world: SiteWorld) -> None:
    with world.store.write() as tx:
        tx.exec_driver_sql("DELETE FROM staff")
        tx.exec_driver_sql("DELETE FROM account")
        secret = logins.make_link(tx, FIRST, datetime.now(UTC) + timedelta(hours=1))
    words = {"account": "martin", "name": "Martin", "password": "a long sentence", "again": "a long sentence"}
    browser = stranger(world)
    assert browser.get(f"/premier-compte/{secret}").status_code == 200
    assert browser.post(f"/premier-compte/{secret}", words).status_code == 302
    assert browser.get("/administration/").status_code == 200
    assert stranger(world).get(f"/premier-compte/{secret}").status_code == 404
    assert stranger(world).post(f"/premier-compte/{secret}", words | {"account": "second"}).status_code == 404


def test_orders_without_the_token_of_the_page_are_refused(world: SiteWorld) -> None:
    client = stranger(world).client
    assert client.post("/connexion", data={"account": "supervisor", "password": PASSWORD}).status_code == 400
    assert client.post("/deconnexion").status_code == 400


def test_what_every_answer_says_to_the_browser(world: SiteWorld) -> None:
    for address in ("/", "/connexion", "/nowhere", "/static/style.css"):
        headers = stranger(world).get(address).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    cookie = stranger(world).get("/connexion").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_language_is_the_browsers_until_one_is_chosen(world: SiteWorld) -> None:
    browser = stranger(world)
    assert 'lang="fr"' in browser.get("/connexion").get_data(as_text=True)
    english = browser.get("/connexion", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert 'lang="en"' in english.get_data(as_text=True)
    browser.post("/langue/en")
    assert 'lang="en"' in browser.get("/connexion").get_data(as_text=True)


def test_every_file_that_a_page_names_is_there(world: SiteWorld) -> None:
    page = stranger(world).get("/connexion").get_data(as_text=True)
    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(named) >= 4
    assert {stranger(world).get(one).status_code for one in named} == {200}
