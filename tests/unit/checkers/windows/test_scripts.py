"""Every PowerShell script is PowerShell, has its parameters first, and is somebody's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import tree_sitter_pwsh
from tree_sitter import Language, Node, Parser

from checkers.windows.twin import PART, SCRIPTS, WindowsTwin, source
from checkers.windows.twins.catalog import TWINS
from tests.unit.checkers.windows.texts import texts

FILES = sorted(SCRIPTS.glob("*.ps1"))
PARTS = sorted((SCRIPTS / "parts").glob("*.ps1"))
PARSER = Parser(Language(tree_sitter_pwsh.language()))
_PARAM = re.compile(r"^\s*(?:\[[^\n]*\]\s*)?\$([A-Z][A-Za-z]*)\s*(?:=[^\n]*?)?,?\s*$")


def faults(text: str) -> list[str]:
    """Where a script is not PowerShell, as ``line:column text``."""

    def walk(node: Node) -> list[str]:
        here = []
        if node.is_error or node.is_missing:
            said = (node.text or b"").decode()[:60]
            here = [f"{node.start_point.row + 1}:{node.start_point.column + 1} {said or node.type}"]
        return here + [fault for child in node.children for fault in walk(child)]

    return walk(PARSER.parse(text.encode()).root_node)


def parameters(text: str) -> list[str]:
    """The names in the script's ``param()`` block, which stands on lines of its own before all else."""
    lines = [line for line in text.split("\n") if not line.startswith("#")]
    assert lines[0] == "param(", "param( comes first, on a line of its own"
    block = lines[1 : lines.index(")")]
    names = [_PARAM.match(line) for line in block]
    assert all(names), f"one parameter a line: {block}"
    return [match[1] for match in names if match]


def test_a_fault_is_seen() -> None:
    assert faults("param(\n)\nif ($a { 1 }\n")
    assert not faults("param(\n)\nif ($a) { 1 }\n")


@pytest.mark.parametrize(("name", "text"), sorted(texts().items()), ids=sorted(texts()))
def test_every_text_of_ours_is_powershell(name: str, text: str) -> None:
    """Those of images and of the Windows lab too."""
    assert not faults(text)


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_script(file: Path) -> None:
    text = source(file.stem)
    assert not faults(text)
    parameters(text)
    assert not PART.search(text), "a part takes in no other"
    assert text.isascii(), "Windows PowerShell 5.1 reads a file without a mark in the machine's code page"


@pytest.mark.parametrize("file", PARTS, ids=[file.stem for file in PARTS])
def test_a_part_is_functions_that_scripts_share(file: Path) -> None:
    """One that a single script takes in is a detour, and what is no function would run before the script does."""
    text = file.read_text("utf-8")
    assert all(line.startswith(("#", "function ", " ", "}")) for line in text.split("\n") if line)
    takers = [one.stem for one in FILES if file.stem in PART.findall(one.read_text("utf-8"))]
    assert len(takers) > 1, takers
    for name in re.findall(r"^function ([A-Za-z-]+)", text, re.MULTILINE):
        assert not any(f"function {name}" in one.read_text("utf-8") for one in FILES)


def test_every_script_is_used() -> None:
    others = {"collector", "run", "pins", "system"}
    assert {twin.script for twin in TWINS.values()} | others == {file.stem for file in FILES}


@pytest.mark.parametrize("twin", TWINS.values(), ids=lambda twin: type(twin).__name__)
def test_a_twin_names_the_parameters_of_its_script(twin: WindowsTwin[Any]) -> None:
    """What a script does not take would fail on the machine only."""
    assert set(parameters(source(twin.script))) == set(twin.parameters)
