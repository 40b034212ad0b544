"""What may come out of an archive: names that mean the same everywhere, and no more bytes than a lab needs.

The one gate through which every format goes. It believes no header: bytes are counted as they come out.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from labs.folder import is_part_of_lab
from labs.text import Text
from orchestrator.library.errors import ArchiveError, LibraryError

MAX_ARCHIVE = 20 << 20
"""Bytes of an archive."""
MAX_UNPACKED = 64 << 20
MAX_FILE = 16 << 20
MAX_RATIO, RATIO_FREE = 100, 1 << 20
"""So many times its own size an archive may grow, beyond a first mebibyte."""
MAX_ENTRIES = 1000
MAX_DEPTH = 8
MAX_NAME = 100
"""Bytes of one part of a path."""

_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f\\:*?"<>|]')


class Gate:
    """Writes the entries of one archive below a folder that is new. size: bytes of the archive."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.limit = min(MAX_UNPACKED, RATIO_FREE + MAX_RATIO * size)
        self.entries = 0
        self.written = 0
        self._names: dict[str, tuple[str, bool]] = {}
        """What is at each path, folded: how it is spelt, and whether it is a folder."""
        self._files: set[str] = set()

    def enter(self, name: str, *, folder: bool) -> PurePosixPath:
        """Let an entry in by its name. Raises ArchiveError."""
        self.entries += 1
        if self.entries > MAX_ENTRIES:
            raise ArchiveError(
                Text("L'archive contient trop de fichiers.", "The archive holds too many files."),
                do=Text(f"{MAX_ENTRIES} au plus.", f"At most {MAX_ENTRIES}."),
            )
        path = _sound(name.removesuffix("/") if folder else name)
        for parent in reversed(path.parents[:-1]):
            self._occupy(parent, folder=True)
        self._occupy(path, folder=folder)
        return path

    def store(self, path: PurePosixPath, content: Iterable[bytes]) -> None:
        """Write a file that was let in, as far as bounds allow. What is no part of a lab is counted and not kept."""
        if not is_part_of_lab(path):
            for _ in self._bounded(path, content):
                pass
            return
        chunks = self._bounded(path, content)
        try:
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.writelines(chunks)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            if error.errno is None:
                raise  # not the disk: the archive itself is wrong
            raise LibraryError(
                Text(f"Le disque a refusé : {error.strerror}.", f"The disk refused: {error.strerror}."),
                where=str(path),
                do=Text("Libérez de la place, puis recommencez.", "Free some space, then try again."),
            ) from error

    def _bounded(self, path: PurePosixPath, content: Iterable[bytes]) -> Iterator[bytes]:
        size = 0
        for chunk in content:
            size += len(chunk)
            self.written += len(chunk)
            if size > MAX_FILE or self.written > self.limit:
                raise ArchiveError(
                    Text("L'archive se déplie en beaucoup trop d'octets.", "The archive unfolds into far too much."),
                    where=str(path),
                    do=Text(
                        f"{MAX_FILE >> 20} Mio au plus par fichier, {MAX_UNPACKED >> 20} Mio en tout, et "
                        f"{MAX_RATIO} fois la taille de l'archive.",
                        f"At most {MAX_FILE >> 20} MiB a file, {MAX_UNPACKED >> 20} MiB in all, and "
                        f"{MAX_RATIO} times the size of the archive.",
                    ),
                )
            yield chunk

    def _occupy(self, path: PurePosixPath, *, folder: bool) -> None:
        name = str(path)
        folded = unicodedata.normalize("NFC", name).casefold()
        found = self._names.setdefault(folded, (name, folder))
        if found != (name, folder) or (folded in self._files):
            raise ArchiveError(
                Text(
                    "Deux entrées de l'archive ont le même nom, aux majuscules près.",
                    "Two entries of the archive have one name, but for capital letters.",
                ),
                where=name,
                do=Text("Renommez l'une des deux.", "Rename one of the two."),
            )
        if not folder:
            self._files.add(folded)


def _sound(name: str) -> PurePosixPath:
    """A path that means the same on every system and stays inside. Raises ArchiveError."""
    parts = name.split("/")
    if _UNFIT.search(name) or any(part in ("", ".", "..") or part != part.strip() for part in parts):
        raise ArchiveError(
            Text("L'archive contient un nom qui ne convient pas.", "The archive holds a name that does not fit."),
            where=ascii(name),
            do=Text(
                "Des chemins relatifs, dans le dossier du sujet, avec « / », sans « .. » ni caractère spécial.",
                "Relative paths inside the lab's folder, with “/”, without “..” or special characters.",
            ),
        )
    if len(parts) > MAX_DEPTH or any(len(part.encode("utf-8", "surrogatepass")) > MAX_NAME for part in parts):
        raise ArchiveError(
            Text("L'archive contient un chemin trop long.", "The archive holds a path that is too long."),
            where=ascii(name),
            do=Text(
                f"{MAX_DEPTH} dossiers l'un dans l'autre et {MAX_NAME} octets par nom au plus.",
                f"At most {MAX_DEPTH} folders in one another and {MAX_NAME} bytes a name.",
            ),
        )
    return PurePosixPath(*parts)
