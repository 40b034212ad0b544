"""Devices are reached where they were placed and asked while they show the key that was confirmed: over SSH, over
HTTPS, and simulated."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import paramiko
import pytest

from checkers.channel import ChannelError, ExecResult
from checkers.facts import Raw
from checkers.observe import observe
from checkers.probe import Question
from checkers.probes.awake import Awake
from labs.device import Device, Reach
from labs.model import Lab
from orchestrator.devices.net import DeviceNet, DialledNet, SimulatedNet
from orchestrator.devices.reach import Reached, reached, unreached
from orchestrator.exam.devices import fingerprint
from orchestrator.exam.events import DeviceConfirmed
from orchestrator.exam.model import DeviceAt
from orchestrator.hypervisor.fake import FakeAgent
from orchestrator.sessions import Session
from orchestrator.simulation import archive
from tests.ssh_daemons import PASSWORD, Daemon, daemon
from tests.ssh_server import ssh_server
from tests.ubus_server import ubus
from tests.wsman.server import Identity, identity

ADDRESS, NOBODY_AT = "127.0.0.1", "127.77.0.9"
QUESTION = Question("box", Awake())
OTHERS: dict[Reach, str] = {
    "ssh": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKvAGc4Xcw7XPm2QGqSJTIZBSTBdOJQFqzuEGSR1yq5K",
    "https": "x509-sha256 " + "0a" * 32,
}


@pytest.fixture(scope="module")
def dropbear(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """The SSH server of OpenWrt, on loopback."""
    with daemon("dropbear", tmp_path_factory.mktemp("box")) as found:
        yield found


@pytest.fixture(scope="module")
def own_key(dropbear: Daemon, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The private key that the device knows."""
    return next(tmp_path_factory.getbasetemp().glob("box*/user")).read_text()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("page"), "OpenWrt")


@dataclass
class There:
    """A device that is there, and the way to it. dialled: how many connections were opened."""

    net: DeviceNet
    device: Device
    session: Session
    dialled: list[Any]

    @property
    def lab(self) -> Lab:
        lab: Any = SimpleNamespace(devices={"box": self.device})
        return lab

    @contextmanager
    def reached(self, known: DeviceAt | None) -> Iterator[Reached]:
        with reached(self.lab, {"box": known} if known else {}, self.session, self.net) as found:
            yield found

    def asked(self, known: DeviceAt | None) -> tuple[str, str, dict[str, str]]:
        """Whether the question was answered, why not, and the other keys that were shown."""
        with self.reached(known) as found:
            (fact,) = observe([QUESTION], found.places, 30)
        return fact.status, str(fact.why or ""), found.other_keys

    def confirmed(self) -> DeviceAt:
        return DeviceAt(address=ADDRESS, host_key=self.net.shown_key(self.device, ADDRESS))


def session(folder: Path, key: str, password: str = PASSWORD) -> Session:
    return Session("s", folder, "", {"admin": password}, key, datetime.now(UTC), folder)


def device(reach: Reach) -> Device:
    return Device(kind="physical", title="Box", family="openwrt", network="lan", secret="admin", reach=reach)


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    made: list[Any] = []
    connect = socket.create_connection
    count: Callable[..., socket.socket] = lambda *given, **named: made.append(given) or connect(*given, **named)  # noqa: E731
    monkeypatch.setattr("socket.create_connection", count)
    return made


@pytest.fixture(params=["ssh", "https", "simulated ssh", "simulated https"])
def there(
    request: pytest.FixtureRequest, dialled: list[Any], dropbear: Daemon, own_key: str, certificate: Identity,
    tmp_path: Path,
) -> Iterator[There]:  # fmt: skip
    held = session(tmp_path, own_key)
    kind, _, reach = request.param.rpartition(" ")
    if kind == "simulated":
        answer = archive({0: Raw(stdout="up 4000\nrunning\nend\n")})
        agent = FakeAgent(lambda _argv, _stdin: ExecResult(0, answer, b""), "box", lambda: True)
        yield There(SimulatedNet(lambda _: agent, silent={NOBODY_AT}), device(reach), held, dialled)
    elif reach == "ssh":
        yield There(DialledNet({"ssh": dropbear.port}), device("ssh"), held, dialled)
    else:
        says = {"system info {}": [0, {"uptime": 4000}]}
        with ubus(certificate, says, accounts={"root": PASSWORD}) as page:
            yield There(DialledNet({"https": page.port}), device("https"), held, dialled)


