"""What is wrong in a lab's files: each fault with its place, and the error that carries them all."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from labs.errors import EpreuveError
from labs.text import Text


@dataclass(frozen=True)
class Problem:
    """One fault of a lab.

    code: stable name of the kind of fault (``unknown-key``, ``duplicate-address``…; listed in docs/writing-a-lab.md).
    file: relative to the lab's folder. line, column: from 1. what: one sentence. allowed: what would be right.
    """

    code: str
    file: PurePath
    line: int
    column: int
    what: Text
    allowed: Text | None = None

    def text(self) -> Text:
        """``file:line:column: what; allowed: …``, as compilers and editors print it."""
        place = f"{self.file}:{self.line}:{self.column}: "
        if self.allowed is None:
            return Text(place + self.what.fr, place + self.what.en)
        return Text(
            f"{place}{self.what.fr} ; attendu : {self.allowed.fr}",
            f"{place}{self.what.en}; allowed: {self.allowed.en}",
        )

    def __str__(self) -> str:
        return str(self.text())


class LabError(EpreuveError):
    """A lab cannot be used as it is. ``problems`` holds every fault that was found, in the order of the files."""

    code = "lab"
    exit_code = 3

    def __init__(self, problems: Iterable[Problem], *, where: str = "") -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = Text(
            "\n".join("  " + problem.text().fr for problem in self.problems),
            "\n".join("  " + problem.text().en for problem in self.problems),
        )
        super().__init__(
            Text(
                f"Ce sujet a {count} faute{'s' if count > 1 else ''} :\n{lines.fr}\n",
                f"This lab has {count} fault{'s' if count > 1 else ''}:\n{lines.en}\n",
            ),
            where=where,
            do=Text(
                "Corrigez les fichiers du sujet, puis relancez « epreuve lab lint ».",
                "Correct the lab's files, then run “epreuve lab lint” again.",
            ),
        )


MANY = 20
"""More names than that are not listed beside the one that was probably meant."""


def one_of(names: Iterable[str], found: str = "") -> Text:
    """What is allowed, as a list of names, and the one that was probably meant when ``found`` looks like a slip."""
    known = sorted(set(names))
    if not known:
        return Text("rien ici", "nothing here")
    near = nearest(found, known)
    if near is None:
        listed = ", ".join(known)
        return Text(listed, listed)
    listed = ", ".join(known) if len(known) <= MANY else f"{near}, …"
    return Text(f"{listed} (vouliez-vous dire « {near} » ?)", f"{listed} (did you mean “{near}”?)")


def nearest(found: str, names: Iterable[str]) -> str | None:
    """The name most like ``found``, if one is like it at all."""
    by_folded = {name.lower().replace("_", "-"): name for name in names}
    folded = found.lower().replace("_", "-")
    near = difflib.get_close_matches(folded, by_folded, n=1, cutoff=0.6)
    near = near or [name for name in by_folded if len(name) > 1 and _one_letter_off(folded, name)]
    return by_folded[near[0]] if len(near) == 1 else None


def _one_letter_off(one: str, other: str) -> bool:
    """Whether a letter is another one: what a ratio does not see in names as short as ``on``."""
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1
