"""Bringing a database to the tables of this program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from labs.text import Text
from orchestrator.store.copying import aside, copied, copy_failed, opened_read_only
from orchestrator.store.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0005"
"""The newest revision; written here because loading Alembic to ask takes longer than most commands."""

APPLICATION_ID = 0x45707265
"""Says in the file's header that a database is ours: “Epre” (https://sqlite.org/pragma.html#pragma_application_id)."""

SCRIPTS = Path(__file__).parent / "migrations"


def revision_of(path: Path) -> str | None:
    """The revision of a database; None when it is empty or not there. Raises StoreError when it is none of ours."""
    if not path.exists():
        return None
    with opened_read_only(path) as connection:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if application == APPLICATION_ID:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return None if row is None else str(row[0])
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application == 0 and tables == 0:
        return None
    raise StoreError(
        Text("Ce fichier est une base de données d'un autre programme.", "This file is a database of another program."),
        where=str(path),
        do=Text("Choisissez un autre fichier.", "Choose another file."),
    )


def require_known(revision: str | None, path: Path) -> None:
    """Raises StoreError when a database was written by a newer program."""
    if revision is None or revision == HEAD:
        return
    from alembic.script import ScriptDirectory

    if revision not in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}:
        raise StoreError(
            Text(
                "Cette base de données vient d'une version plus récente d'Épreuve.",
                "This database comes from a newer version of Épreuve.",
            ),
            where=f"{path}: {revision}",
            do=Text(
                "Installez cette version d'Épreuve, ou restaurez une sauvegarde plus ancienne.",
                "Install that version of Épreuve, or restore an older backup.",
            ),
        )


def to_head(path: Path, writer: Engine) -> None:
    """Migrate a database in one transaction, keeping a copy of it aside unless it is empty.

    writer: an engine whose transactions may write; nobody else uses the database. Raises StoreError.
    """
    revision = revision_of(path)
    if revision == HEAD:
        return
    require_known(revision, path)
    if revision is not None:
        kept = aside(path, f"before-{HEAD}")
        try:
            with opened_read_only(path) as source, copied(source, kept):
                pass
        except OSError as error:
            raise copy_failed(kept, error) from error
    from alembic import command

    config = _config()
    with writer.begin() as connection:
        config.attributes["connection"] = connection
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        command.upgrade(config, "head")


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config
