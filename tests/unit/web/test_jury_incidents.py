"""Incidents on the jury's page: chosen from cards, injected, seen, verified, and told in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestrator.engine import incidents, lab
from orchestrator.exam import commands
from tests.unit.engine.machines import Machines, write_lab_with_incidents
from tests.unit.web.world import SLUG, Browser, SiteWorld

PAGE = f"/jury/{SLUG}/c01/incidents"
HTMX = {"HX-Request": "true"}


@dataclass
class Hour:
    """A jury in front of its page, with frozen benches."""

    world: SiteWorld
    machines: Machines

    @property
    def browser(self) -> Browser:
        return self.world.browser("jury")

    def page(self, *, status: int = 200) -> str:
        answer = self.browser.get(PAGE)
        assert answer.status_code == status
        return answer.get_data(as_text=True)

    def post(self, address: str, **data: str) -> None:
        answer = self.browser.post(address, data)
        assert (answer.status_code, answer.location) == (303, f"/jury/{SLUG}/c01/heure#hour-incidents")
        self.world.passes()

    def opened(self) -> Hour:
        self.browser.post(f"/jury/{SLUG}/c01/copie")
        self.world.passes()
        return self


@pytest.fixture
def hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hour]:
    monkeypatch.setattr(incidents, "SEEN_WITHIN_S", 0.05)
    world = SiteWorld(tmp_path, lab=str(write_lab_with_incidents(tmp_path / "incidents")))
    machines = Machines(world.settings.benches_dir)
    world.hypervisor.programs = machines
    world.frozen()
    yield Hour(world, machines)
    world.close()


def test_cards_tell_the_jury_what_to_play_and_what_to_expect(hour: Hour) -> None:
    page = hour.page()
    for told in ("The name is gone (client-lost)", "Anna", "It is not found any more.", "Since when?", "Looks at"):
        assert told in page
    assert "impact faible, urgence moyenne · BC01.C3" in page
    assert "Ouvrez d’abord une copie du poste" in page
    assert hour.browser.post(PAGE, {"incident": "client-lost"}).status_code == 409


def test_an_incident_is_injected_verified_and_told_with_its_harm(hour: Hour) -> None:
    hour.opened().post(PAGE, incident="client-lost")
    page = hour.page()
    assert "Incident 1\u00a0: The name is gone (client-lost)" in page
    assert "constaté à" in page
    assert "nom en cours trouvé « lost », attendu « desk »" in page
    assert "À dire en premier" in page
    hour.post(f"{PAGE}/1/verifier")
    assert "non résolu" in hour.page()
    hour.machines.rename(SLUG, "c01", "client", "desk")
    hour.machines.rename(SLUG, "c01", "server", "oops")
    hour.post(f"{PAGE}/1/verifier")
    page = hour.page()
    assert "dégâts ailleurs" in page
    assert "oops" in page
    assert "avant l’incident" in page
    assert "Vérifier à nouveau" in page


def test_an_incident_that_cannot_be_shown_says_why(hour: Hour) -> None:
    hour.opened()
    hour.machines.rename(SLUG, "c01", "client", "other<b>")
    hour.post(PAGE, incident="client-lost")
    page = hour.page()
    assert "ne peut pas être montré sur ce poste" in page
    assert "other&lt;b&gt;" in page
    assert "Rien n’a été modifié" in page


def test_a_request_is_put_without_breaking_anything(hour: Hour) -> None:
    hour.opened().post(PAGE, incident="rename")
    assert "Demande 1" in hour.page()
    assert hour.machines.ran == []


def test_the_state_is_sent_again_only_when_it_has_changed(hour: Hour) -> None:
    hour.opened()
    version = hour.page().split("vu=")[1].split('"')[0]
    assert hour.browser.get(f"{PAGE}/etat?vu={version}").status_code == 204
    hour.world.do(commands.AskIncident(who="jury", candidate="c01", incident="client-lost"))
    answer = hour.browser.get(f"{PAGE}/etat?vu={version}")
    assert "en préparation" in answer.get_data(as_text=True)


def test_htmx_gets_a_part_and_people_a_page(hour: Hour) -> None:
    part = hour.browser.get(PAGE, headers=HTMX).get_data(as_text=True)
    assert "<html" not in part
    assert "incident-cards" in part
    assert "<html" in hour.page()


def test_what_the_lab_does_not_have_is_not_injected(hour: Hour) -> None:
    assert hour.opened().browser.post(PAGE, {"incident": "nothing"}).status_code == 400
    assert hour.browser.post(PAGE).status_code == 400
    assert hour.world.exam().candidates["c01"].incidents == ()


def test_a_lab_that_has_changed_is_told_and_what_was_done_stays_readable(hour: Hour) -> None:
    hour.opened().post(PAGE, incident="client-lost")
    with (hour.world.lab.folder / "sujet.md").open("a") as file:
        file.write("more")
    lab._read.cache_clear()
    page = hour.page()
    assert "Le sujet a changé" in page
    assert "client-lost" in page
    assert "Vérifier" in page


def test_nothing_is_offered_once_the_session_is_closed_and_what_was_seen_stays(hour: Hour) -> None:
    hour.opened().post(PAGE, incident="client-lost")
    hour.world.do(commands.Close(who="boss"))
    page = hour.page()
    assert "terminé avec sa copie" in page
    assert "Ce qui a été constaté" in page
    assert "incident-cards" not in page
    assert "verifier" not in page
