"""What may go wrong with the database, and what to do about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from labs.errors import EpreuveError
from labs.text import Text


class StoreError(EpreuveError):
    """The database cannot be opened, read or written."""

    code = "store"
    exit_code = 8


class StoreBusyError(StoreError):
    """Another program held the database for longer than we wait. Nothing was changed."""

    code = "store-busy"


class StoreFullError(StoreError):
    """No room left for the database. Nothing was changed."""

    code = "store-full"


class RecordError(EpreuveError):
    """The database holds no such thing, or holds it already. Nothing was changed."""

    code = "record"
    exit_code = 6


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the database driver's errors into ours. path: the database."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, path) from error
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise explain(error.orig, path) from error
        raise


def explain(error: sqlite3.Error, path: Path) -> EpreuveError:
    """An error of SQLite as one the user can act on (https://sqlite.org/rescode.html)."""
    extended = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # not set when Python itself refuses
    where = f"{path}: {error}"
    match extended & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusyError(
                Text(
                    "La base de données est occupée par un autre programme.",
                    "The database is busy with another program.",
                ),
                where=where,
                do=Text(
                    "Recommencez. Si cela dure, cherchez quel programme d'Épreuve est bloqué et redémarrez le service.",
                    "Try again. If it lasts, find which program of Épreuve is stuck, and restart the service.",
                ),
            )
        case sqlite3.SQLITE_FULL:
            return StoreFullError(
                Text(
                    "Il n'y a plus de place sur le disque : rien n'a été modifié.",
                    "No room is left on the disk: nothing was changed.",
                ),
                where=where,
                do=Text("Libérez de la place, puis recommencez.", "Free some space, then try again."),
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreError(
                Text(
                    "La base de données ne peut pas être ouverte ou refuse l'écriture.",
                    "The database cannot be opened, or refuses to be written.",
                ),
                where=where,
                do=Text(
                    "Vérifiez le propriétaire et les droits du fichier et de son répertoire, et que le disque n'est "
                    "pas monté en lecture seule.",
                    "Check the owner and the rights of the file and of its directory, and that the disk is not mounted "
                    "read-only.",
                ),
            )
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return StoreError(
                Text(
                    "Ce fichier n'est pas une base de données, ou elle est endommagée.",
                    "This file is no database, or it is damaged.",
                ),
                where=where,
                do=Text(
                    "Gardez le fichier et restaurez la dernière sauvegarde (epreuve restore).",
                    "Keep the file, and restore the last backup (epreuve restore).",
                ),
            )
        case sqlite3.SQLITE_CONSTRAINT:
            return RecordError(
                Text(
                    "La base de données refuse cet enregistrement : il existe déjà, dépend d'un absent ou modifie le "
                    "journal.",
                    "The database refuses this record: it exists already, depends on one that does not, or changes the "
                    "journal.",
                ),
                where=where,
                do=Text("Relisez l'état de la session, puis recommencez.", "Read the session again, then try again."),
            )
    return StoreError(
        Text("La base de données a répondu par une erreur.", "The database answered with an error."),
        where=where,
        do=Text(
            "Vérifiez le disque (dmesg) et la base : « epreuve backup » la contrôle en la copiant.",
            "Check the disk (dmesg) and the database: “epreuve backup” checks it while copying it.",
        ),
    )
