"""YAML read into nodes that remember where they stand, so that a fault can name its line and column.

Only the plain part of YAML 1.2 that a lab needs: mappings with text keys, lists, text, numbers, booleans, null, anchors
and aliases. Bounded (size, depth, number of nodes once aliases are expanded) and without recursion: a file made to
exhaust memory is refused like any other fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from labs.problems import Problem
from labs.text import Text

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 50_000
"""Nodes of one file, counting an alias as everything it stands for."""

Scalar = str | int | float | bool | None

_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})(?:[eE][-+]?[0-9]{1,2})?\Z")


@dataclass
class Node:
    """A value in a YAML file. ``line`` and ``column`` count from 1. ``keys`` are the places of a mapping's keys."""

    line: int
    column: int
    value: Scalar | list[Node] | dict[str, Node] = None
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    size: int = 1
    depth: int = 1

    @property
    def text(self) -> str | None:
        """The text, when the value is text."""
        return self.value if isinstance(self.value, str) else None

    @property
    def items(self) -> list[Node]:
        """The elements, when the value is a list."""
        return self.value if isinstance(self.value, list) else []

    @property
    def map(self) -> dict[str, Node]:
        """The members, when the value is a mapping."""
        return self.value if isinstance(self.value, dict) else {}

    def get(self, *path: str) -> Node | None:
        """The node under these keys, if there is one."""
        node: Node | None = self
        for key in path:
            node = node.map.get(key) if node else None
        return node

    def key(self, name: str) -> Node:
        """A node at the place of one of this mapping's keys; this node itself when it has no such key."""
        line, column = self.keys.get(name, (self.line, self.column))
        return Node(line, column, name)

    def plain(self) -> Any:
        """The value as plain Python data."""
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        return self.value

    def json(self) -> str:
        """The value as JSON."""
        return json.dumps(self.plain(), ensure_ascii=False)

    def walk(self) -> Iterator[Node]:
        """This node and everything under it."""
        yield self
        for child in [*self.items, *self.map.values()]:
            yield from child.walk()


