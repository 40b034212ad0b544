"""The journal: what was written is what is read, and nothing can be changed unseen."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labs.errors import EpreuveError
from orchestrator.store import Store, StoreError, open_store
from orchestrator.store.journal import GENESIS, append, entries, head, verify
from tests.unit.store.sample import NOON, say, with_session

DOC = Path(__file__).parents[3] / "docs" / "journal.md"
TRIGGERS = ("journal_no_update", "journal_no_delete", "journal_next_only")
COLUMNS = ("session", "seq", "at", "recorded_at", "who", "kind", "candidate", "why", "data", "prev_hash", "hash")

texts = st.text(st.characters(codec="utf-8"), max_size=30)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-(2.0**53), 2.0**53)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.fixture
def journalled(store: Store) -> Store:
    """Two sessions, five entries each, written in turns."""
    with_session(store)
    with_session(store, "juillet")
    for number in range(5):
        with store.write() as tx:
            say(tx, at=NOON + timedelta(minutes=number), data={"n": number})
            say(tx, "juillet", candidate=None, data={})
    return store


def test_each_session_has_a_chain_of_its_own(journalled: Store) -> None:
    with journalled.read() as tx:
        written = entries(tx, "juin")
        assert [entry.seq for entry in written] == [1, 2, 3, 4, 5]
        assert [entry.prev_hash for entry in written] == [GENESIS, *(entry.hash for entry in written[:-1])]
        assert head(tx, "juin") == (5, written[-1].hash)
        assert head(tx, "jamais") == (0, GENESIS)
        assert verify(tx, "juin") == verify(tx, "juillet") == verify(tx, "jamais") == []


def test_entries_are_read_in_parts(journalled: Store) -> None:
    with journalled.read() as tx:
        assert [entry.seq for entry in entries(tx, "juin", after=2)] == [3, 4, 5]
        assert [entry.seq for entry in entries(tx, "juin", after=2, limit=2)] == [3, 4]
        assert entries(tx, "juin", after=5) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(texts, texts, st.none() | texts, st.dictionaries(texts, values, max_size=4), instants)
def test_whatever_is_said_is_read_back_and_verifies(
    journalled: Store, who: str, why: str, candidate: str | None, data: dict[str, object], at: datetime
) -> None:
    with journalled.write() as tx:
        said = append(tx, "juin", at=at, who=who, kind="k", candidate=candidate, why=why, data=data)
    with journalled.read() as tx:
        (read,) = entries(tx, "juin", after=said.seq - 1)
        assert read == said
        assert (read.who, read.why, read.candidate, read.at, read.data) == (who, why, candidate, at, data)
        assert verify(tx, "juin") == []


def test_an_instant_is_one_text_whatever_its_time_zone(store: Store) -> None:
    with_session(store)
    paris = timezone(timedelta(hours=2))
    with store.write() as tx:
        assert say(tx, at=datetime(2026, 6, 15, 14, 0, tzinfo=paris)).at == NOON
        assert tx.exec_driver_sql("SELECT at FROM journal").scalar_one() == "2026-06-15T12:00:00.000000Z"


@pytest.mark.parametrize(
    "changes",
    [{"why": "\ud800"}, {"data": {"n": 2**60}}, {"data": {"n": float("nan")}}, {"data": {"at": NOON}}, {"who": b"x"}],
)
def test_what_cannot_be_hashed_is_refused(store: Store, changes: dict[str, object]) -> None:
    with_session(store)
    with pytest.raises(StoreError) as caught, store.write() as tx:
        say(tx, **changes)
    assert caught.value.do is not None
    with store.read() as tx:
        assert entries(tx, "juin") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET why = 'rien' WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 5",
        "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE session = 'juin' AND seq = 2",
        "INSERT INTO journal SELECT session, 9, at, recorded_at, who, kind, candidate, why, data, prev_hash, hash"
        " FROM journal WHERE session = 'juin' AND seq = 5",
        "DELETE FROM session WHERE slug = 'juin'",
    ],
)
def test_the_database_itself_refuses_to_change_a_journal(journalled: Store, statement: str) -> None:
    with pytest.raises(EpreuveError), journalled.write() as tx:
        tx.exec_driver_sql(statement)
    with journalled.read() as tx:
        assert len(entries(tx, "juin")) == 5
        assert verify(tx, "juin") == []


def tampered(store: Store, *statements: str) -> None:
    """As by an administrator who takes the triggers away first."""
    with closing(sqlite3.connect(store.path)) as driver, driver:
        for trigger in TRIGGERS:
            driver.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            driver.execute(statement)


def found(store: Store) -> list[tuple[int, str]]:
    with store.read() as tx:
        problems = verify(tx, "juin")
        assert verify(tx, "juillet") == []
    assert all(str(problem.seq) in problem.text.fr for problem in problems)
    return [(problem.seq, problem.kind) for problem in problems]


def rehash(store: Store, seq: int, *, whole: bool = False) -> str:
    """The hash that an entry as it now stands would have. whole: as entries were hashed at first."""
    with closing(sqlite3.connect(store.path)) as driver:
        row = driver.execute(
            f"SELECT {', '.join(COLUMNS[:-1])} FROM journal WHERE session = 'juin' AND seq = ?",  # noqa: S608
            [seq],
        ).fetchone()
    entry = dict(zip(COLUMNS, row, strict=False))
    return _sha(entry) if whole else _sha({"prev_hash": entry.pop("prev_hash"), "entry": _sha(entry)})


def _sha(value: dict[str, object]) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def test_entries_that_were_hashed_whole_still_verify(journalled: Store) -> None:
    before = GENESIS
    for seq in range(1, 6):
        tampered(journalled, f"UPDATE journal SET prev_hash = '{before}' WHERE session = 'juin' AND seq = {seq}")  # noqa: S608
        before = rehash(journalled, seq, whole=seq < 4)
        tampered(journalled, f"UPDATE journal SET hash = '{before}' WHERE session = 'juin' AND seq = {seq}")  # noqa: S608
    assert found(journalled) == []
    tampered(journalled, "UPDATE journal SET why = 'autre' WHERE session = 'juin' AND seq = 2")
    assert found(journalled) == [(2, "altered")]


@pytest.mark.parametrize("column", [column for column in COLUMNS if column not in ("session", "seq", "prev_hash")])
def test_an_altered_entry_is_found(journalled: Store, column: str) -> None:
    tampered(journalled, f"UPDATE journal SET {column} = {column} || ' ' WHERE session = 'juin' AND seq = 3")  # noqa: S608
    problems = found(journalled)
    assert (3, "altered") in problems
    assert {seq for seq, _ in problems} <= {3, 4}


def test_a_value_of_another_type_is_an_altered_entry(journalled: Store) -> None:
    tampered(journalled, "UPDATE journal SET data = x'00ff', at = 7 WHERE session = 'juin' AND seq = 3")
    assert found(journalled) == [(3, "altered")]
    with pytest.raises(StoreError), journalled.read() as tx:
        entries(tx, "juin")


def test_an_entry_altered_and_hashed_anew_breaks_the_chain(journalled: Store) -> None:
    tampered(journalled, "UPDATE journal SET why = 'autre' WHERE session = 'juin' AND seq = 3")
    tampered(journalled, f"UPDATE journal SET hash = '{rehash(journalled, 3)}' WHERE session = 'juin' AND seq = 3")  # noqa: S608
    assert found(journalled) == [(4, "chain")]


def test_a_missing_entry_is_a_gap(journalled: Store) -> None:
    tampered(journalled, "DELETE FROM journal WHERE session = 'juin' AND seq = 3")
    assert found(journalled) == [(4, "gap")]


def test_a_missing_beginning_is_a_gap(journalled: Store) -> None:
    tampered(journalled, "DELETE FROM journal WHERE session = 'juin' AND seq < 3")
    assert found(journalled) == [(3, "gap")]


def test_entries_that_changed_places_are_found(journalled: Store) -> None:
    tampered(
        journalled,
        "UPDATE journal SET seq = 99 WHERE session = 'juin' AND seq = 2",
        "UPDATE journal SET seq = 2 WHERE session = 'juin' AND seq = 3",
        "UPDATE journal SET seq = 3 WHERE session = 'juin' AND seq = 99",
    )
    problems = found(journalled)
    assert {(2, "altered"), (3, "altered"), (2, "order"), (3, "order")} <= set(problems)


def test_a_cut_off_end_shows_against_the_head_that_was_printed(journalled: Store) -> None:
    with journalled.read() as tx:
        printed = head(tx, "juin")
    tampered(journalled, "DELETE FROM journal WHERE session = 'juin' AND seq = 5")
    with journalled.read() as tx:
        assert verify(tx, "juin") == []  # as docs/journal.md says
        assert head(tx, "juin") != printed


def _nothing(store: Store) -> None:
    tampered(store)


def _alter(store: Store) -> None:
    tampered(store, "UPDATE journal SET who = 'autre' WHERE session = 'juin' AND seq = 4")


def _remove(store: Store) -> None:
    tampered(store, "DELETE FROM journal WHERE session = 'juin' AND seq = 4")


def _relink(store: Store) -> None:
    tampered(store, f"UPDATE journal SET prev_hash = '{GENESIS}' WHERE session = 'juin' AND seq = 4")  # noqa: S608


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_nothing, None),
        (_alter, "entry 4: was altered"),
        (_remove, "entry 5: entries are missing"),
        (_relink, "entry 4: does not follow"),
    ],
)
def test_the_program_in_the_documentation_verifies_a_journal(
    tmp_path: Path, change: Callable[[Store], None], says: str | None
) -> None:
    found_code = re.search(r"```python\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    assert found_code
    script = tmp_path / "verify.py"
    script.write_text(found_code.group(1), encoding="utf-8")
    assert len(found_code.group(1).splitlines()) <= 20
    with open_store(tmp_path / "epreuve.db") as store:
        with_session(store)
        with_session(store, "juillet")
        for why in ('\x00\x07\x1f\x7f"\\/\n\t', "é 😀  ", "<>&'", "", "fin"):
            with store.write() as tx:
                last = say(tx, why=why, candidate=None, data={"é": [1.5, 1e21, -0.0, "\n"]})
        change(store)
        done = subprocess.run(
            [sys.executable, "-I", str(script), str(store.path), "juin"], capture_output=True, text=True, check=False
        )
    if says is None:
        assert (done.stderr, done.returncode) == ("", 0)
        assert done.stdout.strip() == f"5 entries, as written. Head: {last.hash}"
    else:
        assert done.returncode == 1
        assert says in done.stderr
