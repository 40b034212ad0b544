"""The devices of a session on its page: placed, looked for by the service, compared, confirmed; and on the wall."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from orchestrator.devices.lookout import is_asked
from orchestrator.engine import jobs
from orchestrator.exam import commands
from orchestrator.exam.devices import fingerprint
from orchestrator.store import journal
from tests.unit.devices.conftest import write_device_lab
from tests.unit.web.world import ACTORS, SLUG, SiteWorld

PAGE = f"/surveillance/{SLUG}/appareils"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKvAGc4Xcw7XPm2QGqSJTIZBSTBdOJQFqzuEGSR1yq5K"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBBGc4Xcw7XPm2QGqSJTIZBSTBdOJQFqzuEGSR1yq5K"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SiteWorld]:
    def no(*_: Any, **__: Any) -> Any:
        pytest.fail("a page touched the network")

    monkeypatch.setattr("socket.create_connection", no)
    made = SiteWorld(tmp_path, lab=str(write_device_lab(tmp_path / "with-devices")))
    yield made
    made.close()


def page(world: SiteWorld, address: str = PAGE, actor: str = "supervisor") -> str:
    return world.browser(actor).get(address).get_data(as_text=True)


def place(world: SiteWorld, **form: Any) -> int:
    return world.browser("supervisor").post(f"{PAGE}/adresses", {"machine": "ap", **form}).status_code


def looked(world: SiteWorld, key: str, candidate: str = "c01", address: str = "192.0.2.11") -> None:
    world.do(commands.DeviceLooked(candidate, "ap", address, key))


def confirm(world: SiteWorld, key: str, actor: str = "supervisor", **form: str) -> int:
    address = f"/surveillance/{SLUG}/c01/appareils/ap/cle"
    return world.browser(actor).post(address, {"key": key, **form}).status_code


def addresses(world: SiteWorld) -> dict[str, str]:
    return {name: one.devices["ap"].address for name, one in world.exam().candidates.items() if "ap" in one.devices}


@pytest.mark.parametrize(
    "form",
    [
        {"first": "192.0.2.11"},
        {"list": "c01 192.0.2.11\nc02;192.0.2.12\n"},
        {"file": (BytesIO("c01\t192.0.2.11\r\nc02 192.0.2.12".encode("utf-8-sig")), "bornes.txt")},
    ],
    ids=["first", "list", "file"],
)
def test_addresses_are_given_in_three_ways(world: SiteWorld, form: dict[str, Any]) -> None:
    assert place(world, **form) == 303
    assert addresses(world) == {"c01": "192.0.2.11", "c02": "192.0.2.12"}
    assert is_asked(world.settings.data_dir, SLUG)
    assert ("", "supervisor") in world.jobs.asked  # a service is there to look


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"list": "c01"}, 400, "une adresse IPv4"),
    ({"list": ""}, 400, "une adresse IPv4"),
    ({"first": "255.255.255.255"}, 400, "une adresse IPv4"),
    ({"list": "c01 192.0.2.11\nc02 192.0.2.11"}, 409, "une adresse à lui"),
    ({"list": "c09 192.0.2.11"}, 409, "n’est pas inscrit"),
    ({"list": "c01 192.0.2.11", "machine": "server"}, 409, "pas d’appareil"),
    ({"file": (BytesIO(b"\xff\xfe\x00"), "x.xlsx")}, 400, "pas un texte"),
]


def test_what_cannot_be_read_or_is_taken_says_why(world: SiteWorld) -> None:
    for form, status, said in WRONG:
        answer = world.browser("supervisor").post(f"{PAGE}/adresses", {"machine": "ap", **form})
        assert (answer.status_code, said in answer.get_data(as_text=True)) == (status, True), form
    assert addresses(world) == {}


def test_a_key_is_shown_compared_and_confirmed_with_who(world: SiteWorld) -> None:
    place(world, first="192.0.2.11")
    looked(world, KEY)
    shown = page(world)
    assert fingerprint(KEY) in shown
    assert "data-confirm" in shown
    assert confirm(world, KEY) == 303
    assert world.exam().candidates["c01"].devices["ap"].host_key == KEY
    with world.store.read() as tx:
        last = [one for one in journal.entries(tx, SLUG) if one.kind == "device-confirmed"][-1]
    assert (last.who, last.candidate) == ("supervisor", "c01")
    assert "confirmée" in page(world)


def test_a_key_that_is_not_the_one_shown_now_is_not_confirmed(world: SiteWorld) -> None:
    place(world, first="192.0.2.11")
    assert confirm(world, KEY) == 409  # nothing was seen yet
    looked(world, KEY)
    looked(world, OTHER)  # it has changed while somebody compared
    assert confirm(world, KEY) == 409
    assert world.exam().candidates["c01"].devices["ap"].host_key == ""


def test_a_changed_key_is_told_in_words_and_needs_a_reason(world: SiteWorld) -> None:
    place(world, first="192.0.2.11")
    looked(world, KEY)
    confirm(world, KEY)
    looked(world, OTHER)
    told = page(world)
    assert "AUTRE CLÉ" in told
    assert fingerprint(OTHER) in told
    assert 'name="why" maxlength="500" autocomplete="off" required' in told
    assert confirm(world, OTHER) == 409
    assert confirm(world, OTHER, why=" \n ") == 409
    assert confirm(world, OTHER, why="remise à zéro") == 303
    assert "AUTRE CLÉ" not in page(world)
    with world.store.read() as tx:
        assert "remise à zéro" in [one.why for one in journal.entries(tx, SLUG)]


def test_nobody_else_confirms(world: SiteWorld) -> None:
    place(world, first="192.0.2.11")
    looked(world, KEY)
    for actor in set(ACTORS) - {"supervisor"}:
        assert confirm(world, KEY, actor) in (302, 401, 403, 404), actor
    assert world.exam().candidates["c01"].devices["ap"].host_key == ""


def test_the_list_comes_again_only_when_it_is_another(world: SiteWorld) -> None:
    place(world, first="192.0.2.11")
    (same,) = re.findall(r'hx-get="([^"]+)"', page(world))
    assert world.browser("supervisor").get(same).status_code == 204
    looked(world, KEY)
    assert fingerprint(KEY) in page(world, same)


def test_looking_is_asked_of_the_service(world: SiteWorld) -> None:
    assert world.browser("supervisor").post(f"{PAGE}/regard").status_code == 303
    assert is_asked(world.settings.data_dir, SLUG)


RADIO = "a4:2b:b0:01:02:50"


def note(world: SiteWorld, radios: str, candidate: str = "c01") -> tuple[int, str]:
    address = f"/surveillance/{SLUG}/{candidate}/appareils/ap/radios"
    answer = world.browser("supervisor").post(address, {"radios": radios})
    return answer.status_code, answer.get_data(as_text=True)


def test_the_radios_on_a_label_are_noted_and_shown_with_when_and_how(world: SiteWorld) -> None:
    place(world, first="192.0.2.11")
    assert "aucune notée" in page(world)
    assert note(world, f" {RADIO.upper()},a4:2b:b0:01:02:54 ")[0] == 303
    assert world.exam().candidates["c01"].devices["ap"].radios == (RADIO, "a4:2b:b0:01:02:54")
    told = page(world)
    assert RADIO in told
    assert "données à la main, 15" in told
    world.do(commands.ConfirmDevice(who="boss", candidate="c01", machine="ap", host_key=KEY))
    world.do(commands.TellRadios(who="boss", candidate="c01", machine="ap", radios=(RADIO,), read=True))
    assert "lues sur l’appareil, 15" in page(world)


def test_radios_that_cannot_be_noted_are_told_and_stay_to_be_mended(world: SiteWorld) -> None:
    place(world, list="c01 192.0.2.11")
    wrong = ("", "a4:2b", f"{RADIO}<b>", " ".join(f"a4:2b:b0:01:02:{n:02x}" for n in range(9)))
    for typed in wrong:
        status, told = note(world, typed)
        assert (status, "De 1 à 8 adresses" in told) == (409, True), typed
    assert 'value="a4:2b:b0:01:02:50&lt;b&gt;"' in note(world, f"{RADIO}<b>")[1]
    assert note(world, RADIO, "c02")[0] == 409  # it has no address
    assert note(world, RADIO)[0] == 303
    place(world, list="c02 192.0.2.12")
    assert "celle de l’appareil de c01" in note(world, RADIO, "c02")[1]


def test_devices_are_read_by_a_job_whose_end_is_told(world: SiteWorld) -> None:
    assert "Lire leurs radios" not in page(world)
    place(world, first="192.0.2.11")
    told = page(world)
    assert "Aucun appareil n’est cru" in told
    assert re.search("disabled>Lire leurs radios", told)
    looked(world, KEY)
    confirm(world, KEY)
    told = page(world)
    assert re.search('quiet">Lire leurs radios', told)
    (same,) = re.findall(r'hx-get="([^"]+)"', told)
    assert world.browser("supervisor").post(f"{PAGE}/radios").status_code == 303
    assert world.jobs.asked[-1] == (f"radios {SLUG}", "supervisor")
    jobs.do(jobs.Order(settings=world.settings, simulated=True, who="supervisor", slug=SLUG, what="radios"))
    told = page(world, same)
    assert "n’ont pas dit leurs radios. c01, ap\u00a0: l’appareil montre une autre clé" in told
    assert "étiquette" in told


def test_each_tile_tells_what_is_wrong(world: SiteWorld) -> None:
    def tile() -> str:
        wall = page(world, f"/surveillance/{SLUG}/")
        return wall[wall.index('id="tile-c01"') : wall.index('id="tile-c02"')]

    assert "Access : sans adresse" in tile().replace("\u00a0", " ")
    place(world, first="192.0.2.11")
    assert "à confirmer" in tile()
    looked(world, "")
    assert "ne répond pas" in tile()
    looked(world, KEY)
    confirm(world, KEY)
    assert "Access" not in tile()
    looked(world, OTHER)
    assert "AUTRE CLÉ" in tile()
    assert f'href="{PAGE}"' in page(world, f"/surveillance/{SLUG}/")


def test_a_lab_without_devices_has_nothing_to_do_there(tmp_path: Path) -> None:
    plain = SiteWorld(tmp_path)
    assert "pas d’appareil réel" in page(plain)
    assert f'href="{PAGE}"' not in page(plain, f"/surveillance/{SLUG}/")
    plain.close()
