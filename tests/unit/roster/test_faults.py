"""A roster that cannot be used says why: every fault at once, by line and column, and never by a name."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from labs.text import Language
from orchestrator.roster import RosterError, parse_roster, read_roster
from orchestrator.roster.read import MAX_BYTES
from tests.unit.roster.samples import HEADER, as_csv, as_xlsx, told

GOOD = ["Le Goff", "Anaïs", "1", "03/02/2004", "anais@exemple.fr", "oui", "A1"]


def changed(**cells: str) -> list[str]:
    """A sound line with other cells, by the letter of the column."""
    return [cells.get(letter, cell) for letter, cell in zip("ABCDEFG", GOOD, strict=True)]


def under_header(*rows: list[str]) -> bytes:
    return as_csv([HEADER, *rows])


CELLS = {
    "no surname": (changed(A="  "), "2:1 empty-name"),
    "no first name": (changed(B=""), "2:2 empty-name"),
    "no number": (changed(C="\u00a0"), "2:3 empty-number"),
    "a day that is not": (changed(D="31/02/2004"), "2:4 bad-date"),
    "American date": (changed(D="02/28/2004"), "2:4 bad-date"),
    "two-digit year": (changed(D="03/02/04"), "2:4 bad-date"),
    "day number": (changed(D="38020"), "2:4 bad-date"),
    "born before 1900": (changed(D="31/12/1899"), "2:4 bad-date"),
    "not yet born": (changed(D="01/01/9998"), "2:4 bad-date"),
    "no at sign": (changed(E="anais.exemple.fr"), "2:5 bad-email"),
    "no domain": (changed(E="anais@exemple"), "2:5 bad-email"),
    "two addresses": (changed(E="a@exemple.fr, b@exemple.fr"), "2:5 bad-email"),
    "extra time in words": (changed(F="un peu"), "2:6 bad-extra-time"),
    "a cross": (changed(F="x"), "2:6 bad-extra-time"),
    "a fraction": (changed(F="0,33"), "2:6 bad-extra-time"),
    "a flag": (changed(F="1"), "2:6 bad-extra-time"),
    "negative extra time": (changed(F="-20"), "2:6 bad-extra-time"),
    "total above 200": (changed(F="201 %"), "2:6 bad-extra-time"),
    "too many decimals": (changed(F="20,12345"), "2:6 bad-extra-time"),
    "not a number": (changed(F="1e2"), "2:6 bad-extra-time"),
    "formula": (changed(A="=1+1"), "2:1 formula"),
    "formula of a plus": (changed(B="+cmd|' /C calc'!A0"), "2:2 formula"),
    "formula of a minus": (changed(C="-A1"), "2:3 formula"),
    "function of old Lotus": (changed(G="@SUM(A1)"), "2:7 formula"),
    "formula after a space": (changed(A=" \u00a0=1+1"), "2:1 formula"),
    "formula after a tab": (changed(A="\t=1+1"), "2:1 formula"),
    "error of calculation": (changed(C="#N/A"), "2:3 error-value"),
    "French error": (changed(C="#VALEUR!"), "2:3 error-value"),
    "bell": (changed(A="Le\x07Goff"), "2:1 control-character"),
    "escape": (changed(B="\x1b[31mAnaïs"), "2:2 control-character"),
    "line break": (changed(B="Anaïs\nMarie"), "2:2 control-character"),
    "text turned round": (changed(A="Le \u202eGoff"), "2:1 control-character"),
    "zero-width space": (changed(A="Le\u200bGoff"), "2:1 control-character"),
    "lost letter": (changed(B="Ana\ufffds"), "2:2 control-character"),
    "long name": (changed(A="L" * 101), "2:1 too-long"),
    "long number": (changed(C="1" * 41), "2:3 too-long"),
    "cell below no title": ([*GOOD, "B2"], "2:8 extra-cell"),
    "formula below no title": ([*GOOD, "", "=A1"], "2:9 formula"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_faulty_cell_is_told_with_its_place(name: str) -> None:
    row, fault = CELLS[name]
    assert told(under_header(row)) == [fault]
    assert parse_roster(under_header(GOOD)), "the rest of the line is sound"


def test_every_fault_is_told_at_once_in_the_order_of_the_file() -> None:
    rows = [
        changed(A="", E="x"),
        changed(C="2", G="a1"),
        changed(C="3", F="peut-être", D="hier", G="A3"),
        changed(G=""),
    ]
    assert told(under_header(*rows)) == [
        "2:1 empty-name",
        "2:5 bad-email",
        "3:7 duplicate-seat",
        "4:4 bad-date",
        "4:6 bad-extra-time",
        "5:3 duplicate-number",
    ]


def test_a_duplicate_says_where_the_first_is() -> None:
    place = re.escape("ligne 3, colonne C (« N° candidat ») : déjà donné à la ligne 2")
    with pytest.raises(RosterError, match=place):
        parse_roster(under_header(changed(C="a12"), changed(C="A12", G="A2")))


def test_no_seat_is_no_duplicate() -> None:
    assert len(parse_roster(under_header(changed(G=""), changed(C="2", G=""))).lines) == 2


def test_a_hundred_percent_beside_totals_means_two_things() -> None:
    rows = [changed(F="100"), changed(C="2", F="133 %", G="")]
    assert told(under_header(*rows)) == ["2:6 ambiguous-extra-time"]
    assert told(under_header(*rows[::-1])) == ["3:6 ambiguous-extra-time"]
    assert parse_roster(under_header(rows[0])).lines[0].extra_percent == 100


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_message_quotes_a_cell(language: Language) -> None:
    secret = "Zzyzx"
    rows = [[f"{secret}\x07"] * 7, [f"={secret}"] * 8, [secret] * 7, [secret] * 7]
    with pytest.raises(RosterError) as caught:
        parse_roster(under_header(*rows))
    assert len(caught.value.problems) > 10
    assert secret not in caught.value.what.in_(language)


def test_a_missing_column_lists_those_found_and_those_known() -> None:
    with pytest.raises(RosterError) as caught:
        parse_roster(as_csv([["Nom", "Prénom", "Numero INE"], GOOD[:3]]))
    message = str(caught.value)
    assert "« N° candidat »" in message
    assert "trouvées : Nom, Prénom, Numero INE" in message
    assert "Date de naissance" in message


FILES: dict[str, tuple[bytes, list[str]]] = {
    "empty": (b"", ["0:0 no-header"]),
    "blank": (b"\r\n \r\n", ["0:0 no-header"]),
    "no header": (as_csv([GOOD]), ["0:0 no-header"]),
    "one title": (as_csv([["Nom", "Vorname"], ["A", "B"]]), ["0:0 no-header"]),
    "two columns missing": (as_csv([["Prénom", "Place"], ["A", "B"]]), ["1:0 missing-column", "1:0 missing-column"]),
    "column twice": (as_csv([[*HEADER, "Poste"], [*GOOD, "B2"]]), ["1:8 duplicate-column"]),
    "nobody": (under_header(), ["0:0 no-candidate"]),
    "neither encoding": (under_header(GOOD).decode().encode("cp1252").replace(b"Goff", b"G\x81ff"), ["2:0 encoding"]),
    "both encodings": (under_header(GOOD).replace(b"Goff", b"G\xe9ff"), ["2:0 encoding"]),
    "broken UTF-8 with its mark": (b"\xef\xbb\xbfNom\r\nG\xe9ff", ["2:0 encoding"]),
    "half a UTF-16 character": (b"\xff\xfeN\x00o", ["1:0 encoding"]),
    "UTF-16 without its mark": (as_csv([HEADER, GOOD], encoding="utf-16-le"), ["0:0 binary"]),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ["0:0 binary"]),
    "open quote": (b'Nom;Pr\xc3\xa9nom;Matricule\r\nA;B;1\r\n"C;D;2\r\nE;F;3\r\n', ["3:0 quotes"]),
    "huge cell": (under_header(changed(A="L" * 200_000)), ["2:0 quotes"]),
    "web page": (b"<html><table><tr><td>Nom</td></tr></table></html>", ["0:0 not-a-table"]),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, ["0:0 other-format"]),
    "too large": (b";" * (MAX_BYTES + 1), ["0:0 too-large"]),
    "too wide": (under_header([*GOOD, *[""] * 121, "x"]), ["2:0 too-wide"]),
    "too wide workbook": (as_xlsx([HEADER, [*GOOD, *[None] * 121, "x"]]), ["2:0 too-wide"]),
    "formulas wide": (under_header(["="] * 128), [f"2:{n} formula" for n in range(1, 129)]),
    "two sheets": (as_xlsx([HEADER, GOOD], [HEADER, GOOD]), ["0:0 several-sheets"]),
    "formula in a workbook": (as_xlsx([HEADER, changed(C="=1+1")]), ["2:3 formula"]),
    "empty workbook": (as_xlsx([]), ["0:0 no-header"]),
    "501 candidates": (
        under_header(*(changed(C=str(n), G="") for n in range(501))),
        ["0:0 too-many"],
    ),
    "a faulty line among 501": (
        under_header(*(changed(C=str(n), G="") for n in range(500)), changed(C="", G="")),
        ["0:0 too-many"],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_faulty_file_is_told(name: str) -> None:
    data, faults = FILES[name]
    assert told(data) == faults


def test_too_many_candidates_are_counted() -> None:
    with pytest.raises(RosterError, match="la liste a 612 candidats ; 500 au plus"):
        parse_roster(under_header(*(changed(C=str(n), G="") for n in range(612))))


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def workbook_with(change: Callable[[str, bytes], bytes], *more: str) -> bytes:
    """A sound workbook whose parts a test changes."""
    with zipfile.ZipFile(io.BytesIO(as_xlsx([HEADER, GOOD]))) as file:
        parts = {name: change(name, file.read(name)) for name in file.namelist()}
    return archive({**parts, **dict.fromkeys(more, b"")})


SHEET = "xl/worksheets/sheet1.xml"


def test_an_opendocument_workbook_is_named() -> None:
    data = archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"})
    assert told(data) == ["0:0 other-format"]
    with pytest.raises(RosterError, match=r"\.ods"):
        parse_roster(data)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    data = workbook_with(lambda name, part: part + b" " * 30_000_000 if name == SHEET else part)
    assert len(data) < MAX_BYTES
    assert told(data) == ["0:0 too-large"]
    assert told(workbook_with(lambda _name, part: part, *(f"p{n}" for n in range(1000)))) == ["0:0 too-large"]
    styled = workbook_with(lambda _name, part: part.replace(b"</cellXfs>", b"<xf/>" * 600_000 + b"</cellXfs>"))
    assert told(styled) == ["0:0 too-large"]


def test_entities_are_refused() -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    assert told(workbook_with(lambda name, part: entity + part if name == SHEET else part)) == ["0:0 damaged"]


def test_rows_far_below_are_read_or_bounded() -> None:
    def far(name: str, part: bytes) -> bytes:
        row = b'<row r="1000000"><c r="A1000000" t="inlineStr"><is><t>Seul</t></is></c></row>'
        return part.replace(b"</sheetData>", row + b"</sheetData>") if name == SHEET else part

    assert told(workbook_with(far)) == ["1000000:2 empty-name", "1000000:3 empty-number"]


def test_a_wide_dimension_costs_nothing() -> None:
    def wide(name: str, part: bytes) -> bytes:
        return part.replace(b'ref="A1:G2"', b'ref="A1:XFD1048576"') if name == SHEET else part

    data = workbook_with(wide)
    assert data != workbook_with(lambda _name, part: part), "the dimension is changed"
    assert len(parse_roster(data).lines) == 1


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml", SHEET])
def test_a_damaged_part_is_a_damaged_workbook(part: str) -> None:
    assert told(workbook_with(lambda name, data: data[:50] if name == part else data)) == ["0:0 damaged"]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(RosterError) as caught:
            read_roster(path)
        assert [problem.code for problem in caught.value.problems] == ["unreadable"]


def test_the_error_names_the_file_and_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "candidats.csv"
    path.write_bytes(under_header(changed(A=""), changed(C="", G="")))
    with pytest.raises(RosterError) as caught:
        read_roster(path)
    assert caught.value.where == "candidats.csv"
    assert caught.value.exit_code == 3
    assert str(caught.value).startswith("Cette liste de candidats a 2 fautes :\n  ligne 2, colonne A (« Nom ») : ")
    assert "Corrigez la liste" in str(caught.value)


def test_every_code_is_in_the_documentation() -> None:
    page = (Path(__file__).parents[3] / "docs" / "roster.md").read_text(encoding="utf-8")
    codes = {fault.split()[1] for _, faults in FILES.values() for fault in faults}
    codes |= {fault.split()[1] for _, fault in CELLS.values()}
    codes |= {"duplicate-number", "duplicate-seat", "ambiguous-extra-time", "damaged", "unreadable"}
    assert {code for code in codes if f"`{code}`" not in page} == set()
