"""All that our PowerShell asks of Windows was looked up first: it stands in ``commands.yml``.

A misspelt parameter or a property that nothing has fails on a Windows machine only, in an exam.
"""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.unit.checkers.windows import spoken
from tests.unit.checkers.windows.lookup import COMMON, TABLE, uses
from tests.unit.checkers.windows.texts import texts

TEXTS = texts()
KNOWN: dict[str, Any] = YAML(typ="safe").load(TABLE)
PROGRAMS = {"gpupdate.exe", "icacls.exe"}
"""Programs of Windows itself that a lab calls."""
BASIC = {"bool", "byte", "char", "hashtable", "int", "long", "object", "ref", "string", "uint32", "void"}
"""Types of the language."""


def unknown(text: str) -> list[str]:
    """What a text says that the table does not know."""
    return sorted([*_commands(text), *_types(text), *_classes(text), *_members(text)])


def _commands(text: str) -> list[str]:
    own = spoken.functions(text)
    found = []
    for call in spoken.calls(text):
        row = KNOWN["commands"].get(call.name)
        if call.name in own or call.name in PROGRAMS or ".." in call.name:
            continue
        if row is None:
            found.append(call.name)
            continue
        found += [f"{call.name} -{one}" for one in set(call.parameters) - COMMON - set(row["parameters"])]
        if call.splat:
            given = {key for key in spoken.keys(text) if key[0].isupper()}
            found += [f"{call.name} @{one}" for one in given - _splatted()]
            found += [f"{call.name} @"] if call.name not in KNOWN["splats"] else []
    return found


def _splatted() -> set[str]:
    return {one for sets in KNOWN["splats"].values() for each in sets for one in each}


def _types(text: str) -> list[str]:
    known = BASIC | set(KNOWN["types"]) | set(KNOWN["short"])
    return [f"[{one}]" for one in spoken.types(text) - known]


def _classes(text: str) -> list[str]:
    return [f"class {one}" for one in spoken.classes(text) - set(KNOWN["classes"])]


def _members(text: str) -> list[str]:
    held = {one for row in KNOWN["classes"].values() for one in row.get("held", {})}
    missing = spoken.members(text) - spoken.keys(text) - set(readable())
    return [f".{one}" for one in missing] + [f"Get-Held {one}" for one in spoken.held(text) - held - {"name"}]


def readable() -> dict[str, str]:
    """Every name that may be read of an object, and one place where it is known."""
    found = {}
    for name, row in KNOWN["classes"].items():
        found |= dict.fromkeys([*row["properties"], *row.get("shown", [])], name)
    for part in ("types", "outputs", "values"):
        for name, members in KNOWN[part].items():
            found |= dict.fromkeys(members, name)
    return found | dict.fromkeys(KNOWN["ours"], "ours")


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_all_that_a_text_asks_was_looked_up(name: str) -> None:
    assert unknown(TEXTS[name]) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Get-NetIpAdress", ["Get-NetIpAdress"]),
        ("Get-NetIPAddress -Family IPv4", ["Get-NetIPAddress -Family"]),
        ("Get-Disk @where", ["Get-Disk @"]),
        ("$where = @{ Scope = 1 }; Get-DhcpServerv4Policy @where", ["Get-DhcpServerv4Policy @Scope"]),
        ("[IO.Fil]::Exists('a')", ["[IO.Fil]"]),
        ("New-Object Net.WebClient", ["[Net.WebClient]"]),
        ("Get-CimInstance -ClassName Win32_Volumes", ["class Win32_Volumes"]),
        ("$volume.Capacities", [".Capacities"]),
        ("[int] $disk.HealthStatus", [".HealthStatus"]),
    ],
)
def test_what_was_not_is_told(text: str, told: list[str]) -> None:
    """The last one: Windows shows a word there, whose number is asked of the class (``Get-Held``)."""
    assert unknown(text) == told


def test_nothing_is_known_that_nobody_asks() -> None:
    said = "\n".join(TEXTS.values())
    named = {word for text in TEXTS.values() for word in [*spoken.types(text), *spoken.classes(text)]}
    read = {word for text in TEXTS.values() for word in spoken.members(text)}
    called = {call.name for text in TEXTS.values() for call in spoken.calls(text)}
    given = {name: set().union(*each) for name, each in uses(KNOWN["splats"]).items()}
    assert {name: set(row["parameters"]) for name, row in KNOWN["commands"].items()} == {
        name: given[name] for name in called & set(KNOWN["commands"])
    }
    assert set(KNOWN["splats"]) == {call.name for text in TEXTS.values() for call in spoken.calls(text) if call.splat}
    assert [name for name, some in KNOWN["of_provider"].items() if not set(some) <= given[name]] == []
    assert set(KNOWN["short"]) <= named
    assert [one for one in readable() if one not in said] == []
    for name, members in KNOWN["types"].items():
        assert set(members) <= read
        assert members or name in named
    for name, row in KNOWN["classes"].items():
        assert row.get("of") in called or name in named
        assert [one for one in row.get("held", {}) if one not in said] == []


def test_a_page_or_a_machine_has_it() -> None:
    """Of each command and class: what nothing shows cannot be known."""
    assert [name for name, row in KNOWN["commands"].items() if not row["page"]] == []
    assert [name for name, row in KNOWN["classes"].items() if not row["page"] and not row["seen"]] == [
        "FirewallProduct"
    ]


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_comparison_is_not_of_something_negated(name: str) -> None:
    assert spoken.doubtful(TEXTS[name]) == []


def test_a_comparison_of_something_negated_is_seen() -> None:
    assert spoken.doubtful("if (-not $service.Status -eq 4) { 1 }") == ["-not $service.Status -eq 4"]
    assert spoken.doubtful("if (-not ($service.Status -eq 4)) { 1 }") == []
