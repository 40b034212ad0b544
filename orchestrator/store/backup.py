"""Backups of the database: taken while it is in use, verified before they count, restored only when it is not."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import NullPool, create_engine, select

from labs.text import Text
from orchestrator.store import migrate
from orchestrator.store.copying import aside, copied, copy_failed, opened_read_only
from orchestrator.store.database import BUSY_TIMEOUT_S, Store
from orchestrator.store.errors import StoreError
from orchestrator.store.journal import Problem, verify
from orchestrator.store.lock import UseLock, lock_file
from orchestrator.store.tables import session


@dataclass(frozen=True)
class Backup:
    """A copy that was verified. size: bytes. sessions: how many. problems: what is wrong with their journals."""

    path: Path
    size: int
    sessions: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Restored:
    """A restoration. replaced: where the former database was put; None when there was none."""

    backup: Backup
    replaced: Path | None


def backup(store: Store, path: Path) -> Backup:
    """Copy an open database to a new file (mode 0600), whole or not at all, while others write.

    A journal with problems does not prevent it: they come back, and are for the caller to tell.

    :raises StoreError: the file exists, cannot be written, or the copy is damaged.
    """
    path = path.absolute()
    if path.exists():
        raise StoreError(
            Text("Ce fichier existe déjà.", "This file exists already."),
            where=str(path),
            do=Text("Choisissez un autre nom.", "Choose another name."),
        )
    with _copy(store.path, path) as copy:
        sessions, problems = _examine(copy, store.path)
    return Backup(path, path.stat().st_size, sessions, problems)


def restore(path: Path, target: Path, *, locks: Sequence[Path] = (), force: bool = False) -> Restored:
    """Put a backup in the place of a database, which is kept beside it.

    locks: files that a service holds locked (flock) while it runs; the database's own lock, which every open store
    holds, is always looked at. force: even when a journal of the backup has problems.

    :raises StoreBusyError: the database is in use.
    :raises StoreError: the backup is none of ours, damaged, of a newer program, or its journals have problems.
    """
    path, target = path.absolute(), target.absolute()
    if not path.is_file() or (path.samefile(target) if target.exists() else False):
        raise StoreError(
            Text("Il n'y a pas de sauvegarde ici.", "There is no backup here."),
            where=str(path),
            do=Text("Indiquez le fichier fait par « epreuve backup ».", "Name the file that “epreuve backup” made."),
        )
    with ExitStack() as stack:
        for file in (lock_file(target), *locks):
            stack.enter_context(UseLock(file, timeout_s=0)).alone()
        migrate.require_known(migrate.revision_of(path), path)
        with _copy(path, target) as copy:
            sessions, problems = _examine(copy, path)
            if problems and not force:
                raise StoreError(
                    Text(
                        f"Un journal de cette sauvegarde a été modifié : {problems[0].text.fr}",
                        f"A journal of this backup was altered: {problems[0].text.en}",
                    ),
                    where=str(path),
                    do=Text(
                        "Prenez une autre sauvegarde, ou forcez la restauration en connaissance de cause.",
                        "Take another backup, or force the restoration knowing this.",
                    ),
                )
            replaced = _keep_aside(target)
    return Restored(Backup(path, path.stat().st_size, sessions, problems), replaced)


def _examine(copy: Path, origin: Path) -> tuple[int, tuple[Problem, ...]]:
    """Verify a copy of ours: whole, and its journals as written. How many sessions, and what is wrong with them."""
    with opened_read_only(copy) as driver:
        faults = [row[0] for row in driver.execute("PRAGMA integrity_check")]
        faults += [f"foreign key of {row[0]}, row {row[1]}" for row in driver.execute("PRAGMA foreign_key_check")]
        if faults != ["ok"] or migrate.revision_of(copy) is None:
            raise StoreError(
                Text("Cette base de données est vide ou endommagée.", "This database is empty or damaged."),
                where=f"{origin}: {'; '.join(map(str, faults[:3]))}",
                do=Text("Gardez-la et prenez une autre sauvegarde.", "Keep it, and take another backup."),
            )
        engine = create_engine("sqlite+pysqlite://", creator=lambda: driver, poolclass=NullPool)
        with engine.connect() as tx:
            slugs = tx.execute(select(session.c.slug).order_by(session.c.slug)).scalars().all()
            return len(slugs), tuple(problem for slug in slugs for problem in verify(tx, slug))


@contextmanager
def _copy(source: Path, target: Path) -> Iterator[Path]:
    """The copy of a database before it is put in place; errors are ours."""
    try:
        with opened_read_only(source) as driver:
            driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000:.0f}")
            with copied(driver, target) as copy:
                yield copy
    except OSError as error:
        raise copy_failed(target, error) from error


def _keep_aside(target: Path) -> Path | None:
    """Give a database that nobody uses a second name, and move the files beside it along: its successor would take
    them for its own. At every moment there is a database under the first name.

    SQLite is not asked to tidy up before: opening a damaged database can delete its write-ahead log.
    """
    if not target.exists():
        return None
    kept = aside(target, "replaced")
    os.link(target, kept)
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            target.with_name(target.name + suffix).rename(kept.with_name(kept.name + suffix))
    return kept
