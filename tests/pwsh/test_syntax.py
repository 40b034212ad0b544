"""Every PowerShell text of ours, read by PowerShell's own parser: no fault, and nothing that 5.1 does not know."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from checkers.dialect import Order
from checkers.windows import powershell
from checkers.windows.twin import SCRIPTS, source
from tests.pwsh.shell import run

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
WINDOWS_MACHINES = ("server", "client")


def texts() -> dict[str, str]:
    """Scripts of questions, of images, of the Windows lab, and what stands in its YAML."""
    found = {f"checkers/{file.stem}": source(file.stem) for file in SCRIPTS.glob("*.ps1")}
    for folder in ("vagrant/windows", "labs/catalog/tai-windows"):
        found |= {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in (ROOT / folder).rglob("*.ps1")}
    lab = ROOT / "labs/catalog/tai-windows"
    mutants = YAML(typ="safe").load(lab / "mutants.yml")["mutants"]
    found |= {f"mutants/{one['id']}": one["run"] for one in mutants if one["on"] in WINDOWS_MACHINES}
    for file in ("solution.yml", "setup/server.yml", "setup/client.yml"):
        plays = [play for play in YAML(typ="safe").load(lab / file) if play["hosts"] in WINDOWS_MACHINES]
        found |= {f"{file}{place}": text for place, text in _scripts(plays)}
    return found


def _scripts(value: Any, place: str = "") -> list[tuple[str, str]]:
    """The texts under the key that the lab's playbooks have them under."""
    if isinstance(value, dict):
        return [pair for key, one in value.items() for pair in _scripts(one, f"{place}/{key}")]
    if isinstance(value, list):
        return [pair for number, one in enumerate(value) for pair in _scripts(one, f"{place}/{number}")]
    return [(place, value)] if place.endswith("/faire") else []


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
