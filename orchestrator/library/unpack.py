"""From an archive to a lab's folder, and back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import IO

from labs.folder import LAB_FILE, lab_files
from labs.text import Text
from orchestrator.library.entries import MAX_ARCHIVE, Gate
from orchestrator.library.errors import ArchiveError
from orchestrator.library.tars import unpack_tar
from orchestrator.library.zips import unpack_zip

_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"


def unpack(archive: IO[bytes], folder: Path) -> Path:
    """Write the files of a zip or tar.gz archive below a new folder; returns the lab's own folder in it.

    Raises ArchiveError; the caller removes the folder then, whatever is in it.
    """
    size = archive.seek(0, io.SEEK_END)
    archive.seek(0)
    if size > MAX_ARCHIVE:
        raise ArchiveError(
            Text("L'archive est trop grosse.", "The archive is too large."),
            do=Text(f"{MAX_ARCHIVE >> 20} Mio au plus.", f"At most {MAX_ARCHIVE >> 20} MiB."),
        )
    start = archive.read(4)
    archive.seek(0)
    folder.mkdir(parents=True, mode=0o700)
    gate = Gate(folder, size)
    if start == _ZIP:
        unpack_zip(archive, gate)
    elif start.startswith(_GZIP):
        unpack_tar(archive, gate)
    else:
        raise ArchiveError(
            Text("Ce fichier n'est ni un zip ni un tar.gz.", "This file is neither a zip nor a tar.gz."),
            do=Text("Compressez le dossier du sujet en .zip ou .tar.gz.", "Pack the lab's folder as .zip or .tar.gz."),
        )
    return _lab_in(folder)


def pack(folder: Path, name: str) -> bytes:
    """A lab as a zip archive, in one folder of this name. The same lab gives the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in lab_files(folder):
            entry = zipfile.ZipInfo(f"{name}/{path.relative_to(folder).as_posix()}")
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            archive.writestr(entry, path.read_bytes())
    return content.getvalue()


def _lab_in(folder: Path) -> Path:
    """Archives hold the lab's files, or the one folder that they are in."""
    inside = list(folder.iterdir())
    if not (folder / LAB_FILE).is_file() and len(inside) == 1 and inside[0].is_dir():
        return inside[0]
    return folder
