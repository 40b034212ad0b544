"""The scripts of Windows images are PowerShell that any Windows reads; what one tells is what another asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.checkers.windows.test_scripts import faults, parameters
from vagrant.windows import plan
from vagrant.windows.media import AGENT, DRIVERS

FOLDER = Path(plan.__file__).parent / "scripts"
FILES = sorted(FOLDER.glob("*.ps1"))


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_script(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not faults(text)
    assert parameters(text) == (["Drivers"] if file.stem == "first-logon" else [])
    assert text.isascii()


def test_the_drivers_are_those_that_were_looked_for_on_the_disc() -> None:
    text = (FOLDER / "first-logon.ps1").read_text("utf-8")
    listed = re.search(r"foreach \(\$driver in @\(([^)]*)\)\)", text)
    assert listed is not None
    assert tuple(re.findall(r"'(\w+)'", listed[1])) == DRIVERS
    assert AGENT.replace("/", "\\") in text


def test_accounts_and_groups_are_named_by_nothing_translated() -> None:
    for file in FILES:
        assert not re.search(r"Administrat(or|eur)s?\b", file.read_text("utf-8").replace("administrators", "")), file


def test_what_goes_on_the_disc_is_there() -> None:
    assert all((FOLDER / name).is_file() for name in plan.ON_DISC)
    assert (FOLDER / "SetupComplete.cmd").read_text("ascii")
