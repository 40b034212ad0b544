"""Rosters as files: written here byte by byte, so that encodings and delimiters can be seen."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from orchestrator.roster import RosterError, RosterLine, parse_roster

HEADER = ["Nom", "Prénom", "N° candidat", "Date de naissance", "Courriel", "Tiers-temps", "Place"]

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]
DELIMITERS = [";", ",", "\t"]


def as_csv(rows: Sequence[Sequence[str]], *, delimiter: str = ";", encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    """Rows as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(*sheets: Sequence[Sequence[Any]], formats: dict[str, str] | None = None) -> bytes:
    """Rows as a workbook, one sheet each. formats: number formats of cells of the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    for cell, form in (formats or {}).items():
        book.worksheets[0][cell].number_format = form
    out = io.BytesIO()
    book.save(out)
    book.close()
    return out.getvalue()


def one(**values: str) -> RosterLine:
    """The candidate of a roster of one, with these cells changed (by title)."""
    cells = {"Nom": "Le Goff", "Prénom": "Anaïs", "N° candidat": "0042", **values}
    return parse_roster(as_csv([list(cells), list(cells.values())])).lines[0]


def told(data: bytes) -> list[str]:
    """The faults of a file, as ``line:column code``; 0 for a place that is not said."""
    with pytest.raises(RosterError) as caught:
        parse_roster(data)
    return [f"{p.line or 0}:{p.column or 0} {p.code}" for p in caught.value.problems]
