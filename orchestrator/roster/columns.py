"""The columns of a roster: what schools call them, and the line of the file that names them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from labs.text import Text
from orchestrator.roster.problems import RosterError, refused

SEARCHED = 40
"""The header is looked for in so many lines: files have titles above it, not pages."""

MAX_COLUMNS = 128
"""Exports of schools have a hundred; a row with more is no roster's."""


@dataclass(frozen=True)
class Column:
    """A column that means something to us. names: folded, see ``folded``. longest: characters of a cell."""

    title: Text
    names: frozenset[str]
    longest: int
    required: bool = False


def _column(title: Text, names: str, longest: int, *, required: bool = False) -> Column:
    return Column(title, frozenset(names.split(", ")), longest, required)


COLUMNS: dict[str, Column] = {
    "surname": _column(
        Text("Nom", "Surname"),
        "nom, nom de famille, nom de naissance, nom patronymique, nom candidat, nom du candidat, nom eleve, "
        "nom de l eleve, surname, last name, lastname, family name",
        100,
        required=True,
    ),
    "first_name": _column(
        Text("Prénom", "First name"),
        "prenom, prenoms, prenom 1, premier prenom, prenom candidat, prenom du candidat, prenom eleve, "
        "prenom de l eleve, first name, firstname, given name, forename",
        100,
        required=True,
    ),
    "number": _column(
        Text("N° candidat", "Candidate number"),
        "numero, numero candidat, numero de candidat, numero du candidat, candidat numero, matricule, "
        "numero matricule, numero inscription, numero d inscription, candidate number, candidate numero, identifiant",
        40,
        required=True,
    ),
    "birth_date": _column(
        Text("Date de naissance", "Birth date"),
        "date de naissance, date naissance, naissance, ne le, nee le, ne e le, date of birth, birth date, birthdate",
        40,
    ),
    "email": _column(
        Text("Courriel", "E-mail"),
        "courriel, e mail, email, mail, mel, adresse mail, adresse e mail, adresse email, adresse courriel, "
        "adresse electronique, e mail address, email address",
        254,
    ),
    "extra_time": _column(
        Text("Tiers-temps", "Extra time"),
        "tiers temps, temps majore, temps supplementaire, amenagement, amenagements, majoration, majoration de temps, "
        "majoration du temps, extra time",
        40,
    ),
    "seat": _column(
        Text("Place", "Seat"),
        "place, poste, table, siege, numero place, numero de place, numero poste, numero de poste, numero table, "
        "numero de table, seat, seat number, desk, workstation",
        40,
    ),
}


@dataclass(frozen=True)
class Row:
    """A line of the file that is not blank. ``line``: from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """The line that names the columns. ``places``: the columns of each name of ``COLUMNS``, from 0."""

    row: Row
    places: dict[str, list[int]]

    def is_complete(self) -> bool:
        """Every required column is there."""
        return all(name in self.places for name, column in COLUMNS.items() if column.required)

    def title(self, place: int) -> str:
        """What the file calls a column, fit to be shown."""
        return shown(self.row.cells[place]) if place < len(self.row.cells) else ""

    def ignored(self) -> tuple[str, ...]:
        """The titles of the columns that mean nothing to us."""
        used = {place for places in self.places.values() for place in places}
        return tuple(
            title for place in range(len(self.row.cells)) if place not in used and (title := self.title(place))
        )


def find_header(rows: Iterable[Row]) -> Header | None:
    """The first line that names the most columns; None when no line names two: then it may be a candidate's."""
    best: Header | None = None
    for row in islice(rows, SEARCHED):
        places: dict[str, list[int]] = {}
        for place, cell in enumerate(row.cells[:MAX_COLUMNS]):
            if name := _NAMES.get(folded(cell)):
                places.setdefault(name, []).append(place)
        if len(places) >= 2 and (best is None or len(places) > len(best.places)):
            best = Header(row, places)
    return best


def folded(header: str) -> str:
    """A header without accents, case, punctuation and units: « N° de candidat (*) » gives ``numero de candidat``."""
    plain = unicodedata.normalize("NFKD", re.sub(r"\([^)]*\)", "", header[:200])).casefold()
    words = re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
    return " ".join("numero" if word in ("n", "no", "num", "nr") else word for word in words)


def shown(header: str) -> str:
    """A header as a message may show it: short, on one line, printable."""
    text = " ".join("".join(c if c.isprintable() else " " for c in header[:200]).split())
    return text if len(text) <= 40 else text[:39] + "…"


def too_wide(line: int) -> RosterError:
    """The error for a row with more cells than are read."""
    return refused(
        "too-wide",
        Text(f"la ligne a plus de {MAX_COLUMNS} colonnes", f"the row has more than {MAX_COLUMNS} columns"),
        Text("gardez la liste seule", "keep the list alone"),
        line,
    )


def titles(names: Sequence[str]) -> Text:
    """The usual titles of columns, as a list."""
    return Text(
        ", ".join(COLUMNS[name].title.fr for name in names), ", ".join(COLUMNS[name].title.en for name in names)
    )


_NAMES = {known: name for name, column in COLUMNS.items() for known in column.names}
