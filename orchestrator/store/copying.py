"""Copies of a database: consistent while others write, whole or not at all, private.

A database file is never opened but through SQLite: closing any other descriptor of it would drop the locks that this
process holds on it (https://sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from labs.files import sync_directory
from labs.text import Text
from orchestrator.store.errors import StoreError, explained


@contextmanager
def opened_read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """A database file, to read, as it is: nothing is made or set. Raises StoreError."""
    with explained(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


@contextmanager
def copied(source: sqlite3.Connection, target: Path) -> Iterator[Path]:
    """Copy a database; gives the copy under a temporary name, to be looked at, and puts it in place if all went well.

    The copy holds what is in the database and nothing of what was deleted (``VACUUM INTO``), and has mode 0600.
    Raises OSError, sqlite3.Error; nothing is left of the copy then, and the former target is still there.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent)
    os.close(descriptor)
    temporary = Path(name)
    try:
        source.execute("VACUUM INTO ?", (name,))
        yield temporary
        _flush(temporary)
        temporary.replace(target)
        sync_directory(target.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def aside(database: Path, why: str) -> Path:
    """A free name beside a database for what is kept of it. why: ``before-0002``, ``replaced``."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    return database.with_name(f"{database.name}.{why}-{stamp}")


def kept_aside(database: Path) -> list[Path]:
    """The copies that migrations and restorations kept beside a database: they still hold what was purged since.

    A copy's own ``-wal`` file is listed with it.
    """
    beginnings = (f"{database.name}.before-", f"{database.name}.replaced-")
    return sorted(path for path in database.parent.iterdir() if path.name.startswith(beginnings))


def copy_failed(path: Path, error: OSError) -> StoreError:
    """What to say when a copy could not be written."""
    return StoreError(
        Text(
            "La copie de la base de données n'a pas pu être écrite.", "The copy of the database could not be written."
        ),
        where=f"{path}: {error.strerror or error}",
        do=Text(
            "Vérifiez que le répertoire existe, ses droits et la place libre.",
            "Check that the directory exists, its rights and the free space.",
        ),
    )


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
