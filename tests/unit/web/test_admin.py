"""What administrators do to accounts, and what they see of the installation."""

from __future__ import annotations

import re

import pytest

from orchestrator.store import accounts, audit
from tests.unit.web.world import PASSWORD, Browser, SiteWorld


def new(world: SiteWorld, **data: object) -> str:
    """A new account, made in the browser; the password that was shown."""
    answer = world.browser("administrator").post("/administration/comptes/nouveau", data)
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    found = re.findall(r"<code>([^<]+)</code>", page)
    assert found[0] == data["account"]
    return str(found[1])


def test_a_new_account_signs_in_with_the_password_shown_and_must_change_it(world: SiteWorld) -> None:
    password = new(world, account="durand", name="Mme Durand", roles=["supervisor", "jury"])
    browser = Browser(world.app.test_client())
    assert browser.post("/connexion", {"account": "Durand", "password": password}).status_code == 302
    assert browser.get("/surveillance/").headers["Location"] == "/mot-de-passe"
    with world.store.read() as tx:
        found = accounts.find(tx, "durand")
        assert found is not None
        assert found.roles == ("supervisor", "jury")
        assert password not in (found.password or "")
        assert [entry.what for entry in audit.latest(tx, 2)] == ["login", "account-made"]


@pytest.mark.parametrize("name", ["", "Durand", "é", "a", "a b", "root/../x", "x" * 65])
def test_names_that_cannot_be_are_refused_in_place(world: SiteWorld, name: str) -> None:
    data = {"account": name, "name": "Nom", "roles": ["jury"]}
    page = world.browser("administrator").post("/administration/comptes/nouveau", data).get_data(as_text=True)
    assert 'aria-invalid="true"' in page
    assert 'value="Nom"' in page  # nothing is lost


def test_an_account_that_exists_is_not_replaced(world: SiteWorld) -> None:
    data = {"account": "jury", "name": "Autre", "roles": ["administrator"]}
    assert world.browser("administrator").post("/administration/comptes/nouveau", data).status_code == 409
    with world.store.read() as tx:
        found = accounts.find(tx, "jury")
    assert found is not None
    assert found.roles == ("jury",)


@pytest.mark.parametrize("name", ["c01", "c142", "epreuve"])
def test_nobody_is_called_like_a_candidate_or_the_service(world: SiteWorld, name: str) -> None:
    data = {"account": name, "name": "Nadia", "roles": ["jury"]}
    answer = world.browser("administrator").post("/administration/comptes/nouveau", data)
    assert answer.status_code == 409
    assert "désigne un candidat" in answer.get_data(as_text=True)


def test_unknown_roles_are_refused(world: SiteWorld) -> None:
    data = {"name": "Jury", "roles": ["jury", "god"]}
    assert world.browser("administrator").post("/administration/comptes/jury", data).status_code == 200  # shown again
    with world.store.read() as tx:
        found = accounts.find(tx, "jury")
    assert found is not None
    assert found.roles == ("jury",)


def test_roles_taken_away_are_gone_at_once(world: SiteWorld) -> None:
    assert world.browser("trainer").get("/sujets/").status_code == 200
    world.browser("administrator").post("/administration/comptes/trainer", {"name": "T", "roles": ["jury"]})
    assert world.browser("trainer").get("/sujets/").status_code == 403


def test_the_last_administrator_stays(world: SiteWorld) -> None:
    browser = world.browser("administrator")
    assert browser.post("/administration/comptes/boss/fermer").status_code == 302
    assert browser.post("/administration/comptes/administrator/fermer").status_code == 400
    demoted = browser.post("/administration/comptes/administrator", {"name": "A", "roles": ["jury"]})
    assert demoted.status_code == 409
    assert "dernier administrateur" in demoted.get_data(as_text=True)
    assert browser.get("/administration/").status_code == 200


