"""Every question to Windows can be tried in PowerShell."""

from __future__ import annotations

import pytest

from checkers.windows.twin import source
from checkers.windows.twins.catalog import TWINS
from tests.pwsh.shell import STANDINS, TYPES, with_types
from tests.pwsh.test_images import SCRIPTS as IMAGES

pytestmark = pytest.mark.long

SCRIPTS = sorted({twin.script for twin in TWINS.values()})


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_has_stand_ins(script: str) -> None:
    assert (STANDINS / f"{script}.ps1").exists()


def test_every_type_that_is_played_is_one_that_a_script_uses() -> None:
    text = "\n".join([*map(source, SCRIPTS), *(file.read_text("utf-8") for file in IMAGES.glob("*.ps1"))])
    played = with_types(text)
    assert not [name for name, of_ours in TYPES.items() if f"Standin.{of_ours}" not in played or f"[{name}]" in played]
    classes = (STANDINS / "Windows.cs").read_text("utf-8")
    assert not [one for one in TYPES.values() if f" {one}" not in classes]
