"""A day with real devices: placed, compared and confirmed on the command line, looked after, and asked at the bell.

The machines are simulated; the devices are a Dropbear and a page, on loopback.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checkers.channel import ChannelError
from checkers.facts import Observation
from checkers.secrets import token
from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.devices import nets
from orchestrator.devices.comparing import compare_keys
from orchestrator.devices.known import exam_devices
from orchestrator.devices.lookout import Lookout, ask_for_look, is_asked
from orchestrator.devices.net import DialledNet, SimulatedNet
from orchestrator.devices.noting import note_radios
from orchestrator.engine.lab import session_lab
from orchestrator.exam import commands
from orchestrator.exam.devices import fingerprint
from orchestrator.exam.model import DeviceAt
from orchestrator.sessions import ensure_session
from tests.ssh_daemons import Daemon, daemon
from tests.ubus_server import Device, ubus
from tests.unit.checkers.openwrt import https
from tests.unit.cli.conftest import CommandLine, Done
from tests.unit.devices.conftest import PAGE_NAME
from tests.unit.engine.world import SLUG, World
from tests.wsman.server import Identity, identity

AP, PAGE, NOBODY = "127.83.0.1", "127.83.0.2", "127.83.0.3"
SAYS = {
    "system board {}": [0, {"hostname": PAGE_NAME}],
    'uci get {"config": "system"}': [0, https.values(f"config system\n option hostname {PAGE_NAME}\n")],
}


@pytest.fixture(scope="module")
def dropbear(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    with daemon("dropbear", tmp_path_factory.mktemp("ap"), address=AP) as found:
        yield found


@pytest.fixture
def certificate(tmp_path: Path) -> Identity:
    return identity(tmp_path, "OpenWrt")


@pytest.fixture
def world(tmp_path: Path, lab: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.create(c01="0", c02="0", simulated=False)
    yield made
    made.close()


@pytest.fixture
def page(world: World, certificate: Identity) -> Iterator[Device]:
    """The page lets the session's own account in."""
    password = secrets_of(world)["admin"]
    with ubus(certificate, SAYS, accounts={"epreuve": password}, address=PAGE) as found:
        yield found


def secrets_of(world: World) -> Any:
    lab = session_lab(world.desk.open(SLUG).stored)
    return ensure_session(world.settings.data_dir, SLUG, lab).secrets