class _Fault(Exception):  # noqa: N818 - a statement about a file, caught in this module
    """Stops the reading: nothing more can be said about this file."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_yaml(path: Path, name: PurePath, *, tags: bool = False) -> tuple[Node | None, list[Problem]]:
    """The root node of a file and its faults; no node when it cannot be read at all.

    name: what faults call the file. tags: whether ``!tags`` are let through (Ansible uses some).
    """
    try:
        text = read_text(path, name)
        reader = _Reader(name, tags)
        return reader.read(text), reader.problems
    except _Fault as fault:
        return None, [fault.problem]


def read_text(path: Path, name: PurePath) -> str:
    """The text of a file, bounded and UTF-8. Raises ``_Fault``; use ``try_text`` outside of this module."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _Fault(
            Problem(
                "unreadable",
                name,
                1,
                1,
                Text("le fichier ne peut pas être lu ({why})", "the file cannot be read ({why})").format(
                    why=error.strerror or type(error).__name__
                ),
            )
        ) from error
    if len(data) > MAX_BYTES:
        raise _Fault(
            Problem(
                "too-large",
                name,
                1,
                1,
                Text("le fichier est trop grand", "the file is too large"),
                Text("1 Mio au plus", "1 MiB at most"),
            )
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = _position(before, len(before))
        raise _Fault(
            Problem(
                "not-utf8",
                name,
                line,
                column,
                Text(
                    f"l'octet 0x{data[error.start]:02x} n'est pas de l'UTF-8",
                    f"byte 0x{data[error.start]:02x} is not UTF-8",
                ),
                Text("un fichier enregistré en UTF-8", "a file saved as UTF-8"),
            )
        ) from error


def try_text(path: Path, name: PurePath) -> tuple[str | None, list[Problem]]:
    """The text of a file, or none and why."""
    try:
        return read_text(path, name), []
    except _Fault as fault:
        return None, [fault.problem]


def _position(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


class _Reader:
    """Builds nodes from the parser's events, with a stack of its own."""

    def __init__(self, name: PurePath, tags: bool) -> None:
        self.name = name
        self.tags = tags
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node] = {}
        self.count = 0
        self.stack: list[tuple[Node, str, list[tuple[str, Node]]]] = []
        """Open collections: the node, its anchor, and (for a mapping) the key that waits for its value."""

    def read(self, text: str) -> Node | None:
        root: Node | None = None
        documents = 0
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                kind = type(event).__name__
                line, column = event.start_mark.line + 1, event.start_mark.column + 1
                if kind == "DocumentStartEvent":
                    documents += 1
                    if documents > 1:
                        self.stop(
                            "several-documents",
                            line,
                            column,
                            Text(
                                "le fichier contient plusieurs documents YAML", "the file holds several YAML documents"
                            ),
                            Text("un seul", "one"),
                        )
                elif kind in ("MappingStartEvent", "SequenceStartEvent"):
                    self.tag(event, line, column)
                    node = Node(line, column, {} if kind.startswith("Map") else [])
                    self.stack.append((node, event.anchor or "", []))
                    self.bound_depth(len(self.stack), line, column)
                elif kind in ("MappingEndEvent", "SequenceEndEvent"):
                    node, anchor, _ = self.stack.pop()
                    root = self.add(node, anchor)
                elif kind == "ScalarEvent":
                    root = self.add(self.scalar(event, line, column), event.anchor or "")
                elif kind == "AliasEvent":
                    root = self.add(self.alias(event.anchor, line, column), "")
        except MarkedYAMLError as error:
            raise _Fault(self.syntax(error, text)) from error
        except ReaderError as error:
            line, column = _position(text, error.position)
            what = Text(
                "caractère interdit dans un fichier YAML (U+{code:04X})",
                "character not allowed in a YAML file (U+{code:04X})",
            ).format(code=ord(text[error.position]))
            raise _Fault(Problem("yaml", self.name, line, column, what)) from error
        except (YAMLError, ValueError, RecursionError) as error:
            what = Text("fichier YAML illisible ({why})", "unreadable YAML file ({why})").format(
                why=" ".join(str(error).split())[:200]
            )
            raise _Fault(Problem("yaml", self.name, 1, 1, what)) from error
        return root

    def add(self, node: Node, anchor: str) -> Node:
        """Put a finished node where it belongs and return the root so far."""
        self.count += 1
        if anchor:
            self.anchors[anchor] = node
        if not self.stack:
            return node
        parent, _, waiting = self.stack[-1]
        parent.size += node.size
        parent.depth = max(parent.depth, node.depth + 1)
        self.bound_depth(parent.depth, node.line, node.column)
        if parent.size > MAX_NODES:
            self.stop(
                "too-large",
                node.line,
                node.column,
                Text(
                    "le fichier contient trop d'éléments, alias compris",
                    "the file holds too many elements, with aliases",
                ),
                Text(f"{MAX_NODES} au plus", f"at most {MAX_NODES}"),
            )
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif isinstance(parent.value, dict):
            if not waiting:
                waiting.append((self.key_text(node), node))
            else:
                key, place = waiting.pop()
                self.member(parent, key, place, node)
        return self.stack[0][0]

    def bound_depth(self, depth: int, line: int, column: int) -> None:
        if depth > MAX_DEPTH:
            self.stop(
                "too-deep",
                line,
                column,
                Text("les structures sont trop imbriquées", "structures are nested too deep"),
                Text(f"{MAX_DEPTH} niveaux au plus", f"at most {MAX_DEPTH} levels"),
            )

    def member(self, parent: Node, key: str, place: Node, node: Node) -> None:
        members = parent.map
        if key in members:
            first = parent.keys[key]
            self.problems.append(
                Problem(
                    "duplicate-key",
                    self.name,
                    place.line,
                    place.column,
                    Text(
                        f"la clé « {key} » est déjà donnée à la ligne {first[0]}",
                        f"key “{key}” is already given on line {first[0]}",
                    ),
                )
            )
            return
        members[key] = node
        parent.keys[key] = (place.line, place.column)

    def key_text(self, node: Node) -> str:
        if isinstance(node.value, (list, dict)):
            self.stop(
                "yaml",
                node.line,
                node.column,
                Text("une clé doit être un texte", "a key must be text"),
                Text("des guillemets autour d'un texte qui commence par {", "quotes around a text that begins with {"),
            )
        if isinstance(node.value, bool):
            return "true" if node.value else "false"
        return "" if node.value is None else str(node.value)

    def alias(self, anchor: str, line: int, column: int) -> Node:
        found = self.anchors.get(anchor)
        if found is None:
            self.stop(
                "yaml",
                line,
                column,
                Text(f"l'alias « *{anchor} » ne renvoie à rien", f"alias “*{anchor}” refers to nothing"),
                Text("une ancre définie plus haut", "an anchor defined above"),
            )
        return found

    def scalar(self, event: Any, line: int, column: int) -> Node:
        self.tag(event, line, column)
        text: str = event.value
        if any("\ud800" <= character <= "\udfff" for character in text):
            self.stop("yaml", line, column, Text("ce texte n'est pas de l'Unicode", "this text is not Unicode"))
        if not event.implicit[0]:
            return Node(line, column, text)
        if _NULL.match(text):
            return Node(line, column, None)
        if _BOOL.match(text):
            return Node(line, column, text.lower() == "true")
        if _INT.match(text):
            return Node(line, column, int(text))
        if _FLOAT.match(text):
            return Node(line, column, float(text))
        return Node(line, column, text)

    def tag(self, event: Any, line: int, column: int) -> None:
        tag = str(event.tag or "")
        if tag in ("", "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq") or self.tags:
            return
        self.problems.append(
            Problem(
                "yaml",
                self.name,
                line,
                column,
                Text(f"l'étiquette « {tag} » n'est pas admise", f"tag “{tag}” is not allowed"),
                Text("du YAML ordinaire, sans étiquette", "plain YAML, without tags"),
            )
        )

    def syntax(self, error: MarkedYAMLError, text: str) -> Problem:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        lines = text.split("\n")
        for number in (line, line - 1):  # the parser stumbles on the tab's line or on the next
            indent = re.match(r"[ \t]*", lines[number - 1]) if 1 <= number <= len(lines) else None
            if indent and "\t" in indent[0]:
                return Problem(
                    "tab",
                    self.name,
                    number,
                    indent[0].index("\t") + 1,
                    Text("une tabulation sert à décaler la ligne", "a tab is used to indent the line"),
                    Text("des espaces", "spaces"),
                )
        detail = " ".join(part for part in (error.context, error.problem) if part)
        allowed, here = None, lines[line - 1] if 1 <= line <= len(lines) else ""
        if held := re.search(r"\w(?=\[)|\{(?=\{)", here):  # printers[*].name, {{ variants.site }}: between braces
            pair = "[ ou ]", "[ or ]"
            if held[0] == "{":
                pair = "{ ou }", "{ or }"
            allowed = Text(
                f"des guillemets autour d'un texte qui contient {pair[0]}", f"quotes around a text that holds {pair[1]}"
            )
        elif "mapping values" in (error.problem or "") and re.search(r":\s.*:(\s|$)", here):  # title: Scope: right
            allowed = Text(
                "des guillemets autour d'un texte qui contient un deux-points suivi d'une espace",
                "quotes around a text that holds a colon followed by a space",
            )
        what = Text(f"erreur de syntaxe YAML ({detail})", f"YAML syntax error ({detail})")
        return Problem("yaml", self.name, line, column, what, allowed)

    def stop(self, code: str, line: int, column: int, what: Text, allowed: Text | None = None) -> NoReturn:
        raise _Fault(Problem(code, self.name, line, column, what, allowed))
