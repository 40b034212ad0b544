"""The physical devices of a trial in the browser: placed in its form, looked for by a job, compared, confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator.devices.net import SimulatedNet
from orchestrator.engine import jobs
from orchestrator.exam.devices import fingerprint
from orchestrator.exam.model import DeviceAt
from orchestrator.library import shelf
from tests.unit.devices.conftest import write_device_lab
from tests.unit.library.archives import files_of, zip_of
from tests.unit.web.world import ACTORS, NINE, SiteWorld

LAB = "/sujets/small-lab/1.0.0"
AP, PAGE = "192.0.2.11", "192.0.2.31"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SiteWorld]:
    def no(*_: Any, **__: Any) -> Any:
        pytest.fail("a packet: the site is a simulated one")

    monkeypatch.setattr("socket.create_connection", no)
    folder = write_device_lab(tmp_path / "with-devices")
    made = SiteWorld(tmp_path, lab=str(folder))
    packed = zip_of(dict(files_of(folder)), packed=False)
    shelf.put(made.settings.labs_dir, packed, who="trainer", at=NINE, trusted=True, taken=())
    yield made
    made.close()


def key(world: SiteWorld, machine: str, address: str) -> str:
    """What a simulated device shows."""
    return SimulatedNet().shown_key(world.lab.lab.devices[machine], address)


def begun(world: SiteWorld, **form: str) -> str:
    """A trial that was begun with this form; its session."""
    answer = world.browser("trainer").post(f"{LAB}/essayer", typed(**form))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"].rpartition("/")[2]


def typed(**form: str) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in form.items()}


def looked(world: SiteWorld, slug: str, **keys: str) -> None:
    """What the job does that was asked for last."""
    assert (f"devices {slug} {keys}", "trainer") in world.jobs.asked[-2:]
    order = jobs.Order(settings=world.settings, simulated=True, who="trainer", slug=slug, what="devices", why="essai")
    jobs.do(order.model_copy(update={"keys": keys}))


def devices(world: SiteWorld, slug: str) -> dict[str, DeviceAt]:
    return world.exam(slug).candidates["c01"].devices


def page(world: SiteWorld, address: str) -> str:
    return world.browser("trainer").get(address).get_data(as_text=True)


def test_a_trial_needs_no_device(world: SiteWorld) -> None:
    assert "ses contrôles restent sans verdict" in page(world, LAB)
    slug = begun(world, address_ap="", key_ap=" ")
    assert devices(world, slug) == {}
    assert world.jobs.asked[-1] == (slug, "trainer"), "nothing is looked for"
    assert "sans adresse" in page(world, f"/essais/{slug}")


def test_a_device_that_shows_the_given_key_is_confirmed(world: SiteWorld) -> None:
    shown = key(world, "ap", AP)
    slug = begun(world, address_ap=f" {AP} ", key_ap=fingerprint(shown))
    assert "sans adresse" in page(world, f"/essais/{slug}"), "page has none"
    looked(world, slug, ap=fingerprint(shown))
    known = devices(world, slug)["ap"]
    assert (known.address, known.host_key) == (AP, shown)
    assert "confirmée" in page(world, f"/essais/{slug}")


def test_one_that_shows_another_is_told_and_can_be_compared(world: SiteWorld) -> None:
    given = fingerprint(key(world, "page", "192.0.2.99"))
    slug = begun(world, address_page=PAGE, key_page=given)
    looked(world, slug, page=given)
    told = page(world, f"/essais/{slug}")
    shown = key(world, "page", PAGE)
    assert "page\u00a0: L’appareil montre une autre clé" in told
    assert fingerprint(shown) in told
    assert devices(world, slug)["page"].host_key == ""
    for actor in set(ACTORS) - {"trainer"}:
        answer = world.browser(actor).post(f"/essais/{slug}/appareils/page/cle", {"key": shown})
        assert answer.status_code in (302, 401, 403, 404), actor
    confirm = f"/essais/{slug}/appareils/page/cle"
    wrong = world.browser("trainer").post(confirm, {"key": key(world, "page", AP)})
    assert (wrong.status_code, "maintenant une autre clé" in wrong.get_data(as_text=True)) == (409, True)
    assert devices(world, slug)["page"].host_key == ""
    assert world.browser("trainer").post(confirm, {"key": shown}).status_code == 303
    assert devices(world, slug)["page"].host_key == shown


WRONG = [
    ({"address-ap": "nowhere"}, "ap: nowhere"),
    ({"address-ap": "", "key-ap": "0a" * 32}, "Il faut une adresse IPv4"),
    ({"address-ap": "192.0.2.11,x"}, "pas l’empreinte d’une clé"),
    ({"address-ap": AP, "key-ap": "<b>SHA256"}, "pas l’empreinte d’une clé"),
    ({"address-ap": AP, "address-page": AP}, "la même adresse"),
    ({"address-ap": "9" * 5000}, "Il faut une adresse IPv4"),
]


def test_what_cannot_be_read_is_told_and_stays_to_be_mended(world: SiteWorld) -> None:
    def refused(address: str) -> None:
        for form, said in WRONG:
            answer = world.browser("trainer").post(address, form)
            told = answer.get_data(as_text=True)
            assert (answer.status_code, said in told) == (400, True), (address, form)
            kept = re.search(r'name="address-ap"[^>]* value="([^"]*)"', told)
            assert kept is not None
            assert kept[1] == form["address-ap"]
            assert "<b>SHA" not in told

    refused(f"{LAB}/essayer")
    slug = begun(world)
    refused(f"/essais/{slug}/appareils")
    assert devices(world, slug) == {}


def test_addresses_are_given_and_changed_while_it_runs(world: SiteWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    slug = begun(world)
    address = f"/essais/{slug}/appareils"
    assert world.browser("trainer").post(address, typed(address_ap=AP)).status_code == 303
    looked(world, slug)
    (same,) = re.findall(r'hx-get="([^"]+appareils[^"]+)"', page(world, f"/essais/{slug}"))
    assert world.browser("trainer").get(same).status_code == 204
    assert world.browser("trainer").post(address, typed(address_ap=PAGE)).status_code == 303
    assert "Pas encore regardé" in page(world, same)
    assert devices(world, slug)["ap"] == DeviceAt(address=PAGE)

    working = jobs.Progress(who="trainer", since=NINE, at_work=True)
    monkeypatch.setattr(jobs, "comparing", lambda *_: working)
    again = world.browser("trainer").post(address, typed(address_ap=AP))
    assert (again.status_code, "encore cherchés" in again.get_data(as_text=True)) == (409, True)
    assert devices(world, slug)["ap"].address == PAGE
