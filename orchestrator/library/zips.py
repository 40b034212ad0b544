"""Zip archives. The list at their end is only what they claim: overlaps, links and doubtful names are refused."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from labs.text import Text
from orchestrator.library.entries import MAX_ENTRIES, Gate
from orchestrator.library.errors import ArchiveError

_CHUNK = 1 << 16
_LOCAL_HEADER = 30
_ENTRY = b"PK\x01\x02"
_UTF8, _ENCRYPTED = 0x800, 0x1


def unpack_zip(archive: IO[bytes], gate: Gate) -> None:
    """Write every file of a zip archive through the gate. Raises ArchiveError."""
    _bound_list(archive)
    try:
        with zipfile.ZipFile(archive) as opened:
            _refuse_overlaps(opened)
            for info in opened.infolist():
                path = gate.enter(_name(info), folder=info.is_dir())
                if not info.is_dir():
                    gate.store(path, _content(opened, info))
    except UnicodeDecodeError as error:
        raise not_utf8(error.object.decode("latin-1")) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ArchiveError(
            Text("Cette archive zip est abîmée.", "This zip archive is damaged."),
            where=str(error),
            do=Text("Faites-la de nouveau.", "Make it again."),
        ) from error


def _bound_list(archive: IO[bytes]) -> None:
    """A list of a million entries is not even read: each has this mark, wherever it may stand."""
    marks, rest = 0, b""
    archive.seek(0)
    while chunk := archive.read(_CHUNK):
        marks += (rest + chunk).count(_ENTRY)
        rest = chunk[1 - len(_ENTRY) :]
    archive.seek(0)
    if marks > 2 * MAX_ENTRIES:
        raise ArchiveError(
            Text("L'archive contient trop de fichiers.", "The archive holds too many files."),
            do=Text(f"{MAX_ENTRIES} au plus.", f"At most {MAX_ENTRIES}."),
        )


def _refuse_overlaps(opened: zipfile.ZipFile) -> None:
    infos = sorted(opened.infolist(), key=lambda info: info.header_offset)
    ends = [info.header_offset + _LOCAL_HEADER + len(info.orig_filename) + info.compress_size for info in infos]
    starts = [info.header_offset for info in infos[1:]] + [opened.start_dir]
    for info, end, start in zip(infos, ends, starts, strict=True):
        if end > start:
            raise ArchiveError(
                Text("Des entrées de l'archive se recouvrent.", "Entries of the archive overlap."),
                where=ascii(info.orig_filename),
                do=Text("Faites l'archive avec un outil courant.", "Make the archive with an ordinary tool."),
            )


def _name(info: zipfile.ZipInfo) -> str:
    """Its name, once it is known to be a file or a folder that can be read here. Raises ArchiveError."""
    name = info.orig_filename
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (kind == stat.S_IFDIR) != (info.is_dir() and kind != 0):
        raise special(name)
    if info.flag_bits & _ENCRYPTED or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ArchiveError(
            Text("L'archive est chiffrée ou compressée autrement.", "The archive is encrypted or packed otherwise."),
            where=ascii(name),
            do=Text("Un zip ordinaire, sans mot de passe.", "An ordinary zip, without a password."),
        )
    if not name.isascii() and not info.flag_bits & _UTF8:
        raise not_utf8(name)
    return name


def _content(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with opened.open(info) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def special(name: str) -> ArchiveError:
    """It is a link, a device or the like."""
    return ArchiveError(
        Text(
            "L'archive contient autre chose que des fichiers et des dossiers (lien, périphérique…).",
            "The archive holds something else than files and folders (a link, a device…).",
        ),
        where=ascii(name),
        do=Text("Mettez le fichier lui-même à la place du lien.", "Put the file itself in place of the link."),
    )


def not_utf8(name: str) -> ArchiveError:
    """Nobody can tell what it is called."""
    return ArchiveError(
        Text("Un nom de fichier n'est pas en UTF-8.", "A file's name is not UTF-8."),
        where=ascii(name),
        do=Text("Renommez-le sans accents, ou changez d'outil.", "Rename it without accents, or use another tool."),
    )
