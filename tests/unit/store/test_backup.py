"""Backups: consistent while others write, verified, private; restored only over a database that nobody uses."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import signal
import threading
from pathlib import Path

import pytest

from orchestrator.store import Store, StoreBusyError, StoreError, open_store
from orchestrator.store.backup import backup, restore
from orchestrator.store.copying import kept_aside
from orchestrator.store.exams import load, save_document
from orchestrator.store.journal import entries, verify
from tests.unit.store.sample import say, with_session
from tests.unit.store.test_journal import tampered


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A closed database with one session in state ``draft`` and one entry."""
    path = tmp_path / "epreuve.db"
    with open_store(path) as store:
        with_session(store)
        with store.write() as tx:
            say(tx)
    return path


def state(path: Path) -> str:
    with open_store(path) as store, store.read() as tx:
        assert verify(tx, "juin") == []
        return load(tx, "juin").state


def set_state(path: Path, value: str) -> None:
    with open_store(path) as store, store.write() as tx:
        save_document(tx, "juin", value, "{}")


def test_there_and_back(data: Path, tmp_path: Path) -> None:
    with open_store(data) as store:
        made = backup(store, tmp_path / "copie.db")
    assert (made.sessions, made.problems, made.size) == (1, (), made.path.stat().st_size)
    assert made.path.stat().st_mode & 0o777 == 0o600
    set_state(data, "running")
    restored = restore(made.path, data)
    assert state(data) == "draft"
    assert data.stat().st_mode & 0o777 == 0o600
    assert restored.replaced is not None
    assert kept_aside(data) == [restored.replaced]
    assert state(restored.replaced) == "running"
    assert state(made.path) == "draft"


def test_a_backup_taken_while_others_write_is_one_moment(data: Path, tmp_path: Path) -> None:
    done, began = threading.Event(), threading.Event()

    def write(store: Store) -> None:
        while not done.is_set():
            with store.write() as tx:
                seq = say(tx).seq
                save_document(tx, "juin", str(seq), "{}")
            began.set()

    with open_store(data) as store:
        writer = threading.Thread(target=write, args=(store,))
        writer.start()
        try:
            assert began.wait(timeout=120)
            made = [backup(store, tmp_path / f"copie-{number}.db") for number in range(3)]
        finally:
            done.set()
            writer.join()
    for one in made:
        assert one.problems == ()
        with open_store(one.path) as copy, copy.read() as tx:
            assert load(tx, "juin").state == str(len(entries(tx, "juin")))


def test_a_backup_overwrites_nothing(data: Path, tmp_path: Path) -> None:
    with open_store(data) as store:
        for taken in (data, tmp_path):
            with pytest.raises(StoreError):
                backup(store, taken)
        with pytest.raises(StoreError):
            backup(store, tmp_path / "nulle" / "part" / "copie.db")
    assert state(data) == "draft"
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".tmp")]


def test_an_altered_journal_is_backed_up_and_told_but_not_restored_unless_forced(data: Path, tmp_path: Path) -> None:
    with open_store(data) as store:
        tampered(store, "UPDATE journal SET why = 'autre' WHERE seq = 1")
        made = backup(store, tmp_path / "copie.db")
    assert [(problem.session, problem.seq, problem.kind) for problem in made.problems] == [("juin", 1, "altered")]
    target = tmp_path / "autre.db"
    with pytest.raises(StoreError) as caught:
        restore(made.path, target)
    assert "journal" in caught.value.what.fr
    assert not target.exists()
    assert restore(made.path, target, force=True).backup.problems == made.problems
    with open_store(target) as store, store.read() as tx:
        assert load(tx, "juin").state == "draft"


def test_a_database_in_use_is_not_replaced(data: Path, tmp_path: Path) -> None:
    with open_store(data) as store:
        made = backup(store, tmp_path / "copie.db")
        with pytest.raises(StoreBusyError) as caught:
            restore(made.path, data)
    assert "service" in str(caught.value.do)
    with (tmp_path / "service.lock").open("w") as service:
        fcntl.flock(service, fcntl.LOCK_EX)
        with pytest.raises(StoreBusyError):
            restore(made.path, data, locks=[tmp_path / "service.lock"])
    assert kept_aside(data) == []
    restore(made.path, data, locks=[tmp_path / "service.lock"])


def _no_file(path: Path) -> None:
    path.unlink()


def _text(path: Path) -> None:
    path.write_text("pas une base" * 1000, encoding="utf-8")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 5 * 4096])


def _newer(path: Path) -> None:
    with open_store(path) as store, store.write() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")


@pytest.mark.parametrize("spoil", [_no_file, _text, _empty, _half, _newer])
def test_what_is_no_backup_of_ours_is_refused_and_nothing_changes(data: Path, tmp_path: Path, spoil: object) -> None:
    with open_store(data) as store:
        made = backup(store, tmp_path / "copie.db")
    assert callable(spoil)
    spoil(made.path)
    with pytest.raises(StoreError) as caught:
        restore(made.path, data, force=True)
    assert caught.value.do is not None
    assert state(data) == "draft"
    assert kept_aside(data) == []
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".tmp")]


def test_a_database_is_not_its_own_backup(data: Path) -> None:
    with pytest.raises(StoreError):
        restore(data, data)
    assert state(data) == "draft"


def test_a_damaged_database_is_replaced_and_kept_with_its_log(data: Path, tmp_path: Path) -> None:
    with open_store(data) as store:
        made = backup(store, tmp_path / "copie.db")
    data.write_bytes(b"perdu" * 5000)
    log = data.with_name("epreuve.db-wal")
    log.write_bytes(b"journal perdu")
    restored = restore(made.path, data)
    assert state(data) == "draft"
    assert restored.replaced is not None
    assert restored.replaced.read_bytes() == b"perdu" * 5000
    assert restored.replaced.with_name(f"{restored.replaced.name}-wal").read_bytes() == b"journal perdu"


def _write_and_die(path: Path) -> None:
    with open_store(path) as store:
        with store.write() as tx:
            save_document(tx, "juin", "running", "{}")
        os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_killed_program_had_committed_is_kept_aside_with_the_rest(data: Path, tmp_path: Path) -> None:
    with open_store(data) as store:
        made = backup(store, tmp_path / "copie.db")
    worker = multiprocessing.get_context("fork").Process(target=_write_and_die, args=(data,))
    worker.start()
    worker.join(timeout=120)
    worker.close()
    assert data.with_name("epreuve.db-wal").stat().st_size > 0
    replaced = restore(made.path, data).replaced
    assert state(data) == "draft"
    assert replaced is not None
    assert state(replaced) == "running"


def test_a_backup_is_restored_where_there_was_nothing(data: Path, tmp_path: Path) -> None:
    with open_store(data) as store:
        made = backup(store, tmp_path / "copie.db")
    assert restore(made.path, tmp_path / "neuf.db").replaced is None
    assert state(tmp_path / "neuf.db") == "draft"
