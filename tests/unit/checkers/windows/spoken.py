"""What a PowerShell text says: the commands that it calls, the types and classes that it names, what it reads of them.

By its syntax alone: which object a property is read of is not known, only that it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import tree_sitter_pwsh
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_pwsh.language()))
_CLASS = re.compile(r"^(?:(?:Win32|MSFT|RSOP|MicrosoftDNS)_\w+|__NAMESPACE)$")
_ARGUMENTS = ("command_parameter", "command_argument_sep")


@dataclass(frozen=True)
class Call:
    """One call of a command. parameters: as they are written, without the dash. values: its other arguments.
    splat: whether a table of parameters is given to it."""

    name: str
    parameters: tuple[str, ...]
    values: tuple[str, ...]
    splat: bool


@cache
def nodes(text: str) -> tuple[Node, ...]:
    def walk(node: Node) -> Iterator[Node]:
        yield node
        for child in node.children:
            yield from walk(child)

    return tuple(walk(_PARSER.parse(text.encode()).root_node))


def word(node: Node | None) -> str:
    return (node.text or b"").decode().strip("'\"") if node else ""


def _inside(node: Node, kind: str) -> list[Node]:
    return [child for child in node.children if child.type == kind]


def calls(text: str) -> list[Call]:
    found = []
    for node in nodes(text):
        if node.type != "command" or not _inside(node, "command_name"):
            continue
        given = [child for part in _inside(node, "command_elements") for child in part.children]
        values = [word(one) for one in given if one.type not in _ARGUMENTS]
        found.append(
            Call(
                name=word(_inside(node, "command_name")[0]),
                parameters=tuple(word(one).lstrip("-") for one in given if one.type == "command_parameter"),
                values=tuple(values),
                splat=any(re.match(r"@\w", one) for one in values),
            )
        )
    return found


def functions(text: str) -> set[str]:
    """The functions that it has itself."""
    return {word(_inside(node, "function_name")[0]) for node in nodes(text) if node.type == "function_statement"}


def types(text: str) -> set[str]:
    """Types of .NET and their short names, without ``[]``."""
    named = {word(node)[1:-1].removesuffix("[]") for node in nodes(text) if node.type == "type_literal"}
    made = {call.values[0] for call in calls(text) if call.name == "New-Object" and "ComObject" not in call.parameters}
    return named | {one.removesuffix("[]") for one in made}


def classes(text: str) -> set[str]:
    """Classes of Windows' management."""
    asked = {one for call in calls(text) if "ClassName" in call.parameters for one in call.values[:2]}
    words = {word(node) for node in nodes(text) if node.type in ("generic_token", "verbatim_string_characters")}
    return {one for one in words if _CLASS.match(one) or (one in asked and re.match(r"^[A-Z]\w+$", one))}


def members(text: str) -> set[str]:
    """Properties that are read or set, and methods that are called, by name."""
    names = [child for node in nodes(text) for child in _inside(node, "member_name")]
    return {word(name) for name in names if not word(name).startswith("$")}


def held(text: str) -> set[str]:
    """Properties that are read as the class holds them (``parts/held.ps1``)."""
    return {call.values[-1] for call in calls(text) if call.name == "Get-Held"}


def keys(text: str) -> set[str]:
    """The keys of its own tables."""
    return {word(node) for node in nodes(text) if node.type == "key_expression"}


def doubtful(text: str) -> list[str]:
    """``-not $a -eq $b`` negates ``$a`` first: comparisons of something that is negated."""
    return [
        word(node)
        for node in nodes(text)
        if node.type == "comparison_expression" and word(node.children[0]).lower().startswith(("-not", "!"))
    ]
