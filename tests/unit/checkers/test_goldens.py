"""Every recorded output is read as it was: tests/goldens/README.md."""

from __future__ import annotations

import importlib
import json
import pkgutil
from pathlib import Path
from typing import Any

import pytest

import checkers.probes
from checkers.facts import Raw
from checkers.probe import Probe, Unreadable

GOLDENS = Path(__file__).parents[2] / "goldens"
FILES = sorted(GOLDENS.glob("*/*.json"))


def subclasses(of: type[Any]) -> set[type[Any]]:
    found = set(of.__subclasses__())
    return found.union(*(subclasses(child) for child in found))


def probes() -> dict[str, type[Probe[Any]]]:
    """Every probe class, by name. A generic's parametrised forms are classes too: they have no name."""
    for module in pkgutil.iter_modules(checkers.probes.__path__):
        importlib.import_module(f"checkers.probes.{module.name}")
    return {
        cls.name: cls
        for cls in subclasses(Probe)
        if "name" in vars(cls) and cls.__module__.startswith("checkers.probes.")
    }


PROBES = probes()


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.stem}" for file in FILES])
def test_golden(file: Path) -> None:
    golden = json.loads(file.read_text("utf-8"))
    raw = Raw(**{**golden["raw"], "stdout": "\n".join(golden["raw"]["stdout"])})
    probe = PROBES[file.parent.name].model_validate(golden.get("args", {}))
    if golden.get("unreadable"):
        with pytest.raises(Unreadable):
            probe.parse(raw)
        return
    assert probe.parse(raw).model_dump(mode="json") == golden["value"]


def test_there_are_goldens() -> None:
    assert FILES
