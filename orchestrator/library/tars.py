"""Gzipped tar archives, read once from front to back: nothing in them can send the reader elsewhere."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO

from labs.text import Text
from orchestrator.library.entries import MAX_ENTRIES, Gate
from orchestrator.library.errors import ArchiveError
from orchestrator.library.zips import not_utf8, special

_CHUNK = 1 << 16
_HEADERS = MAX_ENTRIES * 4096
"""Bytes that headers and padding may take beside the files."""


class _Unpacked(io.RawIOBase):
    """What the gzip stream unfolds to, until it is more than any lab: a header of tar may claim any size."""

    def __init__(self, archive: IO[bytes], limit: int) -> None:
        self._stream = gzip.GzipFile(fileobj=archive, mode="rb")
        self._left = limit

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(_CHUNK if size < 0 else min(size, _CHUNK))
        self._left -= len(chunk)
        if self._left < 0:
            raise ArchiveError(
                Text("L'archive se déplie en beaucoup trop d'octets.", "The archive unfolds into far too much."),
                do=Text("Gardez-y les seuls fichiers du sujet.", "Keep only the lab's files in it."),
            )
        return chunk


def unpack_tar(archive: IO[bytes], gate: Gate) -> None:
    """Write every file of a tar.gz archive through the gate. Raises ArchiveError."""
    stream = _Unpacked(archive, gate.limit + _HEADERS)
    try:
        with tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape") as opened:
            for member in opened:
                _look_at(member)
                name = member.name.removeprefix("./")
                if name in (".", ""):
                    continue  # the packed folder itself
                path = gate.enter(name, folder=member.isdir())
                if member.isreg():
                    gate.store(path, _content(opened, member))
        while stream.read():
            pass  # to its end, where gzip says whether all of it was right
    except (tarfile.TarError, EOFError, OSError, zlib.error, ValueError, RecursionError, OverflowError) as error:
        raise ArchiveError(
            Text("Cette archive tar.gz est abîmée.", "This tar.gz archive is damaged."),
            where=str(error),
            do=Text("Faites-la de nouveau.", "Make it again."),
        ) from error


def _look_at(member: tarfile.TarInfo) -> None:
    """A plain file or a folder, whose name can be read. Raises ArchiveError."""
    if not (member.isreg() or member.isdir()) or member.issparse():
        raise special(member.name)
    try:
        member.name.encode("utf-8")
    except UnicodeEncodeError:
        raise not_utf8(member.name) from None


def _content(opened: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    file = opened.extractfile(member)
    while file is not None and (chunk := file.read(_CHUNK)):
        yield chunk
