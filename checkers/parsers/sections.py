"""Outputs made of several pieces: marked parts, files from ``grep -H``, property blocks from ``systemctl show``."""

from __future__ import annotations

import re

_MARK = re.compile(r"^== ([a-z0-9-]{1,30})$")


def split(text: str) -> dict[str, str]:
    """The pieces of an output in which the command printed ``== name`` before each; text before the first is ``""``.

    Only a first mark counts: a file printed later that holds the same line does not replace a piece.
    """
    pieces: dict[str, list[str]] = {"": []}
    current = pieces[""]
    for line in text.split("\n"):
        match = _MARK.match(line)
        if match is not None and match[1] not in pieces:
            current = pieces.setdefault(match[1], [])
        else:
            current.append(line)
    return {name: "\n".join(lines) for name, lines in pieces.items()}


def files(text: str, *, limit: int = 200) -> dict[str, list[str]]:
    """Lines by file, from ``grep -sH '' FILE…``: every line is ``path:line``. At most ``limit`` files."""
    found: dict[str, list[str]] = {}
    for line in text.split("\n"):
        path, colon, content = line.partition(":")
        if colon and path.startswith("/"):
            if path not in found and len(found) >= limit:
                continue
            found.setdefault(path, []).append(content)
    return found


def blocks(text: str, *, limit: int = 500) -> list[dict[str, list[str]]]:
    """The blocks of ``systemctl show`` for several units: ``Name=value`` lines, a blank line between units."""
    found: list[dict[str, list[str]]] = [{}]
    for line in text.split("\n"):
        if not line.strip():
            if found[-1] and len(found) < limit:
                found.append({})
            continue
        name, equals, value = line.partition("=")
        if equals:
            found[-1].setdefault(name, []).append(value)
    return [block for block in found if block]


def one(block: dict[str, list[str]], name: str) -> str:
    """A property that has one value; empty when it is absent."""
    values = block.get(name, [])
    return values[0] if values else ""
