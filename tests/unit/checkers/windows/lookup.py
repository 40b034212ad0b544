"""Looks the commands that our PowerShell calls up in Microsoft's own lists, and writes their rows of ``commands.yml``.

    python -m tests.unit.checkers.windows.lookup windows-powershell-docs PowerShell-Docs PSScriptAnalyzer

The arguments are clones of MicrosoftDocs' two repositories and of PowerShell's PSScriptAnalyzer. A command that stands
in none of them, or parameters that are in no set of its parameters together, are told, and the exit code is 1. Nothing
of their text is kept: only names, and where they stand.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from tests.unit.checkers.windows import spoken
from tests.unit.checkers.windows.texts import texts

TABLE = Path(__file__).parent / "commands.yml"
COMMON = {"ErrorAction", "Confirm", "WhatIf"}
"""Parameters that every command has, or every one that changes something."""
INVENTORY = "Engine/Settings/desktop-5.1.14393.206-windows.json"
"""Every command of a real Windows 10 (build 14393) with Windows PowerShell 5.1, as PSScriptAnalyzer has it."""
EDITIONS = {"2025": "docset/winserver2025-ps", "2022": "docset/winserver2022-ps", "5.1": "reference/5.1"}
_SYNTAX = re.compile(r"^## SYNTAX$(.*?)^## ", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
_PARAMETER = re.compile(r"(?<!\w)-([A-Za-z]\w*)")

Uses = dict[str, set[frozenset[str]]]
"""Of each command, the parameters that were given together."""


def uses(splats: Mapping[str, list[list[str]]]) -> Uses:
    """splats: of commands that are given tables of parameters, what is in each."""
    found: Uses = defaultdict(set, {name: set(map(frozenset, given)) for name, given in splats.items()})
    for text in texts().values():
        own = spoken.functions(text)
        for call in spoken.calls(text):
            if "-" in call.name and call.name not in own:
                found[call.name].add(frozenset(call.parameters) - COMMON)
    return found


def pages(name: str, clones: list[Path]) -> dict[str, Path]:
    """Where a command's page is, by edition of Windows Server or of PowerShell."""
    there = {edition: [clone / folder for clone in clones] for edition, folder in EDITIONS.items()}
    found = {edition: [page for top in tops for page in top.glob(f"*/{name}.md")] for edition, tops in there.items()}
    # The migration of a server has a copy of its own of some.
    return {
        edition: min(one, key=lambda page: "Migration" in page.parent.name) for edition, one in found.items() if one
    }


def sets_of_page(page: Path) -> list[set[str]]:
    syntax = _SYNTAX.search(page.read_text("utf-8"))
    return [set(_PARAMETER.findall(block)) for block in _BLOCK.findall(syntax[1])] if syntax else []


def inventory(clone: Path) -> dict[str, list[set[str]]]:
    """The sets of parameters of each command of the real machine."""
    found = {}
    for module in json.loads((clone / INVENTORY).read_text("utf-8"))["Modules"]:
        commands = module["ExportedCommands"] or []
        for one in [commands] if isinstance(commands, dict) else commands:
            parts = "".join(one["ParameterSets"] or ()).split("[<CommonParameters>]")
            found[one["Name"]] = [set(_PARAMETER.findall(part)) for part in parts]
    return found


def together(given: frozenset[str], sets: list[set[str]]) -> bool:
    wanted = {one.lower() for one in given}
    return any(wanted <= {one.lower() for one in each} for each in sets)


def main(clones: list[Path]) -> int:
    yaml = YAML()
    yaml.width = 250
    table = yaml.load(TABLE)
    seen = inventory(clones[2])
    of_provider: dict[str, list[str]] = table["of_provider"]
    rows = CommentedMap()
    faults = []
    for name, given in sorted(uses(table["splats"]).items()):
        there = pages(name, clones)
        if not there:
            faults.append(f"{name}: no page")
            continue
        known = {edition: sets_of_page(page) for edition, page in there.items()} | {"seen": seen.get(name, [])}
        wanted = {one - set(of_provider.get(name, [])) for one in given}
        for where, sets in known.items():
            bad = [sorted(one) for one in wanted if sets and not together(one, sets)]
            if bad and where != "seen":
                faults.append(f"{name}, {where}: {bad}")
        rows[name] = CommentedMap(
            module=next(iter(there.values())).parent.name,
            page=list(there),
            seen=bool(known["seen"]) and all(together(one, known["seen"]) for one in wanted),
            parameters=sorted(frozenset().union(*given)),
        )
        rows[name].fa.set_flow_style()
    table["commands"] = rows
    yaml.dump(table, TABLE)
    print(*faults, sep="\n", file=sys.stderr)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main([Path(one) for one in sys.argv[1:]]))
