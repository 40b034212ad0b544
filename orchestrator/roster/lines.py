"""The lines of a roster: each cell through its parser, every fault kept with its place."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from labs.text import Text
from orchestrator.roster import cells
from orchestrator.roster.cells import BadCell
from orchestrator.roster.columns import COLUMNS, Header, Row
from orchestrator.roster.model import RosterLine
from orchestrator.roster.problems import RosterProblem

_PARSERS: dict[str, Callable[[str], object]] = {
    "surname": cells.name,
    "first_name": cells.name,
    "number": cells.number,
    "birth_date": cells.birth_date,
    "email": cells.email,
    "extra_time": cells.extra_time,
    "seat": cells.seat,
}
"""One parser for each of COLUMNS; it is given clean text, and an empty one when the file has no such column."""


class LineReader:
    """Reads the lines under one header and keeps their faults."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._places = {name: places[0] for name, places in header.places.items()}
        self._problems: list[RosterProblem] = []
        self._seen: dict[str, dict[str, int]] = {"number": {}, "seat": {}}
        self._has_totals = False
        self._hundreds: list[Row] = []

    def read(self, row: Row) -> RosterLine | None:
        """One candidate; None when the line has a fault."""
        before = len(self._problems)
        values = {name: self._value(row, name) for name in COLUMNS}
        self._read_other_cells(row)
        if len(self._problems) > before:
            return None
        return RosterLine.model_validate({**values, "line": row.line})

    def problems(self) -> list[RosterProblem]:
        """Every fault of the lines read so far, in the order of the file."""
        found = list(self._problems)
        if self._has_totals:
            found += [self._ambiguous(row) for row in self._hundreds]
        return sorted(found, key=lambda problem: (problem.line or 0, problem.column or 0))

    def _value(self, row: Row, name: str) -> object:
        place = self._places.get(name)
        cell = row.cells[place] if place is not None and place < len(row.cells) else ""
        try:
            text = cells.clean(cell, COLUMNS[name].longest)
            value = _PARSERS[name](text)
            self._compare(row, name, text, value)
        except BadCell as bad:
            self._tell(bad, row, place)
            return None
        return value

    def _compare(self, row: Row, name: str, text: str, value: object) -> None:
        """What a cell means beside the others of its column."""
        if name in self._seen and text:
            first = self._seen[name].setdefault(text.casefold(), row.line)
            if first != row.line:
                raise BadCell(
                    f"duplicate-{name}",
                    Text(f"déjà donné à la ligne {first}", f"already given on line {first}"),
                    Text("chaque candidat a le sien", "each candidate has one of their own"),
                )
        if name == "extra_time":
            self._has_totals |= cells.is_total(text)
            if value == Decimal(100) and not cells.is_total(text):
                self._hundreds.append(row)

    def _read_other_cells(self, row: Row) -> None:
        """Cells that mean nothing to us may still be formulas, or what a stray delimiter has pushed aside."""
        ours = set(self._places.values())
        for place, cell in enumerate(row.cells):
            if place in ours or not cell.strip():
                continue
            try:
                self._require_harmless(cell, self._header.title(place))
            except BadCell as bad:
                self._tell(bad, row, place)

    def _require_harmless(self, cell: str, title: str) -> None:
        cells.without_formula(cell)
        if not title:
            raise BadCell(
                "extra-cell",
                Text("cette cellule n'est sous aucun titre", "this cell is below no title"),
                Text(
                    "supprimez-la, ou mettez entre guillemets la cellule que le séparateur a coupée",
                    "remove it, or quote the cell that the delimiter has cut",
                ),
            )

    def _tell(self, bad: BadCell, row: Row, place: int | None) -> None:
        column = None if place is None else place + 1
        header = "" if place is None else self._header.title(place)
        self._problems.append(RosterProblem(bad.code, bad.what, bad.do, row.line, column, header))

    def _ambiguous(self, row: Row) -> RosterProblem:
        place = self._places["extra_time"]
        return RosterProblem(
            "ambiguous-extra-time",
            Text(
                "100 veut-il dire « le double », ou « pas de majoration » ? d'autres lignes donnent le total",
                "does 100 mean twice the time, or none added? other lines give the total",
            ),
            Text("écrivez 200 ou 0", "write 200 or 0"),
            row.line,
            place + 1,
            self._header.title(place),
        )
