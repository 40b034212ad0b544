"""Physical devices are asked over SSH where they were placed, and only while they show the key that was confirmed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from checkers.families import DIALECTS
from checkers.observe import observe
from checkers.probe import Question
from checkers.probes.awake import Awake
from labs.device import Device
from labs.model import Lab
from orchestrator.devices import device_places, refused_keys, shown_key
from orchestrator.exam.devices import fingerprint
from orchestrator.exam.model import DeviceAt
from orchestrator.sessions import Session
from tests.ssh_daemons import PASSWORD, Daemon, daemon

DEVICE = Device(kind="physical", title="Box", family="openwrt", network="lan", secret="admin")
LAB: Lab = SimpleNamespace(devices={"box": DEVICE})  # type: ignore[assignment]
QUESTION = Question("box", Awake())


@pytest.fixture(scope="module")
def dropbear(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """The SSH server of OpenWrt, on loopback."""
    with daemon("dropbear", tmp_path_factory.mktemp("box")) as found:
        yield found


@pytest.fixture
def known(dropbear: Daemon) -> DeviceAt:
    return DeviceAt(address="127.0.0.1", host_key=shown_key("127.0.0.1", port=dropbear.port))


def session(folder: Path, *, key: str | None = None, password: str = PASSWORD) -> Session:
    own = (folder / "user").read_text() if key is None else key
    return Session("s", folder, "", {"admin": password}, own, datetime.now(UTC), folder)


def asked(known: DeviceAt | None, port: int, session: Session) -> tuple[str, str, str]:
    """Whether the question was answered, why not, and through which channel."""
    places = device_places(LAB, {"box": known} if known else {}, session, port=port)
    (fact,) = observe([QUESTION], places, 30)
    return fact.status, str(fact.why or ""), fact.channel


@pytest.fixture
def folder(dropbear: Daemon, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return next(path.parent for path in tmp_path_factory.getbasetemp().glob("box*/user"))


@pytest.fixture
def stranger(tmp_path: Path) -> str:
    """A private key that the device does not know."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "k")], check=True, timeout=60)
    return (tmp_path / "k").read_text()


def test_a_device_answers_by_the_session_s_key(dropbear: Daemon, known: DeviceAt, folder: Path) -> None:
    assert asked(known, dropbear.port, session(folder, password="wrong")) == ("seen", "", "ssh")


def test_or_by_its_password(dropbear: Daemon, known: DeviceAt, folder: Path, stranger: str) -> None:
    assert asked(known, dropbear.port, session(folder, key=stranger))[0] == "seen"
    assert asked(known, dropbear.port, session(folder, key=stranger, password="wrong"))[0] == "unseen"


def test_without_address_or_confirmed_key_it_is_not_asked(dropbear: Daemon, folder: Path) -> None:
    assert "adresse" in asked(None, dropbear.port, session(folder))[1]
    assert "confirmée" in asked(DeviceAt(address="127.0.0.1"), dropbear.port, session(folder))[1]


def test_another_key_shuts_the_channel_and_is_told(dropbear: Daemon, known: DeviceAt, folder: Path) -> None:
    other = DeviceAt(
        address="127.0.0.1", host_key=next(key for key in dropbear.host_keys.values() if key != known.host_key)
    )
    status, why, channel = asked(other, dropbear.port, session(folder))
    assert (status, channel) == ("unseen", "none")
    assert fingerprint(known.host_key) in why
    assert refused_keys(LAB, {"box": other}, port=dropbear.port) == {"box": fingerprint(known.host_key)}
    assert refused_keys(LAB, {"box": known}, port=dropbear.port) == {}


def test_a_device_that_does_not_answer_is_not_one_with_another_key(known: DeviceAt, folder: Path) -> None:
    assert asked(known, 9, session(folder))[0] == "unseen"
    assert refused_keys(LAB, {"box": known}, port=9) == {}


def test_the_family_says_how_it_is_asked() -> None:
    assert DIALECTS[DEVICE.family].name == "openwrt"
