"""``{{ variants.site.ssid }}`` in ``lab.yml``: found, and filled in before the model reads it.

Nodes keep their places, so that a fault of a value is told where it was used. A text that is one placeholder and
nothing else becomes the value itself: a number stays a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labs.nodes import Node
from labs.variant import MAX_VALUES, MAX_VARIANTS, Scalar, Value, Values, is_value, parts

PLACEHOLDER = re.compile(r"\{\{\s*variants\.([A-Za-z0-9_]+)(?:\.([A-Za-z0-9_]+))?\s*\}\}")

_ALL: Any = ...
_CHECK = {"*": {"with": _ALL}}
_MAY_VARY: Mapping[str, Any] = {
    "tasks": {"*": {"checks": _CHECK}},
    "incidents": {"*": {"proof": _CHECK, "ticket": _ALL, "script": _ALL, "diagnosis": _ALL}},
}
"""Where values may stand. Names, titles and points are the same for everybody: results are compared by them."""


@dataclass(frozen=True)
class Use:
    """A placeholder. part: empty when it names none."""

    node: Node
    name: str
    part: str


def declared(root: Node) -> dict[str, list[Value]]:
    """The variants of a lab that may be faulty: those whose values can all be read, and are not too many."""
    section = root.get("variants")
    found = {name: node.get("values") for name, node in (section.map if section else {}).items()}
    return {
        name: [item.plain() for item in node.items]
        for name, node in list(found.items())[:MAX_VARIANTS]
        if node is not None and 0 < len(node.items) <= MAX_VALUES and all(is_value(one.plain()) for one in node.items)
    }


def resolve(root: Node, values: Values) -> Node:
    """The lab with these values in place. What is not known, or stands where no value may, is left as it is."""
    return _resolved(root, values, _MAY_VARY) if values else root


def uses(root: Node) -> Iterator[Use]:
    """The placeholders where values may stand."""
    for node in _varying(root, _MAY_VARY):
        yield from _uses(node)


def misplaced(root: Node) -> Iterator[Use]:
    """The placeholders anywhere else, in keys as well."""
    allowed = {id(node) for node in _varying(root, _MAY_VARY)}
    for node in root.walk():
        if id(node) not in allowed:
            yield from _uses(node)
        for key in node.map:
            yield from _uses(node.key(key))


def _uses(node: Node) -> Iterator[Use]:
    for match in PLACEHOLDER.finditer(node.text or ""):
        yield Use(node, match[1], match[2] or "")


def _varying(node: Node, where: Any) -> Iterator[Node]:
    if where is _ALL:
        yield from node.walk()
        return
    for key, child in _children(node):
        if key in where:
            yield from _varying(child, where[key])


def _children(node: Node) -> Sequence[tuple[str, Node]]:
    return [*node.map.items(), *(("*", item) for item in node.items)]


def _resolved(node: Node, values: Values, where: Any) -> Node:
    def inner(key: str, child: Node) -> Node:
        if where is _ALL:
            return _resolved(child, values, _ALL)
        return _resolved(child, values, where[key]) if key in where else child

    if isinstance(node.value, dict):
        made = Node(node.line, node.column, {key: inner(key, child) for key, child in node.value.items()})
    elif isinstance(node.value, list):
        made = Node(node.line, node.column, [inner("*", child) for child in node.value])
    elif where is _ALL and node.text is not None:
        return Node(node.line, node.column, _filled(node.text, values))
    else:
        return node
    made.keys = node.keys
    return made


def _filled(text: str, values: Values) -> Scalar:
    whole = PLACEHOLDER.fullmatch(text)
    if whole is not None:
        found = _value_of(whole, values)
        return text if found is None else found

    def said(match: re.Match[str]) -> str:
        found = _value_of(match, values)
        return match[0] if found is None else str(found)

    return PLACEHOLDER.sub(said, text)


def _value_of(match: re.Match[str], values: Values) -> Scalar | None:
    return parts(values[match[1]]).get(match[2] or "") if match[1] in values else None
