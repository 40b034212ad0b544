"""Reading a roster: from a file's bytes to candidates, or every fault at once."""

from __future__ import annotations

from pathlib import Path

from labs.text import Text
from orchestrator.roster.columns import COLUMNS, Header, Row, find_header, titles
from orchestrator.roster.lines import LineReader
from orchestrator.roster.model import Roster
from orchestrator.roster.problems import RosterError, RosterProblem, refused
from orchestrator.roster.text_file import read_csv
from orchestrator.roster.workbook import OLE, ZIP, read_workbook, refuse_old_workbook

MAX_BYTES = 5_000_000
MAX_CANDIDATES = 500


def read_roster(path: Path) -> Roster:
    """The roster in a CSV or XLSX file. Its content says which it is, not its name.

    Raises RosterError with every fault of the file.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        return parse_roster(data)
    except RosterError as error:
        raise RosterError(error.problems, where=path.name) from error.__cause__
    except OSError as error:
        why = error.strerror or type(error).__name__
        problem = RosterProblem(
            "unreadable",
            Text(f"le fichier ne peut pas être lu ({why})", f"the file cannot be read ({why})"),
            Text("vérifiez son chemin et ses droits", "check its path and its permissions"),
        )
        raise RosterError([problem], where=path.name) from error


def parse_roster(data: bytes) -> Roster:
    """The roster in the bytes of a CSV or XLSX file, such as one that was uploaded. Raises RosterError."""
    if len(data) > MAX_BYTES:
        raise refused(
            "too-large",
            Text("le fichier fait plus de 5 Mo", "the file is larger than 5 MB"),
            Text("gardez la liste seule", "keep the list alone"),
        )
    if data.startswith(OLE):
        raise refuse_old_workbook()
    rows = read_workbook(data) if data.startswith(ZIP) else read_csv(data)
    header = _usable_header(rows)
    candidates = [row for row in rows if row.line > header.row.line and row.cells != header.row.cells]
    reader = LineReader(header)
    lines = [reader.read(row) for row in candidates[:MAX_CANDIDATES]]
    problems = reader.problems()
    if len(candidates) > MAX_CANDIDATES:
        problems.append(_too_many(len(candidates)))
    if not candidates:
        problems.append(_no_candidate())
    if problems:
        raise RosterError(problems)
    return Roster(lines=tuple(line for line in lines if line), ignored_columns=header.ignored())


def _usable_header(rows: list[Row]) -> Header:
    required = titles([name for name, column in COLUMNS.items() if column.required])
    known = titles(list(COLUMNS))
    header = find_header(rows)
    if header is None:
        raise refused(
            "no-header",
            Text("aucune ligne ne nomme les colonnes", "no line names the columns"),
            Text(f"mettez en tête : {required.fr}", f"put at the top: {required.en}"),
        )
    found = ", ".join(filter(None, map(header.title, range(len(header.row.cells)))))
    line = header.row.line
    problems = [
        RosterProblem(
            "missing-column",
            Text(
                f"il manque la colonne « {COLUMNS[name].title.fr} » (trouvées : {found})",
                f"column “{COLUMNS[name].title.en}” is missing (found: {found})",
            ),
            Text(f"colonnes connues : {known.fr}", f"known columns: {known.en}"),
            line,
        )
        for name, column in COLUMNS.items()
        if column.required and name not in header.places
    ]
    problems += [
        RosterProblem(
            "duplicate-column",
            Text(
                f"une colonne donne déjà « {COLUMNS[name].title.fr} »",
                f"a column already gives “{COLUMNS[name].title.en}”",
            ),
            Text("gardez une seule des deux", "keep one of the two"),
            line,
            place + 1,
            header.title(place),
        )
        for name, places in header.places.items()
        for place in places[1:]
    ]
    if problems:
        raise RosterError(problems)
    return header


def _too_many(count: int) -> RosterProblem:
    return RosterProblem(
        "too-many",
        Text(f"la liste a {count} candidats", f"the list has {count} candidates"),
        Text(
            f"{MAX_CANDIDATES} au plus : faites plusieurs sessions", f"at most {MAX_CANDIDATES}: make several sessions"
        ),
    )


def _no_candidate() -> RosterProblem:
    return RosterProblem(
        "no-candidate",
        Text("il n'y a aucun candidat sous les titres", "there is no candidate below the header"),
        Text("ajoutez une ligne par candidat", "add one line for each candidate"),
    )
