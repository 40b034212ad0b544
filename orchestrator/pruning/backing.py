"""Which files a disk stands on, read from the headers of qcow2 files.

The header is fixed by QEMU's docs/interop/qcow2.rst: the magic, a version, then the place and length of the name of the
backing file; 8 and 4 bytes, big-endian. So a thousand disks take no thousand processes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_HEADER = struct.Struct(">4sIQI")
_MAGIC = b"QFI\xfb"
_LONGEST = 1023
"""Bytes of a name, by the same document."""


def backing_files(disk: Path) -> Iterator[Path]:
    """Every file under a disk, the nearest first, there or not; nothing for what is no qcow2 file."""
    seen = {disk}
    while (below := _backing(disk)) is not None and below not in seen:
        yield below
        seen.add(below)
        disk = below


def _backing(disk: Path) -> Path | None:
    try:
        with disk.open("rb") as file:
            magic, _, place, length = _HEADER.unpack(file.read(_HEADER.size))
            if magic != _MAGIC or not place or length > _LONGEST:
                return None
            file.seek(place)
            name = file.read(length).decode()
    except (OSError, struct.error, UnicodeDecodeError):
        return None
    return disk.parent / name.removeprefix("file:")
