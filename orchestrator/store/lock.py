"""Who uses the database: every open store shares a lock; a migration or a restoration takes it alone."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from labs.text import Text
from orchestrator.store.errors import StoreBusyError, StoreError

_POLL_S = 0.02


def lock_file(database: Path) -> Path:
    """The file that the users of a database lock; it stays beside it."""
    return database.with_name(f"{database.name}.lock")


class UseLock:
    """A lock on a file (flock), held until closed or until the process ends, however it ends."""

    def __init__(self, file: Path, *, timeout_s: float) -> None:
        """file: made when it is not there. timeout_s: how long to wait for others. Raises StoreError."""
        self._file = file
        self._timeout_s = timeout_s
        try:
            self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                Text("Un fichier verrou ne peut pas être ouvert.", "A lock file cannot be opened."),
                where=str(error),
                do=Text("Vérifiez les droits du répertoire.", "Check the rights of the directory."),
            ) from error

    def share(self) -> None:
        """Use the database along with others. Raises StoreBusyError."""
        self._take(fcntl.LOCK_SH)

    def alone(self) -> None:
        """Have the database alone; a share that is held is given up while waiting. Raises StoreBusyError."""
        self._take(fcntl.LOCK_EX)

    def close(self) -> None:
        """Let it go."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _take(self, operation: int) -> None:
        until = time.monotonic() + self._timeout_s
        while True:
            try:
                fcntl.flock(self._descriptor, operation | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise StoreBusyError(
                        Text(
                            "Un autre programme d'Épreuve utilise la base de données.",
                            "Another program of Épreuve is using the database.",
                        ),
                        where=str(self._file),
                        do=Text(
                            "Arrêtez le service et les autres commandes, puis recommencez.",
                            "Stop the service and the other commands, then try again.",
                        ),
                    ) from None
                time.sleep(_POLL_S)
            else:
                return
