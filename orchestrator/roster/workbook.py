"""A roster as XLSX. A workbook is a ZIP archive of XML: its size is bounded before anything in it is read."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl

from labs.text import Text
from orchestrator.roster.columns import MAX_COLUMNS, Row, find_header, too_wide
from orchestrator.roster.problems import RosterError, refused

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Container of the old .xls, and of an .xlsx that a password protects."""

MAX_UNPACKED = 20_000_000
MAX_PARTS = 1000
MAX_MARKUP = 600_000
"""Tags in all parts together: what reading costs. A roster of 500 lines and 60 columns has half of that."""

MAX_ROWS = 1_048_576
"""The rows of a sheet, by the format's own limit: blank ones cost little."""

_SAVE = Text("enregistrez la liste en CSV ou en XLSX", "save the list as CSV or as XLSX")


def read_workbook(data: bytes) -> list[Row]:
    """The rows that are not blank, of the sheet that holds the roster. Raises RosterError when it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _require_harmless(archive)
        return _roster_sheet(data)
    except RosterError:
        raise
    except Exception as error:  # openpyxl and zipfile raise whatever a damaged part makes them raise
        raise refused(
            "damaged",
            Text("ce classeur est abîmé", "this workbook is damaged"),
            Text(
                "ouvrez-le dans un tableur et enregistrez-le de nouveau", "open it in a spreadsheet and save it again"
            ),
        ) from error


def refuse_old_workbook() -> RosterError:
    """The error for a file in the OLE container."""
    return refused(
        "other-format",
        Text(
            "c'est un ancien classeur .xls, ou un mot de passe le protège",
            "this is an old .xls, or a password locks it",
        ),
        _SAVE,
    )


def _require_harmless(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        kind = Text("ce n'est pas un classeur XLSX", "this is no XLSX workbook")
        if "mimetype" in names and "content.xml" in names:
            kind = Text("c'est un classeur OpenDocument (.ods)", "this is an OpenDocument workbook (.ods)")
        raise refused("other-format", kind, _SAVE)
    size = sum(part.file_size for part in parts)  # zipfile never unpacks more of a part than it declares
    if len(parts) > MAX_PARTS or size > MAX_UNPACKED:
        raise _too_large(
            Text(
                f"le classeur fait {size / 1e6:.0f} Mo en {len(parts)} parties une fois décompressé",
                f"the workbook is {size / 1e6:.0f} MB in {len(parts)} parts once unpacked",
            )
        )
    tags = 0
    for part in parts:
        content = archive.read(part).replace(b"\0", b"")  # UTF-16 then reads like ASCII
        tags += content.count(b"<")
        if b"<!DOCTYPE" in content:  # entities that expand; no spreadsheet program writes them
            raise refused("damaged", Text("ce classeur contient un DOCTYPE", "this workbook holds a DOCTYPE"), _SAVE)
    if tags > MAX_MARKUP:
        raise _too_large(
            Text(f"le classeur contient {tags} balises", f"the workbook holds {tags} tags"),
        )


def _too_large(what: Text) -> RosterError:
    return refused(
        "too-large",
        what,
        Text("copiez la liste seule dans un nouveau classeur", "copy the list alone into a new workbook"),
    )


def _roster_sheet(data: bytes) -> list[Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out: styles, validation
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        try:
            sheets = [_rows(sheet) for sheet in book.worksheets]
        finally:
            book.close()
    rosters = [rows for rows in sheets if (header := find_header(rows)) is not None and header.is_complete()]
    if len(rosters) > 1:
        raise refused(
            "several-sheets",
            Text(f"{len(rosters)} feuilles contiennent des candidats", f"{len(rosters)} sheets hold candidates"),
            Text("gardez une seule feuille", "keep one sheet"),
        )
    return rosters[0] if rosters else next((rows for rows in sheets if rows), [])


def _rows(sheet: Any) -> list[Row]:
    rows = []
    before = None
    for line, cells in enumerate(
        sheet.iter_rows(min_row=1, max_row=MAX_ROWS, min_col=1, max_col=MAX_COLUMNS + 1), start=1
    ):
        if cells is before:  # rows that the file leaves out are one and the same blank row: there may be a million
            continue
        before = cells
        if any(cell.value is not None for cell in cells):
            if cells[MAX_COLUMNS].value is not None:
                raise too_wide(line)
            row = Row(line, tuple(_text(cell) for cell in cells[:MAX_COLUMNS]))
            if any(cell.strip() for cell in row.cells):
                rows.append(row)
    return rows


def _text(cell: Any) -> str:
    """What the sheet shows in a cell, or nearly: numbers without float noise, dates in ISO 8601, formulas as such."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return "=" + str(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _number(value: int | float, form: str) -> str:
    if "%" in form:
        return f"{(Decimal(str(value)) * 100).quantize(Decimal('0.0001')).normalize():f} %"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.10g}"
    return str(int(value)).zfill(len(form) if re.fullmatch("0+", form) else 0)
