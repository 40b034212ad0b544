"""Why a lab is not taken, used or removed."""

from __future__ import annotations

from labs.errors import EpreuveError
from labs.text import Text


class LibraryError(EpreuveError):
    """A lab of this centre cannot be stored, used or removed."""

    code = "library"
    exit_code = 6


class ArchiveError(LibraryError):
    """An archive is none, or holds what no lab needs. Nothing of it was kept."""

    code = "archive"

    def __init__(self, what: Text, where: str = "", do: Text | None = None) -> None:
        super().__init__(what, where=where[:200], do=do)