# --- what every network promises
def test_a_device_shows_one_key_that_can_be_confirmed(there: There) -> None:
    key = there.net.shown_key(there.device, ADDRESS)
    assert there.net.shown_key(there.device, ADDRESS) == key
    DeviceConfirmed(at=datetime.now(UTC), who="a", candidate="c01", machine="box", host_key=key)
    assert fingerprint(key)


def test_a_confirmed_device_answers(there: There) -> None:
    assert there.asked(there.confirmed()) == ("seen", "", {})


def test_with_another_key_it_is_not_asked_and_the_key_is_told(there: There) -> None:
    known = DeviceAt(address=ADDRESS, host_key=OTHERS[there.device.reach])
    shown = there.net.shown_key(there.device, ADDRESS)
    status, why, other = there.asked(known)
    assert (status, other) == ("unseen", {"box": shown})
    assert fingerprint(shown) in why


def test_a_device_that_is_not_there_is_none_with_another_key(there: There) -> None:
    with pytest.raises(ChannelError):
        there.net.shown_key(there.device, NOBODY_AT)
    known = DeviceAt(address=NOBODY_AT, host_key=OTHERS[there.device.reach])
    status, why, other = there.asked(known)
    assert (status, other) == ("unseen", {})
    assert "ne répond pas" in why


def test_without_address_or_confirmed_key_it_is_not_dialled(there: There) -> None:
    assert "adresse" in there.asked(None)[1]
    assert "confirmée" in there.asked(DeviceAt(address=ADDRESS))[1]
    assert there.dialled == []


def test_one_connection_serves_all(there: There) -> None:
    known = there.confirmed()
    there.dialled.clear()
    assert there.asked(known)[0] == "seen"
    simulated = isinstance(there.net, SimulatedNet)
    assert len(there.dialled) == (0 if simulated else 1), "a simulated session sends no packet; a real one, one dial"


# --- over SSH
@pytest.fixture
def over_ssh(dropbear: Daemon, tmp_path: Path) -> Callable[[str, str], tuple[str, str, dict[str, str]]]:
    def asked(key: str, password: str) -> tuple[str, str, dict[str, str]]:
        there = There(DialledNet({"ssh": dropbear.port}), device("ssh"), session(tmp_path, key, password), [])
        return there.asked(there.confirmed())

    return asked


@pytest.fixture
def stranger(tmp_path: Path) -> str:
    """A private key that the device does not know."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "k")], check=True, timeout=60)
    return (tmp_path / "k").read_text()


def test_the_session_s_key_or_its_password_lets_in(over_ssh: Any, own_key: str, stranger: str) -> None:
    assert over_ssh(own_key, "wrong")[0] == "seen"
    assert over_ssh(stranger, PASSWORD)[0] == "seen"
    status, why, _ = over_ssh(stranger, "wrong")
    assert (status, "refuse le compte" in why) == ("unseen", True)


def test_a_device_whose_key_is_of_another_kind_by_now_is_another(own_key: str, tmp_path: Path) -> None:
    host, user = paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()
    with ssh_server(user, host, "true") as port:
        there = There(DialledNet({"ssh": port}), device("ssh"), session(tmp_path, own_key), [])
        _, _, other = there.asked(DeviceAt(address=ADDRESS, host_key=OTHERS["ssh"]))
    assert other == {"box": f"{host.get_name()} {host.get_base64()}"}


# --- over HTTPS
def test_a_page_that_refuses_the_account_says_so(certificate: Identity, own_key: str, tmp_path: Path) -> None:
    with ubus(certificate, {}, accounts={"root": "changed"}) as page:
        there = There(DialledNet({"https": page.port}), device("https"), session(tmp_path, own_key), [])
        status, why, _ = there.asked(there.confirmed())
    assert (status, "refuse le compte" in why) == ("unseen", True)


def test_unreached_devices_have_places_all_the_same(tmp_path: Path) -> None:
    lab: Any = SimpleNamespace(devices={"box": device("ssh")})
    assert [place.at for place in unreached(lab, session(tmp_path, ""))] == ["box", "radio:box"]
