"""Opening and transactions: what is committed stays, what is not never was, and every refusal says what to do."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from labs.errors import EpreuveError
from orchestrator.store import RecordError, Store, StoreBusyError, StoreError, StoreFullError, open_store
from orchestrator.store.errors import explained
from orchestrator.store.exams import list_sessions, load, save_document
from orchestrator.store.journal import entries, verify
from tests.unit.store.sample import new_session, say, with_session


def test_the_database_and_the_files_beside_it_are_private(store: Store) -> None:
    with_session(store)
    files = sorted(store.path.parent.iterdir())
    assert {file.name for file in files} == {"epreuve.db", "epreuve.db-wal", "epreuve.db-shm", "epreuve.db.lock"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_what_is_committed_is_on_the_disk_and_references_are_kept(store: Store) -> None:
    with store.write() as tx:
        settings = {
            name: tx.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "temp_store")
        }
    full, on, memory = 2, 1, 2
    assert settings == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": on,
        "secure_delete": on,
        "temp_store": memory,
    }


def test_a_store_is_found_again(tmp_path: Path) -> None:
    with open_store(tmp_path / "data" / "epreuve.db") as store:
        with_session(store)
    with open_store(tmp_path / "data" / "epreuve.db") as store, store.read() as tx:
        assert load(tx, "juin") == new_session()


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    with_session(store)
    with pytest.raises(KeyboardInterrupt), store.write() as tx:  # noqa: PT012 (the block is the subject)
        save_document(tx, "juin", "running", "{}")
        say(tx)
        raise KeyboardInterrupt
    with store.read() as tx:
        assert load(tx, "juin") == new_session()
        assert entries(tx, "juin") == []


def test_a_reader_can_never_write_and_a_writer_can_afterwards(store: Store) -> None:
    with_session(store)
    with pytest.raises(StoreError), store.read() as tx:
        save_document(tx, "juin", "running", "{}")
    with store.write() as tx:  # the same pooled connection
        assert load(tx, "juin").state == "draft"
        save_document(tx, "juin", "running", "{}")
    with store.read() as tx:
        assert load(tx, "juin").state == "running"


def test_a_reader_sees_one_moment_and_does_not_wait_for_the_writer(store: Store) -> None:
    with_session(store)
    with store.read() as reader:
        assert load(reader, "juin").state == "draft"
        with store.write() as writer:
            save_document(writer, "juin", "running", "{}")
        assert load(reader, "juin").state == "draft"
    with store.read() as reader:
        assert load(reader, "juin").state == "running"


def test_threads_of_one_store_lose_nothing(store: Store) -> None:
    with_session(store)
    together = threading.Barrier(8)

    def work(number: int) -> None:
        together.wait()
        for _ in range(10):
            with store.write() as tx:
                say(tx, data={"thread": number})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    with store.read() as tx:
        assert len(entries(tx, "juin")) == 80
        assert verify(tx, "juin") == []


def test_more_readers_at_once_than_a_pool_usually_holds(store: Store) -> None:
    together = threading.Barrier(24)

    def work(_: int) -> int:
        with store.read() as tx:
            together.wait(timeout=120)
            return len(list_sessions(tx))

    with ThreadPoolExecutor(24) as pool:
        assert list(pool.map(work, range(24))) == [0] * 24


def test_a_writer_that_waits_too_long_is_told(store: Store) -> None:
    with (
        open_store(store.path, busy_timeout_s=0.05) as other,
        store.write(),
        pytest.raises(StoreBusyError) as caught,
        other.write(),
    ):
        pass
    assert caught.value.do is not None
    with store.write() as tx:  # and nothing is held for ever
        tx.exec_driver_sql("SELECT 1")


def test_a_full_disk_loses_what_was_not_committed_only(store: Store) -> None:
    with_session(store)
    with store.write() as tx:
        say(tx)
    with pytest.raises(StoreFullError) as caught, store.write() as tx:  # noqa: PT012
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.exec_driver_sql(f"PRAGMA max_page_count={pages + 3}")
        say(tx)
        save_document(tx, "juin", "running", "x" * 100_000)
    assert "place" in caught.value.what.fr
    with store.write() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count=1000000")
        assert load(tx, "juin").state == "draft"
        assert len(entries(tx, "juin")) == 1
        say(tx)
        assert verify(tx, "juin") == []


def _text(path: Path) -> None:
    path.write_text("nom;prénom\n" * 500, encoding="utf-8")


def _of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")


def _directory(path: Path) -> None:
    path.mkdir()


def _cut_off(path: Path) -> None:
    with open_store(path) as store:
        with_session(store)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 3])


@pytest.mark.parametrize("make", [_text, _of_another_program, _directory, _cut_off])
def test_a_file_that_is_none_of_ours_is_refused_and_not_touched(make: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "epreuve.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    mode = path.stat().st_mode
    with pytest.raises(StoreError) as caught:
        open_store(path)
    assert str(path) in caught.value.where
    assert caught.value.do is not None
    assert (path.read_bytes() if path.is_file() else None) == before
    assert path.stat().st_mode == mode


def test_a_place_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError):
        open_store(tmp_path / "file" / "epreuve.db")


def test_a_read_only_database_is_told_as_such(store: Store) -> None:
    with (
        closing(sqlite3.connect(f"{store.path.as_uri()}?mode=ro", uri=True)) as driver,
        pytest.raises(StoreError) as caught,
        explained(store.path),
    ):
        driver.execute("DELETE FROM session")
    assert "écriture" in caught.value.what.fr


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    (tmp_path / "epreuve.db").touch()  # as a program killed while it made it leaves it
    with open_store(tmp_path / "epreuve.db") as store, store.read() as tx:
        assert list_sessions(tx) == []


def test_a_statement_that_is_wrong_never_shows_its_values(store: Store) -> None:
    with pytest.raises(EpreuveError) as caught, store.write() as tx:
        tx.exec_driver_sql("INSERT INTO candidate VALUES (?, ?)", ("c01", "Le Goff"))
    chain = [caught.value, caught.value.__cause__]
    assert isinstance(chain[1], DBAPIError)
    assert "Le Goff" not in "".join(map(str, chain))


def test_an_unknown_session_is_refused_by_the_database(store: Store) -> None:
    with pytest.raises(RecordError), store.write() as tx:
        say(tx, "nulle-part")
