"""Opening the database, and its transactions.

One writer at a time (``BEGIN IMMEDIATE``), readers that neither wait for it nor see half of what it does (WAL), from
any thread of any process of this host. What is committed is on the disk (``synchronous=FULL``).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from labs.text import Text
from orchestrator.store import migrate
from orchestrator.store.errors import StoreError, explained
from orchestrator.store.lock import UseLock, lock_file

Transaction = Connection
"""What ``Store.write`` and ``Store.read`` give: an open transaction."""

BUSY_TIMEOUT_S = 10.0

_SETTINGS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # purged names are overwritten
    "temp_store=MEMORY",  # and are in no temporary file either
)
_WRITE = "epreuve_write"
_ERASED = "epreuve_erased"


class Store:
    """An open database. May be used by many threads at once; each transaction by one."""

    def __init__(self, path: Path, engine: Engine, lock: UseLock) -> None:
        """See ``open_store``."""
        self.path = path
        self._engine = engine
        self._writer = engine.execution_options(**{_WRITE: True})
        self._lock = lock

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that may write: all of it is kept if the block ends well, nothing if it raises.

        There is one at a time: keep it short, and never open one inside another. Nothing is tried twice.
        Raises StoreBusyError when another one lasts too long, StoreFullError, StoreError, RecordError.
        """
        with explained(self.path), self._writer.connect() as connection:
            connection.info.pop(_ERASED, None)
            with connection.begin():
                yield connection
            if connection.info.pop(_ERASED, False):
                self._leave_no_trace(connection)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that sees the database as it was at one moment, and cannot write. Raises StoreError."""
        with explained(self.path), self._engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Let the database go. Transactions must have ended."""
        self._engine.dispose()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _leave_no_trace(self, connection: Connection) -> None:
        """Rewrite the file and empty the write-ahead log, so that what was deleted is in neither.

        ``secure_delete`` overwrites deleted rows, but not what a page held before its rows moved to another.
        """
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 (for the type checker)
        try:
            driver.execute("VACUUM")
            (busy, _pages, _moved) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            hindrance: sqlite3.Error | None = (
                sqlite3.OperationalError("another program reads the database") if busy else None
            )
        except sqlite3.Error as error:
            hindrance = error
        if hindrance is not None:
            raise StoreError(
                Text(
                    "Les données sont supprimées, mais il en reste des traces dans les fichiers de la base.",
                    "The data are deleted, but traces of them remain in the files of the database.",
                ),
                where=f"{self.path}: {hindrance}",
                do=Text(
                    "Vérifiez la place libre et recommencez la même commande, au besoin le service arrêté.",
                    "Check the free space, and run the same command again, with the service stopped if need be.",
                ),
            ) from hindrance


def erase_after(tx: Transaction) -> None:
    """Once this transaction is committed, leave no trace in the files of what it deleted (personal data)."""
    tx.info[_ERASED] = True


def open_store(path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Store:
    """Open a database, made (mode 0600) or migrated when it must be. Close it, or use it in ``with``.

    Before a migration a copy is kept beside it. busy_timeout_s: how long any writer waits for another one.

    :raises StoreBusyError: it must be migrated and another program uses it.
    :raises StoreError: it cannot be read or written, is no database of ours, or is one of a newer program.
    """
    path = path.absolute()
    _make(path)
    with explained(path):
        lock = UseLock(lock_file(path), timeout_s=busy_timeout_s)
        engine = _engine(path, busy_timeout_s)
        store = Store(path, engine, lock)
        try:
            lock.share()
            while migrate.revision_of(path) != migrate.HEAD:
                lock.alone()
                migrate.to_head(path, engine.execution_options(**{_WRITE: True}))
                engine.dispose()
                lock.share()  # not in one step: someone may have replaced the file in between
            _require_wal(store)
        except BaseException:
            store.close()
            raise
    return store


def _make(path: Path) -> None:
    """The empty file, private from its first moment: SQLite gives the same mode to the files beside it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StoreError(
            Text("La base de données ne peut pas être ouverte.", "The database cannot be opened."),
            where=str(error),
            do=Text(
                "Vérifiez que le répertoire existe, et ses droits.", "Check that the directory exists, and its rights."
            ),
        ) from error


def _engine(path: Path, busy_timeout_s: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"timeout": busy_timeout_s},
        max_overflow=-1,  # a reader never waits for a connection
        hide_parameters=True,  # no names in messages and logs
    )

    # Python's sqlite3 begins transactions by itself, too late and never IMMEDIATE: it is told not to, and we do.
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#serializable-isolation-savepoints-transactional-ddl
    @event.listens_for(engine, "connect")
    def connected(driver: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        driver.isolation_level = None
        for setting in _SETTINGS:
            driver.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        write = connection.get_execution_options().get(_WRITE, False)
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if write else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _require_wal(store: Store) -> None:
    with store.read() as tx:
        mode = tx.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    if mode != "wal":
        raise StoreError(
            Text(
                "Le système de fichiers de la base de données ne convient pas (partage réseau ?).",
                "The file system of the database will not do (a network share?).",
            ),
            where=f"{store.path}: journal_mode={mode}",
            do=Text("Mettez les données sur un disque local.", "Put the data on a local disk."),
        )
