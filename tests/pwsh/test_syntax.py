"""Every PowerShell text of ours, read by PowerShell's own parser: no fault, and nothing that 5.1 does not know."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from checkers.dialect import Order
from checkers.windows import powershell
from tests.pwsh.shell import run
from tests.unit.checkers.windows.texts import texts

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def faults() -> dict[str, list[str]]:
    wrong = {"wrong": "if (", "new": "$a = $b ? 1 : 2; a && b; $c ?? 1"}
    stdin = powershell.stdin((Path(__file__).parent / "parse.ps1").read_text("utf-8"), {"Texts": texts() | wrong})
    done = run(Order(powershell.argv(), stdin, 120.0))
    found: dict[str, list[str]] = json.loads(base64.b64decode(done.stdout.split()[-1]))
    return found


def test_a_fault_and_what_is_newer_are_seen(faults: dict[str, list[str]]) -> None:
    assert faults["wrong"]
    assert len(faults["new"]) == 3


@pytest.mark.parametrize("name", sorted(texts()))
def test_text(name: str, faults: dict[str, list[str]]) -> None:
    assert faults[name] == []