def test_a_password_given_anew_signs_everybody_out(world: SiteWorld) -> None:
    assert world.browser("jury").get("/jury/").status_code == 200
    page = world.browser("administrator").post("/administration/comptes/jury/mot-de-passe").get_data(as_text=True)
    password = re.findall(r"<code>([^<]+)</code>", page)[1]
    assert world.browser("jury").get("/jury/").status_code == 302
    browser = Browser(world.app.test_client())
    assert browser.post("/connexion", {"account": "jury", "password": PASSWORD}).status_code == 403
    assert browser.post("/connexion", {"account": "jury", "password": password}).status_code == 302


def test_a_closed_account_is_opened_again(world: SiteWorld) -> None:
    admin = world.browser("administrator")
    admin.post("/administration/comptes/jury/fermer")
    assert world.browser("jury").get("/jury/").status_code == 302
    admin.post("/administration/comptes/jury/rouvrir")
    world.forget_browser("jury")
    assert world.browser("jury").get("/jury/").status_code == 200


def test_health_says_that_no_service_runs_and_what_to_do(world: SiteWorld) -> None:
    page = world.browser("administrator").get("/administration/sante").get_data(as_text=True)
    assert "Le service ne tourne pas" in page
    assert "epreuve service start" in page


def test_metrics_are_for_this_computer_only(world: SiteWorld) -> None:
    client = world.app.test_client()
    client.get("/connexion")
    text = client.get("/metrics").get_data(as_text=True)
    assert 'epreuve_request_seconds_count{endpoint="auth.sign_in",status="200"} 1.0' in text
    assert 'epreuve_sessions{state="draft"} 2.0' in text
    assert "epreuve_service_up 0.0" in text
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 404
    assert client.get("/healthz", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 200


def test_the_audit_log_shows_the_newest_first_and_pages(world: SiteWorld) -> None:
    with world.store.write() as tx:
        for number in range(130):
            audit.note(tx, at=world.clock.read().wall, who="x", what="login", about=f"entry-{number:03d}")
    browser = world.browser("administrator")
    page = browser.get("/administration/journal").get_data(as_text=True)
    assert page.index("entry-129") < page.index("entry-030")
    assert "entry-029" not in page
    older = re.search(r'href="(/administration/journal\?avant=\d+)"', page)
    assert older
    assert "entry-029" in browser.get(older[1]).get_data(as_text=True)


def test_a_session_is_entrusted_to_others_at_once_and_that_is_noted(world: SiteWorld) -> None:
    other = world.browser("other_supervisor")
    assert other.get("/surveillance/juin/").status_code == 404
    admin = world.browser("administrator")
    assert "checked" in admin.get("/administration/sessions/juin").get_data(as_text=True)
    data = {"supervisor": ["other_supervisor", "boss"], "jury": ["jury"]}
    assert admin.post("/administration/sessions/juin", data).status_code == 302
    assert other.get("/surveillance/juin/").status_code == 200
    assert world.browser("supervisor").get("/surveillance/juin/").status_code == 404
    with world.store.read() as tx:
        entry = audit.latest(tx, 1)[0]
    assert (entry.what, entry.about) == ("entrusted", "juin, supervisor: other_supervisor, boss")


def test_a_session_is_not_entrusted_to_who_lacks_the_role_or_is_unknown(world: SiteWorld) -> None:
    admin = world.browser("administrator")
    for wrong in ("trainer", "nobody"):
        assert admin.post("/administration/sessions/juin", {"supervisor": [wrong]}).status_code == 200  # shown again
    with world.store.read() as tx:
        assert accounts.entrusted(tx, "juin", "supervisor") == ["supervisor"]
    assert admin.get("/administration/sessions/none").status_code == 404


def test_a_simulated_site_asks_no_hypervisor(world: SiteWorld) -> None:
    page = world.browser("administrator").post("/administration/sante/examen").get_data(as_text=True)
    assert "machines simulées" in page
    assert not list(world.root.rglob("*libvirt*"))
