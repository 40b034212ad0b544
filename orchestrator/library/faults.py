"""Linting what somebody else wrote: in a process of its own, with bounds, and with the lines that faults are about."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath

from labs.confined import Bounds, run_python
from labs.folder import LAB_FILE, inside
from labs.nodes import try_text
from labs.problems import LabError, Problem
from labs.text import Text

BOUNDS = Bounds(cpu_s=30, memory_mib=1536, output_kib=16 << 10, wall_s=180.0)
SHOWN = 100
"""Faults that are shown with their lines; the others are only counted."""
_AROUND, _WIDTH = 2, 160


@dataclass(frozen=True)
class Line:
    """A line of a file; ``here``: the fault is on it."""

    number: int
    text: str
    here: bool


@dataclass(frozen=True)
class Fault:
    """A fault with the lines around it; none when the file cannot be read."""

    problem: Problem
    lines: tuple[Line, ...]


class FaultyLabError(LabError):
    """A lab that was brought has faults; ``faults``: the first of them with their lines, read before it was removed."""

    code = "faulty-lab"

    def __init__(self, problems: Iterable[Problem], folder: Path) -> None:
        super().__init__(problems)
        self.faults = with_lines(self.problems, folder)


def lint_confined(folder: Path) -> list[Problem]:
    """Every fault of a lab, as ``epreuve lab lint`` tells them; one only, when looking takes too much."""
    answer = run_python("orchestrator", ["lab", "lint", str(folder.absolute()), "--json"], b"", BOUNDS)
    try:
        return [_problem(found) for found in json.loads(answer or b"")]
    except ValueError:
        what = Text(
            "la vérification de ce sujet demande trop de temps ou de mémoire",
            "checking this lab takes too much time or memory",
        )
        return [Problem("too-large", PurePath(LAB_FILE), 1, 1, what, Text("un sujet plus simple", "a simpler lab"))]


def with_lines(problems: Iterable[Problem], folder: Path) -> list[Fault]:
    """The first faults with the lines around them."""
    texts: dict[PurePath, list[str]] = {}
    found = []
    for problem in list(problems)[:SHOWN]:
        if problem.file not in texts:
            texts[problem.file] = _lines_of(folder, problem.file)
        found.append(Fault(problem, _around(texts[problem.file], problem)))
    return found


def _problem(found: dict[str, object]) -> Problem:
    line, column = int(str(found["line"])), int(str(found["column"]))
    allowed = found["allowed"]
    return Problem(
        str(found["code"]),
        PurePath(str(found["file"])),
        line,
        column,
        Text.model_validate(found["what"]),
        Text.model_validate(allowed) if allowed else None,
    )


def _lines_of(folder: Path, file: PurePath) -> list[str]:
    path = inside(folder, file.as_posix())
    text = try_text(path, file)[0] if path is not None and path.is_file() else None
    return [] if text is None else text.split("\n")


def _around(lines: list[str], problem: Problem) -> tuple[Line, ...]:
    first, last = max(1, problem.line - _AROUND), min(len(lines), problem.line + _AROUND)
    start = max(0, problem.column - _WIDTH // 2)
    return tuple(
        Line(number, _cut(lines[number - 1], start), number == problem.line) for number in range(first, last + 1)
    )


def _cut(line: str, start: int) -> str:
    """As much of a line as fits, around the column of the fault when the line is long."""
    if len(line) <= _WIDTH:
        return line.rstrip("\r")
    return ("…" if start else "") + line[start : start + _WIDTH] + ("…" if start + _WIDTH < len(line) else "")
