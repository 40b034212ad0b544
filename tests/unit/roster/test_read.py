"""Rosters as schools export them are read, whatever wrote them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from orchestrator.roster import MAX_CANDIDATES, Roster, parse_roster, read_roster
from orchestrator.roster.columns import COLUMNS, folded
from tests.unit.roster.samples import DELIMITERS, ENCODINGS, HEADER, as_csv, as_xlsx, one

ROOT = Path(__file__).parents[3]
ROWS = [
    HEADER,
    ["Le Goff", "Anaïs", "0042", "03/02/2004", "anais@exemple.fr", "oui", "A1"],
    ["N'Diaye; dit Koné", 'Jean-"Jo"', "0043", "", "", "", ""],
    ["Müller, de La Tour", "Zoë", "0044", "2003-12-31", "", "20 %", "A3"],
]


def test_every_column_is_read() -> None:
    first, second, third = parse_roster(as_csv(ROWS)).lines
    assert first.surname == "Le Goff"
    assert first.first_name == "Anaïs"
    assert first.number == "0042"
    assert first.birth_date == date(2004, 2, 3)
    assert first.email == "anais@exemple.fr"
    assert first.extra_time == "tiers"
    assert first.seat == "A1"
    assert first.line == 2
    assert (second.surname, second.first_name) == ("N'Diaye; dit Koné", 'Jean-"Jo"')
    assert (second.birth_date, second.email, second.extra_time, second.seat) == (None, None, Decimal(0), None)
    assert (third.birth_date, third.extra_time) == (date(2003, 12, 31), Decimal(20))


@pytest.mark.parametrize("encoding", [*ENCODINGS, "utf-16-le with its mark", "utf-16-be with its mark"])
@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_every_encoding_and_delimiter_reads_the_same(encoding: str, delimiter: str) -> None:
    codec, _, mark = encoding.partition(" ")
    data = as_csv(ROWS, delimiter=delimiter, encoding=codec)
    if mark:
        data = "\ufeff".encode(codec) + data
    assert parse_roster(data) == parse_roster(as_csv(ROWS))


def test_bytes_of_windows_1252_are_seen() -> None:
    data = b"Nom;Pr\xe9nom;N\xb0 candidat\r\nLe\xa0Goff;Ana\xefs;1\r\n"
    line = parse_roster(data).lines[0]
    assert (line.surname, line.first_name) == ("Le Goff", "Anaïs")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(end: str) -> None:
    assert parse_roster(as_csv(ROWS, end=end)) == parse_roster(as_csv(ROWS))


def test_a_workbook_reads_like_a_csv() -> None:
    assert parse_roster(as_xlsx(ROWS)) == parse_roster(as_csv(ROWS))


def test_a_workbook_shows_numbers_dates_and_percentages() -> None:
    data = as_xlsx(
        [
            [*HEADER, "Présent"],
            ["A", "B", 42.0, datetime(2004, 2, 3, tzinfo=None), None, 0.3333, 12, True],  # noqa: DTZ001 - as Excel has it
            ["C", "D", 43, date(2004, 2, 4), None, 1.2, "12 bis", False],
            ["E", "F", "44", "05/02/2004", None, 33.333333333333336, 14.5, None],
            ["G", "H", 45, None, None, True, None, None],
        ],
        formats={"F2": "0%", "F3": "0.00%", "C3": "00000"},
    )
    lines = parse_roster(data).lines
    assert [line.number for line in lines] == ["42", "00043", "44", "45"]
    assert [line.birth_date for line in lines] == [date(2004, 2, 3), date(2004, 2, 4), date(2004, 2, 5), None]
    assert [line.extra_time for line in lines] == ["tiers", Decimal(20), "tiers", "tiers"]
    assert [line.seat for line in lines] == ["12", "12 bis", "14.5", None]


def test_titles_blank_lines_and_empty_columns_do_no_harm() -> None:
    rows = [
        ["sep=;"],
        ["Lycée – session de juin", "", "", "", ""],
        ["- tirage du jour -"],
        [],
        ["Nom ", "\u00a0PRÉNOM", "n°\ncandidat", "Observations", ""],
        ["", " ", "\u00a0", "", ""],
        ["Le Goff", "Anaïs", "1", "née à Brest", "", ""],
        [],
        ["Nom ", "\u00a0PRÉNOM", "n°\ncandidat", "Observations", ""],
        ["Martin", "Léo", "2"],
    ]
    roster = parse_roster(as_csv(rows))
    assert [(line.surname, line.line) for line in roster.lines] == [("Le Goff", 8), ("Martin", 12)]
    assert roster.ignored_columns == ("Observations",)


def test_the_sheet_that_holds_the_roster_is_found() -> None:
    notes = [["À lire"], ["Nom du centre", "Brest"]]
    assert parse_roster(as_xlsx(notes, ROWS)).lines == parse_roster(as_xlsx(ROWS)).lines


FOUND_IN_THE_WILD = {
    "surname": ["Nom", "NOM DE FAMILLE", "Nom de naissance", "nom du candidat", "Surname", "Last  name"],
    "first_name": ["Prénom", "PRENOM", "Prénom(s)", "Prénoms", "First name", "first_name"],
    "number": [
        "N° candidat",
        "Nº candidat",
        "No candidat",
        "Num. candidat",
        "Numéro",
        "Candidat n°",
        "N°",
        "MATRICULE",
    ],
    "birth_date": ["Date de naissance", "Né(e) le", "Né·e le", "DATE NAISSANCE (JJ/MM/AAAA)", "Date of birth"],
    "email": ["Courriel", "E-mail", "Mail", "e.mail", "Adresse e-mail", "Mél"],
    "extra_time": ["Tiers-temps", "TIERS TEMPS", "Temps majoré", "Aménagement", "Majoration (%)", "Extra time"],
    "seat": ["Place", "Poste", "Table", "N° de place", "Seat"],
}


@pytest.mark.parametrize(
    ("name", "title"), [(name, title) for name, all_ in FOUND_IN_THE_WILD.items() for title in all_]
)
def test_titles_found_in_the_wild_are_known(name: str, title: str) -> None:
    assert folded(title) in COLUMNS[name].names


def test_no_title_means_two_things() -> None:
    names = [name for column in COLUMNS.values() for name in column.names]
    assert len(names) == len(set(names))
    assert all(folded(name) == name for name in names), "a name that is not folded is never found"


@pytest.mark.parametrize(
    "text",
    [
        *["oui", "OUI", "Yes", "tiers", "Un tiers", "tiers-temps", "1/3"],
        *["33", "33 %", "33%", "33,3", "33,33", "33.333333", "133 %", "133,33", "133"],
    ],
)
def test_a_third_is_exactly_a_third(text: str) -> None:
    line = one(**{"Tiers-temps": text})
    assert line.extra_time == "tiers"
    assert line.extra_share == Fraction(1, 3)
    assert line.extra_percent == Decimal("33.33")


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        *[(text, "0") for text in ("", "non", "No", "0", "0 %")],
        *[("20", "20"), ("20,5 %", "20.5"), ("25\u00a0%", "25"), ("33,34", "33.34"), ("50", "50"), ("100", "100")],
        *[("120 %", "20"), ("150", "50"), ("200 %", "100")],
    ],
)
def test_extra_time_is_what_is_added(text: str, percent: str) -> None:
    line = one(**{"Tiers-temps": text})
    assert line.extra_time == line.extra_percent == Decimal(percent)
    assert line.extra_share == Fraction(percent) / 100


@pytest.mark.parametrize(
    "text", ["3/2/2004", "03/02/2004", "03.02.2004", "03-02-2004", "2004-02-03", "03/02/2004 00:00"]
)
def test_dates_are_read_as_french_people_write_them(text: str) -> None:
    assert one(**{"Né(e) le": text}).birth_date == date(2004, 2, 3)


def test_names_are_composed_and_spaced_alike() -> None:
    line = one(Nom="  de\u00a0La\u202f  Tour ", Prénom="Zoe\u0308")
    assert (line.surname, line.first_name) == ("de La Tour", "Zoë")


def test_a_number_is_a_text_and_signs_may_begin_it() -> None:
    assert one(**{"N° candidat": "-12"}).number == "-12"
    assert one(Téléphone="+33 6 12 34 56 78").number == "0042"


def test_candidates_have_short_ids_in_the_order_of_the_file() -> None:
    rows = [HEADER, *(["Nom", f"P{n}", str(1000 - n), "", "", "", ""] for n in range(120))]
    candidates = parse_roster(as_csv(rows)).candidates()
    ids = list(candidates)
    assert (ids[0], ids[98], ids[99], ids[119]) == ("c01", "c99", "c100", "c120")
    assert candidates["c01"].number == "1000"
    assert candidates["c120"].line == 121


def test_five_hundred_candidates_are_a_roster() -> None:
    rows = [HEADER, *(["Nom", "P", str(n), "", "", "", ""] for n in range(MAX_CANDIDATES))]
    assert len(parse_roster(as_csv(rows)).lines) == len(parse_roster(as_xlsx(rows)).lines) == 500


def test_a_roster_survives_json() -> None:
    roster = parse_roster(as_csv(ROWS))
    assert Roster.model_validate_json(roster.model_dump_json()) == roster


def test_the_template_is_a_roster() -> None:
    lines = read_roster(ROOT / "docs" / "examples" / "candidats.csv").lines
    assert {line.extra_time for line in lines} == {"tiers", Decimal(0)}
    assert all(line.seat and line.email and line.birth_date for line in lines)
