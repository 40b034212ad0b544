"""Migrations: up, down and up again; once, whoever comes first; never over a newer database, never without a copy."""

from __future__ import annotations

import multiprocessing
import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from orchestrator.store import Store, StoreBusyError, StoreError, migrate, open_store
from orchestrator.store.copying import kept_aside
from orchestrator.store.exams import load
from orchestrator.store.journal import entries
from orchestrator.store.tables import metadata
from tests.unit.store.sample import NADIA, new_session, say, with_session

fork = multiprocessing.get_context("fork")

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade() -> None:
    op.add_column("session", sa.Column("room", sa.Text()))
    op.create_table("counted", sa.Column("n", sa.Integer()))
    op.execute("INSERT INTO counted VALUES (1)")
    {then}
"""


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(migrate.SCRIPTS))
    return made


def with_next(monkeypatch: pytest.MonkeyPatch, folder: Path, then: str = "pass") -> None:
    """A program that is one revision ahead."""
    shutil.copytree(migrate.SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "next.py").write_text(NEXT.format(then=then, head=migrate.HEAD), encoding="utf-8")
    monkeypatch.setattr(migrate, "SCRIPTS", folder)
    monkeypatch.setattr(migrate, "HEAD", "next")


def names(store: Store) -> set[str]:
    with store.read() as tx:
        return set(tx.exec_driver_sql("SELECT name FROM sqlite_master").scalars())


def test_the_head_we_name_is_the_only_head() -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [migrate.HEAD]


def test_up_down_and_up_again(store: Store) -> None:
    made = names(store)
    for move, target in ((command.downgrade, "base"), (command.upgrade, "head")):
        settings = config()
        with store.write() as tx:
            settings.attributes["connection"] = tx
            move(settings, target)
        if target == "base":
            assert names(store) == {"alembic_version", "sqlite_autoindex_alembic_version_1"}
    assert names(store) == made
    with_session(store)
    with store.write() as tx:
        say(tx)


def test_the_migrated_tables_are_those_of_the_program(store: Store) -> None:
    with store.read() as tx:
        assert compare_metadata(MigrationContext.configure(tx), metadata) == []


def test_a_database_taken_down_to_nothing_is_made_again(tmp_path: Path) -> None:
    with open_store(tmp_path / "epreuve.db") as store:
        settings = config()
        with store.write() as tx:
            settings.attributes["connection"] = tx
            command.downgrade(settings, "base")
    with open_store(tmp_path / "epreuve.db") as store:
        with_session(store)


def test_a_database_of_a_newer_program_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "epreuve.db"
    with open_store(path) as store:
        with_session(store)
        with store.write() as tx:
            tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError) as caught:
        open_store(path)
    assert "plus récente" in caught.value.what.fr
    assert "9999" in caught.value.where
    assert kept_aside(path) == []


def test_the_first_migration_keeps_no_copy(store: Store) -> None:
    assert kept_aside(store.path) == []


def test_a_later_migration_keeps_a_private_copy_of_what_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "epreuve.db"
    with open_store(path) as store:
        with_session(store)
        with store.write() as tx:
            say(tx)
    with monkeypatch.context() as patch:
        with_next(patch, tmp_path / "ahead")
        with open_store(path) as store:
            assert "counted" in names(store)
        (kept,) = kept_aside(path)
        assert kept.stat().st_mode & 0o777 == 0o600
    with open_store(kept) as former, former.read() as tx:
        assert load(tx, "juin") == new_session()
        assert len(entries(tx, "juin")) == 1


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "epreuve.db"
    with open_store(path) as store:
        with_session(store)
    with monkeypatch.context() as patch:
        with_next(patch, tmp_path / "ahead", then='op.execute("INSERT INTO nowhere VALUES (1)")')
        with pytest.raises(StoreError):
            open_store(path)
    with open_store(path) as store:
        assert "counted" not in names(store)
        with store.read() as tx:
            assert load(tx, "juin") == new_session()


def test_nobody_migrates_under_the_feet_of_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "epreuve.db"
    with open_store(path) as store:
        with monkeypatch.context() as patch:
            with_next(patch, tmp_path / "ahead")
            with pytest.raises(StoreBusyError):
                open_store(path, busy_timeout_s=0.05)
        with_session(store)  # and it goes on


def _open(path: Path, barrier: Any, results: Any) -> None:
    barrier.wait(timeout=120)
    try:
        with open_store(path) as store, store.read() as tx:
            results.put(tx.exec_driver_sql("SELECT count(*) FROM counted").scalar_one())
    except BaseException as error:
        results.put(repr(error))
        raise


@pytest.mark.parametrize("made_before", [False, True])
def test_processes_that_open_at_once_migrate_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made_before: bool
) -> None:
    path = tmp_path / "epreuve.db"
    if made_before:
        with open_store(path) as store:
            with_session(store)
    with_next(monkeypatch, tmp_path / "ahead")
    barrier, results = fork.Barrier(4), fork.SimpleQueue()
    workers = [fork.Process(target=_open, args=(path, barrier, results)) for _ in range(4)]
    for worker in workers:
        worker.start()
    assert [results.get() for _ in workers] == [1, 1, 1, 1]
    for worker in workers:
        worker.join(timeout=120)
        assert worker.exitcode == 0
        worker.close()
    assert len(kept_aside(path)) == made_before


def test_the_copy_tells_its_names_to_whoever_purges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "epreuve.db"
    with open_store(path) as store:
        with_session(store)
    with_next(monkeypatch, tmp_path / "ahead")
    with open_store(path):
        (kept,) = kept_aside(path)
        assert NADIA.surname.encode() in kept.read_bytes()
