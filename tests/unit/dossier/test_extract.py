"""An extract of the journal shows one candidate's part, and proves that it is part of the whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestrator.dossier.extract import NoExtract, read_extract, write_extract
from orchestrator.store import journal, open_store
from tests.unit.store.sample import say, with_session

WHO = ("c01", None, "c02", "c02", "c01", "c03", None, "c02")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """A journal of three candidates, by columns."""
    path: Path = tmp_path_factory.mktemp("store") / "epreuve.db"
    with open_store(path) as store:
        with_session(store)
        for number, candidate in enumerate(WHO):
            with store.write() as tx:
                at = datetime(2026, 6, 15, 9, number, tzinfo=UTC)
                say(tx, candidate=candidate, why=f"motif de {candidate}", data={"n": number}, at=at)
        with store.read() as tx:
            return journal.columns_of(tx, "juin")


def lines(content: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in content.splitlines()]


def test_it_shows_one_candidates_part_and_leads_to_the_head_of_the_whole(whole: list[dict[str, object]]) -> None:
    content = write_extract(whole, "c01")
    found = read_extract(content, "juin", "c01")
    assert [entry["seq"] for entry in found.shown] == [1, 2, 5, 7]
    assert (found.head.seq, found.head.hash) == (8, whole[-1]["hash"])
    for other in (b'"c02"', b'"c03"', b"motif de c02"):
        assert other not in content


def test_all_candidates_extracts_lead_to_one_head_and_show_the_whole(whole: list[dict[str, object]]) -> None:
    extracts = [read_extract(write_extract(whole, who), "juin", who) for who in ("c01", "c02", "c03")]
    assert len({one.head.hash for one in extracts}) == 1
    assert {entry["seq"] for one in extracts for entry in one.shown} == set(range(1, 9))


def _drop(at: int) -> Callable[[list[bytes]], list[bytes]]:
    return lambda found: [line for number, line in enumerate(found) if number != at]


def _swap(found: list[bytes]) -> list[bytes]:
    return [found[1], found[0], *found[2:]]


def _say_other(found: list[bytes]) -> list[bytes]:
    return [found[0].replace(b"motif de c01", b"autre motif"), *found[1:]]


def _spaced(found: list[bytes]) -> list[bytes]:
    return [found[0].replace(b'":', b'": ', 1), *found[1:]]


@pytest.mark.parametrize(
    ("change", "line"),
    [(_drop(0), 1), (_drop(2), 3), (_drop(4), 5), (_swap, 1), (_say_other, 1), (_spaced, 1), (lambda _: [], 1)],
)
def test_what_was_changed_is_found_at_its_line(
    whole: list[dict[str, object]], change: Callable[[list[bytes]], list[bytes]], line: int
) -> None:
    changed = change(write_extract(whole, "c01").splitlines(keepends=True))
    with pytest.raises(NoExtract) as caught:
        read_extract(b"".join(changed), "juin", "c01")
    assert caught.value.line == line


def test_a_veiled_entry_cannot_be_another_one(whole: list[dict[str, object]]) -> None:
    """Its digest is part of the chain: with another one, the next entry that is shown does not follow."""
    content = write_extract(whole, "c01").replace(b'{"entry":"', b'{"entry":"0000', 1)
    broken = b"\n".join(line if b"0000" not in line[:15] else line[:74] + line[78:] for line in content.split(b"\n"))
    with pytest.raises(NoExtract) as caught:
        read_extract(broken, "juin", "c01")
    assert caught.value.line == 5


def test_a_cut_off_end_leads_to_another_head(whole: list[dict[str, object]]) -> None:
    cut = b"".join(write_extract(whole, "c01").splitlines(keepends=True)[:-1])
    assert read_extract(cut, "juin", "c01").head.seq == 7
    with pytest.raises(NoExtract):
        read_extract(write_extract(whole, "c01")[:-1], "juin", "c01")


def test_another_candidates_extract_is_not_mine(whole: list[dict[str, object]]) -> None:
    with pytest.raises(NoExtract):
        read_extract(write_extract(whole, "c02"), "juin", "c01")
