"""Whatever bytes come, a roster or a RosterError; and a roster reads the same however it is written."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestrator.roster import Roster, RosterError, parse_roster
from tests.unit.roster.samples import DELIMITERS, ENCODINGS, HEADER, as_csv, as_xlsx

WORKBOOK = as_xlsx([HEADER, ["Le Goff", "Anaïs", "1", "03/02/2004", "", "oui", "A1"]])


def outcome(data: bytes) -> Roster | RosterError:
    """What becomes of a file; any other exception fails the test."""
    try:
        return parse_roster(data)
    except RosterError as error:
        return error


def is_told(result: Roster | RosterError) -> bool:
    """A roster has candidates; an error has faults, and words for each in both languages."""
    if isinstance(result, Roster):
        return len(result.lines) > 0
    return len(result.problems) > 0 and all(p.text().fr and p.text().en for p in result.problems)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=300))
@example(b"\xff\xfe")
@example(b"PK\x03\x04")
@example(b'"')
def test_any_bytes(data: bytes) -> None:
    assert is_told(outcome(data))


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=200), st.sampled_from([*ENCODINGS, "utf-16-be"]), st.sampled_from(DELIMITERS))
def test_any_bytes_below_a_header(data: bytes, encoding: str, delimiter: str) -> None:
    assert is_told(outcome(as_csv([HEADER], encoding=encoding, delimiter=delimiter) + data))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(st.text(max_size=12), max_size=9), max_size=5), st.sampled_from(DELIMITERS))
def test_any_cells_below_a_header(rows: list[list[str]], delimiter: str) -> None:
    assert is_told(outcome(as_csv([HEADER, *rows], delimiter=delimiter)))


@settings(deadline=None, max_examples=150)
@given(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=8), st.booleans())
def test_any_damage_to_a_workbook(place: int, damage: bytes, cut: bool) -> None:
    data = WORKBOOK[:place] + damage + (b"" if cut else WORKBOOK[place + len(damage) :])
    assert is_told(outcome(data))


VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.dates(), st.datetimes(), st.times()
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(VALUES, min_size=1, max_size=8), min_size=1, max_size=3))
def test_any_values_in_a_workbook(rows: list[list[Any]]) -> None:
    assert is_told(outcome(as_xlsx([HEADER, *rows])))


LETTERS = st.text("abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûüÿABCÉÈÀ", min_size=1, max_size=12)
"""Letters that Windows-1252 has too, and none whose bytes could together pass for UTF-8."""

NAMES = st.builds(str.join, st.sampled_from([" ", "-", "'", ", ", "; "]), st.lists(LETTERS, min_size=1, max_size=3))

CANDIDATES = st.lists(
    st.tuples(
        NAMES,
        NAMES,
        st.text("0123456789ABC", min_size=1, max_size=10),
        st.dates(min_value=date(1930, 1, 1), max_value=date(2012, 1, 1)).map(lambda day: f"{day:%d/%m/%Y}"),
        st.sampled_from(["", "a.b@exemple.fr"]),
        st.sampled_from(["", "oui", "20 %", "33,33", "150 %"]),
        st.just(""),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda cells: cells[2],
)


@settings(deadline=None, max_examples=100)
@given(
    candidates=CANDIDATES,
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(DELIMITERS),
    end=st.sampled_from(["\n", "\r\n"]),
    order=st.permutations(range(len(HEADER))),
)
def test_a_roster_reads_the_same_however_it_is_written(
    candidates: list[tuple[str, ...]], encoding: str, delimiter: str, end: str, order: list[int]
) -> None:
    plain = parse_roster(as_csv([HEADER, *candidates]))
    assert [(line.surname, line.first_name, line.number) for line in plain.lines] == [cells[:3] for cells in candidates]
    rows = [[row[place] for place in order] for row in [HEADER, *candidates]]
    assert parse_roster(as_csv(rows, delimiter=delimiter, encoding=encoding, end=end)) == plain
