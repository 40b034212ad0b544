"""A roster as CSV: its encoding, its delimiter, its lines."""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from labs.text import Text
from orchestrator.roster.columns import MAX_COLUMNS, Row, find_header, too_wide
from orchestrator.roster.problems import RosterError, refused

DELIMITERS = (";", ",", "\t")

_ACCENT_IN_UTF8 = re.compile(rb"\xc3[\x80-\xbf]")
"""An accented letter in UTF-8; read as Windows-1252 it is « Ã » and a sign, which no name holds."""

_SAVE = Text("enregistrez la liste en « CSV UTF-8 » ou en XLSX", "save the list as “CSV UTF-8” or as XLSX")


def read_csv(data: bytes) -> list[Row]:
    """The lines of a CSV file that are not blank. Raises RosterError when it cannot be read."""
    text = _decoded(data)
    if text.lstrip()[:1] == "<":
        raise refused("not-a-table", Text("c'est une page web ou du XML", "this is a web page or XML"), _SAVE)
    named = {delimiter: _columns_named(text, delimiter) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=named.__getitem__)
    return _rows(text, delimiter)


def _decoded(data: bytes) -> str:
    marked = data.startswith((BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE))
    encoding = "utf-16" if marked and not data.startswith(BOM_UTF8) else "utf-8"
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if not marked and b"\0" in data:
            raise _binary() from error
        if marked or _ACCENT_IN_UTF8.search(data):
            raise _wrong_encoding(data, error.start) from error
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as neither:
            raise _wrong_encoding(data, neither.start) from neither
    if "\0" in text:
        raise _binary()
    return text


def _binary() -> RosterError:
    return refused("binary", Text("ce n'est pas un fichier de texte", "this is no text file"), _SAVE)


def _wrong_encoding(data: bytes, place: int) -> RosterError:
    return refused(
        "encoding",
        Text(
            f"l'octet 0x{data[place]:02x} n'est ni de l'UTF-8 ni du Windows-1252 (ou le fichier mélange les deux)",
            f"byte 0x{data[place]:02x} is neither UTF-8 nor Windows-1252 (or the file mixes both)",
        ),
        _SAVE,
        data.count(b"\n", 0, place) + 1,
    )


def _columns_named(text: str, delimiter: str) -> int:
    """How many columns the header names if this is the delimiter."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = find_header(Row(1, tuple(cells)) for cells in lines if any(cells))
    except csv.Error:
        return 0
    return len(header.places) if header else 0


def _rows(text: str, delimiter: str) -> list[Row]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    line = 1
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells[MAX_COLUMNS:]):
                raise too_wide(line)
            if any(cell.strip() for cell in cells):
                rows.append(Row(line, tuple(cells[:MAX_COLUMNS])))
            line = lines.line_num + 1
    except csv.Error as error:
        raise refused(
            "quotes",
            Text(
                "un guillemet ouvert n'est pas fermé, ou la cellule est trop longue",
                "a quote is not closed, or the cell is too long",
            ),
            Text("corrigez cette ligne", "correct this line"),
            line,
        ) from error
    return rows
