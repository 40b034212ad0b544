"""What is wrong in a roster: each fault with its place, and the error that carries them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from labs.errors import EpreuveError
from labs.text import Text


@dataclass(frozen=True)
class RosterProblem:
    """One fault of a roster. It never quotes a cell: names belong in no log.

    code: stable name of the kind of fault, listed in docs/roster.md. what: a clause, what is wrong. do: a clause, what
    to do about it. line, column: from 1; None for a fault of the file. header: the column's, as the file writes it.
    """

    code: str
    what: Text
    do: Text
    line: int | None = None
    column: int | None = None
    header: str = ""

    def text(self) -> Text:
        """``line 12, column C (“Né(e) le”): what; do``, the column named as spreadsheets name it."""
        place = Text("", "")
        if self.line is not None:
            place = Text(f"ligne {self.line}", f"line {self.line}")
        if self.column is not None:
            letter = get_column_letter(self.column)
            header = Text(f" (« {self.header} »)", f" (“{self.header}”)") if self.header else Text("", "")
            place = Text(f"{place.fr}, colonne {letter}{header.fr}", f"{place.en}, column {letter}{header.en}")
        if place.fr:
            place = Text(f"{place.fr} : ", f"{place.en}: ")
        return Text(f"{place.fr}{self.what.fr} ; {self.do.fr}", f"{place.en}{self.what.en}; {self.do.en}")

    def __str__(self) -> str:
        return str(self.text())


class RosterError(EpreuveError):
    """A roster cannot be used as it is. ``problems`` holds every fault that was found, in the order of the file."""

    code = "roster"
    exit_code = 3

    def __init__(self, problems: Iterable[RosterProblem], *, where: str = "") -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = Text(
            "\n".join("  " + problem.text().fr for problem in self.problems),
            "\n".join("  " + problem.text().en for problem in self.problems),
        )
        super().__init__(
            Text(
                f"Cette liste de candidats a {count} faute{'s' if count > 1 else ''} :\n{lines.fr}\n",
                f"This roster has {count} fault{'s' if count > 1 else ''}:\n{lines.en}\n",
            ),
            where=where,
            do=Text(
                "Corrigez la liste, puis recommencez : rien n'a été enregistré.",
                "Correct the list and start again: nothing was stored.",
            ),
        )


def refused(code: str, what: Text, do: Text, line: int | None = None) -> RosterError:
    """The error for a fault after which nothing more can be said about the file."""
    return RosterError([RosterProblem(code, what, do, line)])
