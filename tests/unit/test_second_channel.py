"""Which channels lead to a machine beside its guest agent: those with a wire, a pin and an account."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from ipaddress import IPv4Interface
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from labs.model import Machine
from orchestrator import second_channel
from orchestrator.bench import Bench
from orchestrator.hypervisor.wire import Wire
from orchestrator.second_channel import CERTIFICATES, HOST_KEYS, Ways, ssh_channel, ways, winrm_channel
from orchestrator.sessions import Session

MAC = "52:54:00:00:00:10"
ACCOUNT = {"user": "epreuve", "secret": "channel"}
WIRE = Wire("epw-test", IPv4Interface("192.168.1.250/24"))


def machine(**given: Any) -> Machine:
    nics = {"eth0": {"network": "lan", "mac": MAC}}
    return Machine.model_validate({"title": "x", "image": "x", "memory_mib": 512, "nics": nics, **given}, strict=False)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    (tmp_path / HOST_KEYS).write_text(json.dumps({"server": "ssh-ed25519 AAAA root@server"}))
    (tmp_path / CERTIFICATES).write_text(json.dumps({"server": {"sha256": "ab" * 32, "port": 15986}}))
    return SimpleNamespace(dir=tmp_path)  # type: ignore[return-value]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    key = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    secrets = {"channel": "Tkhd=Rnfg=Gbjp"}
    return Session("s", tmp_path, "", secrets, key.decode(), datetime.now(UTC), tmp_path)


def test_the_ways_of_each_family() -> None:
    assert machine().ways == ("agent", "ssh")
    assert machine(family="windows").ways == ("agent", "winrm", "ssh")
    assert machine(channels=["ssh"]).ways == ("ssh",)


def test_a_linux_machine_is_asked_as_root_and_a_windows_one_by_its_account(bench: Bench, session: Session) -> None:
    linux, windows, without = machine(), machine(family="windows", login=ACCOUNT), machine(family="windows")
    found = ways("server", linux, [("lan", WIRE), ("dmz", WIRE)])
    assert found.wires == [(WIRE, MAC)]
    root, own = (ssh_channel(bench, one, found, session) for one in (linux, windows))
    assert root is not None
    assert (root._connection._login.user, root._line(["a b"])) == ("root", "'a b'")
    assert own is not None
    assert (own._connection._login.user, own._connection._login.password) == ("epreuve", session.secrets["channel"])
    with pytest.raises(ValueError, match="quoted"):
        own._line(["a b"])
    winrm = winrm_channel(bench, windows, found, session)
    assert winrm is not None
    assert (winrm._trust.fingerprint, winrm._endpoint) == ("ab" * 32, "https://server:15986/wsman")
    assert "Tkhd" not in repr(winrm._login) + repr(own._connection._login)
    assert ssh_channel(bench, without, found, session) is None
    assert winrm_channel(bench, without, found, session) is None


@pytest.mark.parametrize("spoilt", [None, "", "{}", "[]", '{"server": 1}', '{"server": null}'])
def test_without_a_pin_there_is_no_channel(bench: Bench, session: Session, spoilt: str | None) -> None:
    for name in (HOST_KEYS, CERTIFICATES):
        (bench.dir / name).unlink() if spoilt is None else (bench.dir / name).write_text(spoilt)
    one = machine(family="windows", login=ACCOUNT)
    found = ways("server", one, [("lan", WIRE)])
    assert (ssh_channel(bench, one, found, session), winrm_channel(bench, one, found, session)) == (None, None)


def test_without_a_wire_there_is_no_channel(bench: Bench, session: Session) -> None:
    one = machine(family="windows", login=ACCOUNT)
    found = ways("server", one, [])
    assert (ssh_channel(bench, one, found, session), winrm_channel(bench, one, found, session)) == (None, None)


def test_the_networks_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[str, float]] = []

    def closed(namespace: Path, work: partial[Any]) -> Any:
        given.append((namespace.name, work.args[2]))
        raise TimeoutError

    monkeypatch.setattr(second_channel, "in_namespace", closed)
    one = Ways("server", [(WIRE, MAC), (Wire("epw-other", WIRE.address), MAC)])
    with pytest.raises(TimeoutError):
        one.dial(22)(10.0)
    assert [name for name, _ in given] == ["epw-test", "epw-other"]
    assert given[0][1] == pytest.approx(5.0, abs=0.5)
    assert given[1][1] <= 10.0
