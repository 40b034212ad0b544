"""The bytes of a dossier: a ZIP archive that can be written in one way only.

Every entry is stored, not compressed, under an ASCII name, without a date, a comment or an extra field, and nothing
stands between two entries. So a list of names and contents has exactly one archive, on any machine and for ever, and an
archive is exact only if packing what was read gives the same bytes again. (APPNOTE.TXT 6.3.10, sections 4.3 and 4.4.)

Reading trusts no field: an entry ends inside the file, a name is checked before it means anything, and no bomb can be
made of what is not compressed.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from labs.text import Text

MAX_BYTES = 1 << 30
MAX_ENTRIES = 10_000
MAX_NAME = 200

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END = struct.Struct("<4sHHHHLLH")
_VERSION, _FLAGS, _STORED, _TIME, _DATE = 10, 0, 0, 0, 0x21  # 0x21: the first of January 1980, ZIP's zero


@dataclass(frozen=True)
class Entry:
    """One file of a dossier. offset: where its first byte stands in the archive."""

    name: str
    content: bytes
    offset: int = 0

    @property
    def begin(self) -> int:
        """Where its header stands in the archive."""
        return self.offset - len(self.name) - _LOCAL.size

    @property
    def end(self) -> int:
        """Where what follows it stands in the archive."""
        return self.offset + len(self.content)


class Broken(Exception):  # noqa: N818 - a finding, which verify tells; never shown as an error by itself
    """The archive is not one that ``pack`` writes. offset: of the first byte that is not as it should be."""

    def __init__(self, offset: int, what: Text, entry: str = "") -> None:
        super().__init__(what.en)
        self.offset = offset
        self.what = what
        self.entry = entry


def pack(entries: Iterable[Entry]) -> bytes:
    """The archive of these entries, in their order. Raises ValueError when a name or a size does not fit."""
    body, directory, names = bytearray(), bytearray(), set[str]()
    for entry in entries:
        if not is_name(entry.name) or entry.name.casefold() in names:
            raise ValueError(f"not a name for a dossier: {entry.name!r}")
        names.add(entry.name.casefold())
        name, size, crc = entry.name.encode("ascii"), len(entry.content), zlib.crc32(entry.content)
        common = (_VERSION, _FLAGS, _STORED, _TIME, _DATE, crc, size, size, len(name), 0)
        directory += _CENTRAL.pack(b"PK\1\2", _VERSION, *common, 0, 0, 0, 0, len(body)) + name
        body += _LOCAL.pack(b"PK\3\4", *common) + name + entry.content
    end = _END.pack(b"PK\5\6", 0, 0, len(names), len(names), len(directory), len(body), 0)
    if len(body) > MAX_BYTES or len(names) > MAX_ENTRIES:
        raise ValueError(f"too large for a dossier: {len(body)} bytes, {len(names)} entries")
    return bytes(body + directory + end)


def unpack(content: bytes) -> list[Entry]:
    """The entries that follow one another from the first byte; only what bounds them is looked at, ``must_be_exact``
    shows the rest. Raises Broken."""
    if len(content) > 2 * MAX_BYTES:
        raise Broken(0, Text("Le fichier est trop gros.", "The file is too large."))
    entries: list[Entry] = []
    at = 0
    while content[at : at + 4] == b"PK\3\4":
        if len(entries) == MAX_ENTRIES:
            raise Broken(at, Text("L'archive a trop d'entrées.", "The archive has too many entries."))
        entries.append(_entry(content, at))
        at = entries[-1].end
    if not entries:
        raise Broken(at, Text("Le fichier n'est pas une archive scellée.", "The file is no sealed archive."))
    if content[at : at + 4] != b"PK\1\2":
        last = entries[-1].name
        raise Broken(
            at,
            Text(
                f"Après l'entrée {last}, ni entrée ni répertoire : sa taille, ou ce qui la suit, a été modifié.",
                f"After entry {last} comes neither an entry nor the directory: its size, or what follows, was altered.",
            ),
            last,
        )
    return entries


def must_be_exact(content: bytes, entries: list[Entry]) -> None:
    """Raises Broken at the first byte in which a file differs from the archive of the entries read in it."""
    try:
        again = pack(entries)
    except ValueError:
        names = [entry.name.casefold() for entry in entries]
        twice = next(entry for number, entry in enumerate(entries) if entry.name.casefold() in names[:number])
        what = Text(f"Deux entrées s'appellent {twice.name}.", f"Two entries are called {twice.name}.")
        raise Broken(twice.begin, what, twice.name) from None
    if again != content:
        raise _first_difference(content, again, entries)


def is_name(name: str) -> bool:
    """Whether an entry may have this name: it means the same on every system, and stays inside."""
    return len(name) <= MAX_NAME and _NAME.fullmatch(name) is not None


def _entry(content: bytes, at: int) -> Entry:
    """The entry that begins here."""
    if len(content) < at + _LOCAL.size:
        raise Broken(len(content), _CUT)
    *_, size, _unpacked, name_length, _extra = _LOCAL.unpack_from(content, at)
    begin = at + _LOCAL.size
    name = content[begin : begin + name_length].decode("latin-1")
    if not is_name(name):
        raise Broken(
            begin,
            Text(
                f"Une entrée a un nom qui ne convient pas : {name[:60]!a}.",
                f"An entry has a name that does not fit: {name[:60]!a}.",
            ),
        )
    offset = begin + name_length
    if len(content) < offset + size:
        raise Broken(len(content), _CUT, name)
    return Entry(name, content[offset : offset + size], offset)


def _first_difference(content: bytes, again: bytes, entries: list[Entry]) -> Broken:
    """Where a file first differs from the archive of what was read in it: in a header, in the directory or behind."""
    at = first_difference(content, again)
    for entry in entries:
        if at < entry.offset:
            name = entry.name
            return Broken(at, Text(f"L'en-tête de {name} a été modifié.", f"The header of {name} was altered."), name)
    if at == len(content):
        return Broken(at, _CUT)
    if at == len(again):
        return Broken(at, Text("Des octets suivent la fin de l'archive.", "Bytes follow the end of the archive."))
    what = Text(
        "Le répertoire de l'archive ne dit pas ce qu'il y a dedans.",
        "The directory of the archive does not say what is in it.",
    )
    return Broken(at, what)


def first_difference(one: bytes, other: bytes) -> int:
    """The offset of the first byte in which two contents differ; their length when they do not."""
    low, high = 0, min(len(one), len(other))
    while low < high:  # the longest common beginning, by halves
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low


_CUT = Text("Le fichier est coupé.", "The file is cut off.")
