"""Every probe can be asked for by name, and every field of what it finds can be named by a path."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from pathlib import Path

import pytest

from checkers import probes
from checkers.expect.kinds import leaves, record
from checkers.expect.paths import BadPath, follow, plain, resolve
from checkers.probe import Probe
from checkers.probes.catalog import FACTS, PROBES

GOLDENS = Path(__file__).parents[3] / "goldens"
FILES = sorted(file for name in FACTS for file in (GOLDENS / name).glob("*.json"))
TYPES = {"text": str, "number": int, "truth": bool}


def test_every_probe_is_in_the_catalog() -> None:
    found = set()
    for module in pkgutil.iter_modules(probes.__path__):
        members = vars(importlib.import_module(f"checkers.probes.{module.name}")).values()
        found |= {one for one in members if inspect.isclass(one) and issubclass(one, Probe) and hasattr(one, "name")}
    assert set(PROBES.values()) == found
    assert set(FACTS) < set(PROBES)


@pytest.mark.parametrize("name", PROBES)
def test_every_field_has_a_kind(name: str) -> None:
    kind = record(PROBES[name].value)
    for path, leaf in leaves(kind):
        assert leaf.scalar, path
        assert resolve(kind, path).kind.base == leaf.base


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.stem}" for file in FILES])
def test_paths_find_what_real_machines_answered(file: Path) -> None:
    golden = json.loads(file.read_text("utf-8"))
    if golden["value"] is None:
        return
    value = PROBES[file.parent.name].value.model_validate(golden["value"])
    kind = record(type(value))
    for text, leaf in leaves(kind):
        for found in follow(resolve(kind, text.replace("[KEY]", "[*]")), value).values:
            assert type(plain(found) if leaf.base == "text" else found) is TYPES[leaf.base], text
            assert not leaf.choices or found in leaf.choices, text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "empty"),
        ("printers", None),
        ("printrs[*].name", "unknown field “printrs”"),
        ("printers.name", "“printers” holds several elements"),
        ("printers[0].name", "“[0]” chooses nothing"),
        ("printers[nam=x].uri", "unknown field “nam”"),
        ("printers[name=x]uri", "badly written"),
        ("printers[name=x", "badly written"),
        (".running", "badly written"),
        ("running.", "badly written"),
        ("running[*]", "“running” is no list"),
        ("running.x", "unknown field “x”"),
        ("printers[name=" + "x" * 400 + "].uri", "badly written"),
    ],
)
def test_a_path_leads_somewhere_or_is_refused(path: str, said: str | None) -> None:
    kind = record(PROBES["printers"].value)
    if said is None:
        assert resolve(kind, path).text == path
        return
    with pytest.raises(BadPath) as caught:
        resolve(kind, path)
    assert said in caught.value.what.en
