"""One output made of several named parts.

A probe's command often reads several things at once, because starting a command is what costs. It prints a line
``@@ name`` before each part (shell function :data:`SHELL`), and the parser cuts the output at those lines.
"""

from __future__ import annotations

from collections.abc import Iterator

MARK = "@@ "

SHELL = "s() { printf '\\n@@ %s\\n' \"$*\"; }"
"""Shell function ``s NAME``: starts a part."""

MAX_PARTS = 400


def parts(text: str) -> dict[str, str]:
    """The parts by name. A name seen twice keeps its first text: what comes later cannot replace it.

    Raises ValueError when there are more parts than any honest output has.
    """
    found: dict[str, str] = {}
    for name, body in _split(text):
        if len(found) >= MAX_PARTS:
            raise ValueError("too many parts")
        found.setdefault(name, body)
    return found


def starting(found: dict[str, str], prefix: str) -> dict[str, str]:
    """The parts whose name is ``prefix`` and something: that something, with its text."""
    return {name[len(prefix) + 1 :]: body for name, body in found.items() if name.startswith(prefix + " ")}


def _split(text: str) -> Iterator[tuple[str, str]]:
    name: str | None = None
    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith(MARK):
            if name is not None:
                yield name, "\n".join(lines).strip("\n")
            name, lines = line[len(MARK) :].strip(), []
        else:
            lines.append(line)
    if name is not None:
        yield name, "\n".join(lines).strip("\n")
