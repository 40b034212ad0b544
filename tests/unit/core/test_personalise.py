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


def test_the_certificate_and_the_host_key_are_kept() -> None:
    kept = personaliser(login=object())
    kept("srv", Windows(json.dumps({"certificate": SHA256, "host_key": KEY}).encode() + b"\r\n"))
    assert (kept.certificates, kept.host_keys) == ({"srv": SHA256}, {"srv": KEY})


@pytest.mark.parametrize(
    "answer",
    [b"", b"nonsense", b"[]", b"null", b'{"certificate": null, "host_key": null}', b'{"certificate": 1, "host_key": 1}',
     b'{"certificate": "zz", "host_key": "-o"}', b'{"certificate": "z", "host_key": [1]}'],
)  # fmt: skip
def test_what_is_no_pin_is_not_kept(answer: bytes) -> None:
    kept = personaliser(login=object())
    kept("srv", Windows(answer))
    assert (kept.certificates, kept.host_keys) == ({}, {})


def test_without_an_account_nothing_is_asked() -> None:
    machine = Windows(b"")
    personaliser(login=None)("srv", machine)
    assert source("pins") not in machine.scripts
