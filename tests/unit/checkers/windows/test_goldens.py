"""Every answer of a Windows machine is read as it was: tests/goldens/windows/README.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkers.facts import Raw
from checkers.windows.twins.catalog import TWINS
from tests.unit.checkers.reading import read_as_it_was

GOLDENS = Path(__file__).parents[3] / "goldens" / "windows"
FILES = sorted(GOLDENS.glob("*/*.json"))
PROBES = {probe.name: probe for probe in TWINS}


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.stem}" for file in FILES])
def test_golden(file: Path) -> None:
    golden: dict[str, Any] = json.loads(file.read_text("utf-8"))
    assert golden["source"] in ("documented", "recorded")
    assert golden["source"] == "recorded" or golden["reference"].startswith("https://learn.microsoft.com/")
    probe = PROBES[file.parent.name].model_validate(golden["args"])
    read_as_it_was(probe, Raw(stdout=json.dumps(golden["answer"])), golden["value"], TWINS[type(probe)])


@pytest.mark.parametrize("name", sorted(PROBES))
def test_every_twin_has_a_golden(name: str) -> None:
    assert list((GOLDENS / name).glob("*.json"))
