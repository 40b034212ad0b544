"""Every PowerShell text of ours that a Windows machine runs, by where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from checkers.windows import powershell
from checkers.windows.twin import SCRIPTS, source
from orchestrator import orders

ROOT = Path(__file__).parents[4]
LAB = ROOT / "labs/catalog/tai-windows"
WINDOWS_MACHINES = ("server", "client")


def texts() -> dict[str, str]:
    """Scripts of questions, of images, of the Windows lab, and what stands in its YAML."""
    found = {"bootstrap": powershell._BOOTSTRAP, "booted": orders._BOOTED}
    found |= {f"checkers/{file.stem}": source(file.stem) for file in SCRIPTS.glob("*.ps1")}
    for folder in (ROOT / "vagrant/windows", LAB):
        found |= {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in folder.rglob("*.ps1")}
    mutants = YAML(typ="safe").load(LAB / "mutants.yml")["mutants"]
    found |= {f"mutants/{one['id']}": one["run"] for one in mutants if one["on"] in WINDOWS_MACHINES}
    machines = YAML(typ="safe").load(LAB / "lab.yml")["machines"]
    found |= {f"{name}/ready": machines[name]["ready"] for name in WINDOWS_MACHINES}
    for name, plays in playbooks().items():
        found |= {f"{name}{place}": text for place, text in _scripts(plays)}
    return found


def playbooks() -> dict[str, list[Any]]:
    """The plays of the Windows lab on Windows machines, by file."""
    files = ("solution.yml", "setup/server.yml", "setup/client.yml")
    return {
        file: [play for play in YAML(typ="safe").load(LAB / file) if play["hosts"] in WINDOWS_MACHINES]
        for file in files
    }


def _scripts(value: Any, place: str = "") -> list[tuple[str, str]]:
    """The texts under the key that the lab's playbooks have them under."""
    if isinstance(value, dict):
        return [pair for key, one in value.items() for pair in _scripts(one, f"{place}/{key}")]
    if isinstance(value, list):
        return [pair for number, one in enumerate(value) for pair in _scripts(one, f"{place}/{number}")]
    return [(place, value)] if place.endswith("/faire") else []
