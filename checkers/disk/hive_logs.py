"""What Windows wrote to the logs of a registry hive and not yet to the hive, put in place as its next start does.

Windows 8.1 and later write every change to ``HIVE.LOG1`` or ``HIVE.LOG2`` first. The layout is described in
https://github.com/msuhanov/regf/blob/master/Windows%20registry%20file%20format%20specification.md: a base block of 512
bytes, then entries, each with its number, its pages and two hashes.

``python -m checkers.disk.hive_logs HIVE LOG…`` writes the hive with them to its output; nothing where it cannot.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from labs.confined import Bounds, run_python

BOUNDS = Bounds(cpu_s=60, memory_mib=2048, output_kib=384 * 1024, wall_s=120.0)
LIMIT = 32 * 1024 * 1024
"""Bytes of a log that are read; one that is longer is not read at all."""

_BASE, _LOG_BASE, _PAGE = 4096, 512, 4096
_ENTRY = struct.Struct("<4sIIIIIQQ")
_REFERENCE = struct.Struct("<II")
_NEW_LOG = 6
_SEED = 0x82EF4D887A4E55C5
_WORD = 0xFFFFFFFF
_MAX_GROWTH = 64 * 1024 * 1024
"""Bytes by which a log may make a hive longer."""


@dataclass(frozen=True)
class _Entry:
    number: int
    size: int
    pages: tuple[tuple[int, bytes], ...]


def recovered(hive: str, logs: Sequence[str]) -> bytes | None:
    """What the program says of these files, whatever is in them; None where the hive cannot be put right by them."""
    return run_python("checkers.disk.hive_logs", [hive, *logs], b"", BOUNDS) or None


def is_closed(hive: bytes) -> bool:
    """Whether all was written back to it: the two numbers in its base block are the same."""
    return hive[4:8] == hive[8:12]


def with_logs(hive: bytes, logs: Sequence[bytes]) -> bytes | None:
    """A hive that was not closed, with what is in its logs; None where Windows would find nothing for it in them.

    The log that began first counts when it began after the hive was last written, then the other where it goes on from
    there. Numbers may overflow.
    """
    written = _number(hive, 8)

    def since(number: int) -> int:
        return (number - written + 2**31 & _WORD) - 2**31

    begun = sorted((found for log in logs if (found := list(_entries(log)))), key=lambda each: since(each[0].number))
    chosen: list[_Entry] = []
    for entries in begun:
        if since(entries[0].number) >= 0 and (not chosen or entries[0].number == chosen[-1].number + 1 & _WORD):
            chosen += entries
    if not chosen or not _sound(hive):
        return None
    content = bytearray(hive)
    for entry in chosen:
        _apply(content, entry)
    struct.pack_into("<II", content, 4, *2 * (chosen[-1].number + 1 & _WORD,))
    struct.pack_into("<I", content, 508, _sum(content))
    return bytes(content)


def _apply(content: bytearray, entry: _Entry) -> None:
    end = _BASE + entry.size
    if len(content) < end <= len(content) + _MAX_GROWTH:
        content += bytes(end - len(content))
    for at, page in entry.pages:
        if _BASE + at + len(page) > len(content):
            raise ValueError("a page outside of the hive")
        content[_BASE + at : _BASE + at + len(page)] = page
    struct.pack_into("<I", content, 40, entry.size)


def _entries(log: bytes) -> Iterator[_Entry]:
    """The entries that are whole and follow each other; what comes after them is from before."""
    if len(log) < _LOG_BASE or log[:4] != b"regf" or _number(log, 28) != _NEW_LOG or not _sound(log):
        return
    if not is_closed(log):
        return
    number, at, whole = _number(log, 4), _LOG_BASE, memoryview(log)
    while (entry := _entry(whole[at:], number)) is not None:
        yield entry
        at += _number(log, at + 4)
        number = (number + 1) & _WORD


def _entry(rest: memoryview, number: int) -> _Entry | None:
    if len(rest) < _ENTRY.size:
        return None
    sign, length, _, found, size, count, body, head = _ENTRY.unpack_from(rest)
    if sign != b"HvLE" or found != number or length < _LOG_BASE or length % _LOG_BASE or length > len(rest):
        return None
    if not count or count * _REFERENCE.size > length or size % _PAGE or not size:
        return None
    if hashed(rest[:32]) != head or hashed(rest[40:length]) != body:
        return None
    at = _ENTRY.size + count * _REFERENCE.size
    pages = []
    for index in range(count):
        offset, taken = _REFERENCE.unpack_from(rest, _ENTRY.size + index * _REFERENCE.size)
        if at + taken > length:
            return None
        pages.append((offset, bytes(rest[at : at + taken])))
        at += taken
    return _Entry(number, size, tuple(pages))


def _sound(block: bytes) -> bool:
    """Whether the sum of a base block is right."""
    return _sum(block) == _number(block, 508)


def _sum(block: bytes | bytearray) -> int:
    total = 0
    for (word,) in struct.iter_unpack("<I", block[:508]):
        total ^= word
    return {0: 1, _WORD: _WORD - 1}.get(total, total)


def _number(block: bytes, at: int) -> int:
    return int.from_bytes(block[at : at + 4], "little")


def hashed(data: bytes | memoryview) -> int:
    """Marvin32 with the seed of the registry."""
    low, high = _SEED & _WORD, _SEED >> 32
    whole = len(data) // 4 * 4
    words = [word for (word,) in struct.iter_unpack("<I", data[:whole])]
    for word in [*words, int.from_bytes(bytes(data[whole:]) + b"\x80", "little"), 0]:
        low = (low + word) & _WORD
        high ^= low
        low = ((low << 20 | low >> 12) + high) & _WORD
        high = (high << 9 | high >> 23) & _WORD ^ low
        low = ((low << 27 | low >> 5) + high) & _WORD
        high = (high << 19 | high >> 13) & _WORD
    return high << 32 | low


def main(hive: str, *logs: str) -> None:
    """Write the hive as its logs say, if they do."""
    whole = with_logs(Path(hive).read_bytes(), [Path(log).read_bytes() for log in logs])
    sys.stdout.buffer.write(whole or b"")


if __name__ == "__main__":
    main(*sys.argv[1:])