@pytest.fixture
def room(
    world: World, page: Device, dropbear: Daemon, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> CommandLine:  # fmt: skip
    """The supervisor's command line; the service is the world's, and is told to reach real devices."""
    ports: Any = {"ssh": dropbear.port, "https": page.port}
    monkeypatch.setattr(nets, "DialledNet", lambda: DialledNet(ports))
    monkeypatch.setattr(nets, "net_of", lambda *_: DialledNet(ports))
    monkeypatch.setattr("orchestrator.cli.session_give.ensure_service", lambda *_: None)
    own = next(tmp_path_factory.getbasetemp().glob("ap*/user"))
    (world.settings.data_dir / "sessions" / SLUG / "ssh_key").write_text(own.read_text())
    return CommandLine(world.settings.data_dir)


def device(room: CommandLine, *arguments: str, **options: Any) -> Done:
    return room.type("session", "device", *arguments, **options)


def observation(world: World, candidate: str) -> Observation:
    return Observation.model_validate_json((world.folder(candidate) / "frozen" / "observation.json").read_bytes())


def test_a_day_with_devices(room: CommandLine, world: World, certificate: Identity, tmp_path: Path) -> None:
    (tmp_path / "bornes.txt").write_text(f"c01 {AP}\nc02 {NOBODY}\n")
    assert device(room, "place", SLUG, "ap", "--file", str(tmp_path / "bornes.txt")).code == 0
    assert device(room, "place", SLUG, "page", "c01", PAGE).code == 0
    listed = device(room, "list", SLUG, "--json").json
    assert [(one["candidate"], one["machine"], one["state"]) for one in listed] == [
        ("c01", "ap", "à confirmer"), ("c01", "page", "à confirmer"), ("c02", "ap", "ne répond pas"),
    ]  # fmt: skip
    shown = {one["machine"]: one["shown"] for one in listed if one["shown"]}
    assert shown["page"] == fingerprint(f"x509-sha256 {certificate.fingerprint}")
    wrong = device(room, "confirm", SLUG, "page", "c01", "--fingerprint", "0a" * 32, "--yes")
    assert (wrong.code, shown["page"] in wrong.err) == (1, True)
    as_sha256sum = certificate.fingerprint
    assert device(room, "confirm", SLUG, "page", "c01", "--fingerprint", as_sha256sum, "--yes").code == 0
    assert device(room, "confirm", SLUG, "ap", "c01", "--fingerprint", shown["ap"], "--yes").code == 0
    assert device(room, "confirm", SLUG, "ap", "c02", "--fingerprint", shown["ap"], "--yes").code == 4
    assert [one["state"] for one in device(room, "list", SLUG, "--json").json][:2] == ["confirmée", "confirmée"]

    assert exam_devices(world.settings, SLUG, "c01")["ap"].address == AP
    assert exam_devices(world.settings, "autre", "c01") == {}

    world.do(commands.Prepare(who="dupont"))
    world.passes()
    world.do(commands.Start(who="dupont"))
    world.do(commands.Freeze(who="dupont", why="fin"))
    world.passes()
    facts = {fact.key: fact for fact in observation(world, "c01").facts}
    assert {fact.at: (fact.status, fact.channel) for fact in facts.values() if fact.at in ("ap", "page")} == {
        "ap": ("seen", "ssh"), "page": ("seen", "https"),
    }  # fmt: skip
    others = [fact for fact in observation(world, "c02").facts if fact.at in ("ap", "page")]
    assert {(fact.at, fact.status) for fact in others} == {("ap", "unseen"), ("page", "unseen")}
    assert all(fact.why is not None for fact in others)
    whole = observation(world, "c01").model_dump_json()
    assert secrets_of(world)["admin"] not in whole
    assert token("admin") not in whole


def test_another_key_at_the_bell_is_in_the_journal_and_costs_nobody_a_point(room: CommandLine, world: World) -> None:
    device(room, "place", SLUG, "page", "c01", PAGE)
    other = "x509-sha256 " + "0a" * 32
    world.do(commands.ConfirmDevice(who="dupont", candidate="c01", machine="page", host_key=other))
    world.do(commands.Prepare(who="dupont"))
    world.passes()
    world.do(commands.Start(who="dupont"))
    world.do(commands.Freeze(who="dupont", why="fin"))
    world.passes()
    (fact,) = [fact for fact in observation(world, "c01").facts if fact.at == "page"]
    assert (fact.status, "autre clé" in str(fact.why)) == ("unseen", True)
    assert world.kinds("c01").count("device-refused") == 1
    told = device(room, "list", SLUG).out
    assert "AUTRE CLÉ" in told
    assert world.kinds("c01").count("device-refused") == 1  # once, though it was looked for again


def test_a_changed_key_is_confirmed_with_a_reason_which_is_asked_for_at_a_terminal(
    room: CommandLine, world: World, certificate: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = f"x509-sha256 {certificate.fingerprint}"
    confirm = ("confirm", SLUG, "page", "c01")

    def confirmed() -> str:
        return world.sitting().devices["page"].host_key

    def had_another() -> None:
        other = "x509-sha256 " + "0a" * 32
        world.do(commands.ConfirmDevice(who="dupont", why="x", candidate="c01", machine="page", host_key=other))

    device(room, "place", SLUG, "page", "c01", PAGE)
    had_another()
    for how in (("--fingerprint", certificate.fingerprint, "--yes"), ()):
        refused = device(room, *confirm, *how, answer="o")
        assert (refused.code, "--reason" in refused.err) == (6, True), refused
    assert confirmed() != shown
    assert device(room, *confirm, "--reason", "remise à zéro", answer="o").code == 0
    assert (confirmed(), world.history()[-1].why) == (shown, "remise à zéro")

    had_another()
    monkeypatch.setattr("tests.unit.cli.conftest._Typed.isatty", lambda _: True)
    assert device(room, *confirm, answer="\no").code == 6
    asked = device(room, *confirm, answer="borne changée\no")
    assert (asked.code, "AUTRE CLÉ" in asked.err) == (0, True), asked
    assert (confirmed(), world.history()[-1].why) == (shown, "borne changée")
    assert "Pourquoi" not in device(room, *confirm, answer="o").err


def test_the_service_looks_now_and_then_and_when_it_is_asked(room: CommandLine, world: World, page: Device) -> None:
    device(room, "place", SLUG, "page", "c01", PAGE)
    lookout = Lookout(world.desk, world.settings.data_dir, every_s=3600, net=lambda _: nets.DialledNet())
    lookout.look()
    assert world.sitting().devices["page"].shown.startswith("x509-sha256 ")
    seen = page.connections
    lookout.look()
    assert page.connections == seen, "not due yet"
    ask_for_look(world.settings.data_dir, SLUG)
    assert is_asked(world.settings.data_dir, SLUG)
    lookout.look()
    assert page.connections > seen
    assert not is_asked(world.settings.data_dir, SLUG)


def test_what_goes_wrong_with_a_look_does_not_end_the_lookout(room: CommandLine, world: World) -> None:
    def broken(_simulated: bool) -> Any:
        raise RuntimeError("a defect")

    device(room, "place", SLUG, "page", "c01", PAGE)
    ask_for_look(world.settings.data_dir, SLUG)
    Lookout(world.desk, world.settings.data_dir, net=broken).look()
    assert not is_asked(world.settings.data_dir, SLUG), "it would be looked for twice a second"


def test_a_simulated_session_sends_no_packet(tmp_path: Path, lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: Any, **__: Any) -> Any:
        pytest.fail("a packet")

    world = World(tmp_path)
    world.create(c01="0")
    monkeypatch.setattr("socket.create_connection", no)
    monkeypatch.setattr("orchestrator.cli.session_give.ensure_service", lambda *_: None)
    room = CommandLine(world.settings.data_dir)
    assert device(room, "place", SLUG, "page", "--from", "192.0.2.11").code == 0
    key = SimulatedNet().shown_key(world_device(world, "page"), "192.0.2.11")
    assert device(room, "confirm", SLUG, "page", "c01", "--fingerprint", fingerprint(key), "--yes").code == 0
    assert "confirmée" in device(room, "list", SLUG).out
    assert device(room, "radios", SLUG, "page").code == 4
    Lookout(world.desk, world.settings.data_dir).look()
    world.do(commands.Prepare(who="dupont"))
    world.passes()
    world.do(commands.Start(who="dupont"))
    world.do(commands.Freeze(who="dupont", why="fin"))
    world.passes()
    assert "device-refused" not in world.kinds()
    assert world.sitting().state == "frozen"
    world.close()


def world_device(world: World, name: str) -> Any:
    return session_lab(world.desk.open(SLUG).stored).lab.devices[name]


def test_the_radios_of_a_device_are_those_on_its_label_where_it_does_not_tell_them(
    room: CommandLine, world: World
) -> None:
    """Nothing on this host tells radios; what a device says of them: tests/unit/radio."""
    assert device(room, "radios", SLUG, "ap").code == 1
    device(room, "place", SLUG, "ap", "c01", AP)
    assert "session device radios" in device(room, "radios", SLUG, "ap").err
    assert device(room, "radios", SLUG, "ap", "c02").code == 1
    assert device(room, "radios", SLUG, "ap", "c01", *["a4:2b:b0:01:02:50"] * 9).code == 2
    assert device(room, "radios", SLUG, "ap", "c01", "A4:2B:B0:01:02:50").code == 0
    assert world.sitting().devices["ap"].radios == ("a4:2b:b0:01:02:50",)
    assert world.kinds("c01")[-1] == "device-radios"
    assert device(room, "list", SLUG, "--json").json[0]["radios"] == ["a4:2b:b0:01:02:50"]


def test_a_device_that_does_not_tell_its_radios_keeps_those_of_no_other(
    room: CommandLine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(_lab: Any, _machine: str, known: DeviceAt, *_: Any) -> tuple[str, ...]:
        if known.address == AP:
            raise ChannelError(Text("il se tait", "it is silent"))
        return ("a4:2b:b0:01:02:50",)

    monkeypatch.setattr("orchestrator.devices.noting.radios_of", told)
    device(room, "place", SLUG, "ap", "c01", AP)
    device(room, "place", SLUG, "ap", "c02", NOBODY)
    done = device(room, "radios", SLUG, "ap")
    assert (done.code, "il se tait" in done.err) == (4, True)
    assert world.sitting("c02").devices["ap"].radios == ("a4:2b:b0:01:02:50",)


def test_a_key_that_was_given_is_compared_and_confirmed_by_who_gave_it(
    room: CommandLine, world: World, certificate: Identity
) -> None:
    device(room, "place", SLUG, "page", "c01", PAGE)
    device(room, "place", SLUG, "ap", "c01", NOBODY)
    given = {"page": certificate.fingerprint, "ap": f"SHA256:{'A' * 43}"}
    with pytest.raises(EpreuveError, match="ap : L'appareil ne répond pas à cette adresse") as caught:
        compare_keys(world.desk, SLUG, given, who="dupont", why="essai", simulated=False)
    assert "page" not in str(caught.value)
    known = world.sitting().devices
    assert (known["page"].host_key, known["ap"].host_key) == (f"x509-sha256 {certificate.fingerprint}", "")
    assert (world.history()[-1].who, world.history()[-1].why) == ("dupont", "essai")
    with pytest.raises(EpreuveError, match="page : L'appareil montre une autre clé"):
        compare_keys(world.desk, SLUG, {"page": "0a" * 32}, who="dupont", why="essai", simulated=False)


def test_all_devices_that_are_believed_tell_their_radios_and_those_that_do_not_are_named(
    room: CommandLine, world: World, page: Device, certificate: Identity
) -> None:
    """``ap`` is a Dropbear on a host without radios, ``page`` tells them; what nobody has confirmed is not asked."""
    interface = {"ifname": "phy0-ap0", "iwinfo": {"mode": "Master", "bssid": "A4:2B:B0:01:02:50"}}
    page.says["luci-rpc getWirelessDevices {}"] = [0, {"radio0": {"interfaces": [interface]}}]
    device(room, "place", SLUG, "page", "c01", PAGE)
    device(room, "confirm", SLUG, "page", "c01", "--fingerprint", certificate.fingerprint, "--yes")
    note_radios(world.desk, world.settings, SLUG, who="dupont", simulated=False)
    listed = device(room, "list", SLUG, "--json").json
    assert [(one["machine"], one["radios"], one["radios_read"]) for one in listed] == [
        ("page", ["a4:2b:b0:01:02:50"], True)
    ]
    assert (world.kinds("c01")[-1], world.history()[-1].who) == ("device-radios", "dupont")

    device(room, "place", SLUG, "ap", "c01", AP)
    (shown,) = [one["shown"] for one in device(room, "list", SLUG, "--json").json if one["machine"] == "ap"]
    assert device(room, "confirm", SLUG, "ap", "c01", "--fingerprint", shown, "--yes").code == 0
    device(room, "place", SLUG, "ap", "c02", NOBODY)
    asked = page.connections
    with pytest.raises(EpreuveError, match="c01, ap : l'appareil ne dit pas quelles radios") as caught:
        note_radios(world.desk, world.settings, SLUG, who="dupont", simulated=False)
    assert "c02" not in str(caught.value)
    assert page.connections > asked

    world.do(commands.Prepare(who="dupont"))
    world.passes()
    world.do(commands.Start(who="dupont"))
    note_radios(world.desk, world.settings, SLUG, who="dupont", simulated=False)
    assert world.kinds("c01").count("device-radios") == 2, "it is in the candidate's hands"
