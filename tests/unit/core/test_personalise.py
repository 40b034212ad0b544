"""What a Windows machine is known by on its network is pinned when its bench is made."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from checkers.channel import ExecResult
from checkers.windows import powershell
from checkers.windows.twin import source
from orchestrator.bench import BenchError
from orchestrator.personalise import Personaliser

SHA256 = "ab" * 32
KEY = "ssh-ed25519 AAAA system@srv"


class Windows:
    """Answers the script of the pins with this, and any other with nothing."""

    def __init__(self, answer: bytes) -> None:
        self.scripts: list[str] = []
        self._answer = answer

    def ping(self, timeout_s: float = 5.0) -> bool:
        return True

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        assert list(argv) == powershell.argv()
        self.scripts.append(json.loads(gzip.decompress(base64.b64decode(stdin)))["script"])
        return ExecResult(0, self._answer if self.scripts[-1] == source("pins") else b"", b"")


def personaliser(login: object) -> Personaliser:
    machine = SimpleNamespace(personalise=None, family="windows", login=login)
    inner = SimpleNamespace(virtual={"srv": machine}, machines={"srv": machine})
    lab: Any = SimpleNamespace(lab=inner, values={}, path=Path)
    session: Any = SimpleNamespace(secrets={"channel": "x"}, ssh_public_key="ssh-ed25519 AAAA epreuve")
    return Personaliser(lab, session)


def answer(**other: object) -> bytes:
    pins = {"certificate": SHA256, "port": 5986, "host_key": KEY, "told": {"sha256": SHA256, "port": 5986}, **other}
    return json.dumps(pins).encode() + b"\r\n"


PIN = {"sha256": SHA256, "port": 5986}


@pytest.mark.parametrize("told", [PIN, None], ids=["image of ours", "another image"])
def test_the_certificate_and_the_host_key_are_kept(told: object) -> None:
    kept = personaliser(login=object())
    kept("srv", Windows(answer(told=told)))
    assert (kept.certificates, kept.host_keys) == ({"srv": PIN}, {"srv": KEY})


def test_a_listener_on_another_port_is_found_there() -> None:
    kept = personaliser(login=object())
    pin = {"sha256": SHA256, "port": 443}
    kept("srv", Windows(answer(port=443, told=pin)))
    assert kept.certificates == {"srv": pin}


@pytest.mark.parametrize("told", [{"sha256": "cd" * 32, "port": 5986}, {"sha256": SHA256, "port": 443}])
def test_what_the_image_says_otherwise_is_told(told: object) -> None:
    with pytest.raises(BenchError, match=r"winrm\.json"):
        personaliser(login=object())("srv", Windows(answer(told=told)))


@pytest.mark.parametrize(
    "pins",
    [b"", b"nonsense", b"[]", b"null", answer(certificate=None, port=None, host_key=None), answer(host_key=1),
     answer(certificate="zz", host_key="-o"), answer(port=0, host_key=[1]), answer(port=True, host_key=""),
     answer(port="5986", host_key=None), answer(port=70000, host_key=None)],
)  # fmt: skip
def test_what_is_no_pin_is_not_kept(pins: bytes) -> None:
    kept = personaliser(login=object())
    kept("srv", Windows(pins))
    assert (kept.certificates, kept.host_keys) == ({}, {})


def test_ssh_may_be_there_without_winrm() -> None:
    kept = personaliser(login=object())
    kept("srv", Windows(answer(certificate=None, port=None)))
    assert (kept.certificates, kept.host_keys) == ({}, {"srv": KEY})


def test_without_an_account_nothing_is_asked() -> None:
    machine = Windows(b"")
    personaliser(login=None)("srv", machine)
    assert source("pins") not in machine.scripts
