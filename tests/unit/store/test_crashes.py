"""Several processes at once, and processes killed at any point: nothing committed is lost, no chain breaks."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

from sqlalchemy import event

from orchestrator.store import Store, Transaction, open_store
from orchestrator.store.exams import load, save_document
from orchestrator.store.journal import entries, verify
from tests.unit.store.sample import say, with_session

fork = multiprocessing.get_context("fork")


def sound(store: Store) -> None:
    with store.read() as tx:
        assert tx.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
        assert verify(tx, "juin") == []
        # the state and the journal were written together: one never without the other
        assert load(tx, "juin").state == str(len(entries(tx, "juin")))


def one_step(tx: Transaction) -> None:
    """Count one entry more in the state, and write it."""
    save_document(tx, "juin", str(int(load(tx, "juin").state) + 1), "{}")
    say(tx)


def _write(path: Path, times: int, barrier: Any) -> None:
    with open_store(path) as store:
        barrier.wait(timeout=120)
        for _ in range(times):
            with store.write() as tx:
                one_step(tx)


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "epreuve.db"
    with open_store(path) as store:
        with_session(store, state="0")
    barrier = fork.Barrier(2)
    workers = [fork.Process(target=_write, args=(path, 60, barrier)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
        assert worker.exitcode == 0
        worker.close()
    with open_store(path) as store:
        sound(store)
        with store.read() as tx:
            assert len(entries(tx, "juin")) == 120


def _die_at(path: Path, point: int) -> None:
    """Three transactions, killed (-9) before the statement of this number, BEGIN and COMMIT included."""
    with open_store(path) as store:
        count = 0

        def before(*_: object) -> None:
            nonlocal count
            count += 1
            if count == point:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(store._engine, "before_cursor_execute", before)
        event.listen(store._engine, "commit", before)
        for _ in range(3):
            with store.write() as tx:
                one_step(tx)


def test_a_process_killed_between_any_two_statements_leaves_the_database_sound(tmp_path: Path) -> None:
    path = tmp_path / "epreuve.db"
    with open_store(path) as store:
        with_session(store, state="0")
    killed = 0
    for point in range(1, 100):
        worker = fork.Process(target=_die_at, args=(path, point))
        worker.start()
        worker.join(timeout=120)
        code = worker.exitcode
        worker.close()
        with open_store(path) as store:
            sound(store)
        if code == 0:  # past the last statement
            break
        assert code == -signal.SIGKILL
        killed += 1
    assert code == 0
    assert killed > 20


def _write_until_killed(path: Path, told: Any) -> None:
    with open_store(path) as store:
        while True:
            with store.write() as tx:
                one_step(tx)
                seq = int(load(tx, "juin").state)
            told.send(seq)


def test_what_was_said_to_be_committed_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    path = tmp_path / "epreuve.db"
    with open_store(path) as store:
        with_session(store, state="0")
    for wanted in range(1, 30, 3):
        told, teller = fork.Pipe(duplex=False)
        worker = fork.Process(target=_write_until_killed, args=(path, teller))
        worker.start()
        teller.close()
        last = [told.recv() for _ in range(wanted % 7 + 1)][-1]
        worker.kill()  # wherever it is by now
        worker.join(timeout=120)
        worker.close()
        told.close()
        with open_store(path) as store:
            sound(store)
            with store.read() as tx:
                assert len(entries(tx, "juin")) >= last
