"""Writing registry hives: enough of REGF 1.5 for what a test wants to have read.

What ``hivexregedit`` makes of an empty one (``hive({})``) is in ``tests/goldens/disk``, so that the reader is tried on
somebody else's, too.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

from checkers.disk.hive_logs import hashed

SZ, EXPAND, BINARY, DWORD, MULTI, QWORD = 1, 2, 3, 4, 7, 11
_NONE = 0xFFFFFFFF
_TIME = 0x01D8000000000000

Tree = Mapping[str, Any]
"""A key: subkeys are mappings, values are (type, data) under their name."""


def text(value: str) -> tuple[int, bytes]:
    """A REG_SZ."""
    return SZ, (value + "\0").encode("utf-16-le")


def several(*values: str) -> tuple[int, bytes]:
    """A REG_MULTI_SZ."""
    return MULTI, ("".join(f"{value}\0" for value in values) + "\0").encode("utf-16-le")


def number(value: int) -> tuple[int, bytes]:
    """A REG_DWORD."""
    return DWORD, struct.pack("<I", value)


class _Cells:
    """The cells of a hive, after the header of its only bin."""

    def __init__(self) -> None:
        self.data = bytearray(32)

    def add(self, content: bytes) -> int:
        size = -(-(len(content) + 4) // 8) * 8
        at = len(self.data)
        self.data += struct.pack("<i", -size) + content + bytes(size - 4 - len(content))
        return at

    def put(self, at: int, offset: int, value: int) -> None:
        struct.pack_into("<I", self.data, at + 4 + offset, value)


def hive(tree: Tree, *, closed: bool = True) -> bytes:
    """A hive with these keys. closed: all was written back to it when it was last used."""
    cells = _Cells()
    owner = bytes.fromhex("010100000000000512000000")
    root = _key(cells, "ROOT", {}, 0, root=True)
    descriptor = struct.pack("<BBHIIII", 1, 0, 0x8000, 20, 32, 0, 0) + owner + owner
    security = cells.add(struct.pack("<2sHIIII", b"sk", 0, 0, 0, 1, len(descriptor)) + descriptor)
    cells.put(security, 4, security)
    cells.put(security, 8, security)
    _fill(cells, root, tree, security)
    cells.put(root, 44, security)
    size = -(-(len(cells.data) + 8) // 4096) * 4096
    free = size - len(cells.data)
    cells.data += struct.pack("<i", free) + bytes(free - 4)
    cells.data[:32] = struct.pack("<4sIIQQI", b"hbin", 0, size, 0, _TIME, 0)
    head = struct.pack("<4sIIQIIIIIII", b"regf", 7, 7 if closed else 6, _TIME, 1, 5, 0, 1, root, size, 1)
    head = (head + "SYSTEM".encode("utf-16-le")).ljust(508, b"\0")
    return (head + struct.pack("<I", _sum(head))).ljust(4096, b"\0") + bytes(cells.data)


def _key(cells: _Cells, name: str, tree: Tree, parent: int, *, root: bool = False) -> int:
    flags = 0x20 | (0x0C if root else 0)
    fixed = struct.pack("<2sHQII", b"nk", flags, _TIME, 0, parent)
    counts = struct.pack("<IIIIIIII", 0, 0, _NONE, _NONE, 0, _NONE, 0, _NONE)
    return cells.add(fixed + counts + bytes(20) + struct.pack("<HH", len(name), 0) + name.encode("ascii"))


def _fill(cells: _Cells, at: int, tree: Tree, security: int) -> None:
    keys = {name: one for name, one in tree.items() if isinstance(one, Mapping)}
    values = [_value(cells, name, *one) for name, one in tree.items() if not isinstance(one, Mapping)]
    if values:
        cells.put(at, 36, len(values))
        cells.put(at, 40, cells.add(b"".join(struct.pack("<I", value) for value in values)))
    subkeys = []
    for name in sorted(keys, key=str.upper):
        subkey = _key(cells, name, keys[name], at)
        cells.put(subkey, 44, security)
        _fill(cells, subkey, keys[name], security)
        subkeys.append((subkey, name))
    if subkeys:
        leaf = b"".join(struct.pack("<I4s", subkey, name[:4].encode()) for subkey, name in subkeys)
        cells.put(at, 20, len(subkeys))
        cells.put(at, 28, cells.add(struct.pack("<2sH", b"lf", len(subkeys)) + leaf))


def _value(cells: _Cells, name: str, kind: int, data: bytes) -> int:
    if len(data) <= 4:
        size, at = len(data) | 0x80000000, int.from_bytes(data.ljust(4, b"\0"), "little")
    else:
        size, at = len(data), cells.add(data)
    return cells.add(struct.pack("<2sHIIIHH", b"vk", len(name), size, at, kind, 1, 0) + name.encode("latin-1"))


def log(first: int, *entries: Mapping[int, bytes], size: int) -> bytes:
    """A log (HIVE.LOG1) as Windows 8.1 and later write them: pages by their offset, one mapping an entry. size: of the
    hive without its base block. Pages are whole multiples of 512 bytes."""
    head = struct.pack("<4sIIQIIIIIII", b"regf", first, first, _TIME, 1, 5, 6, 1, 32, size, 1).ljust(508, b"\0")
    content = head + struct.pack("<I", _sum(head))
    for number, pages in enumerate(entries, first):
        body = b"".join(struct.pack("<II", at, len(page)) for at, page in pages.items()) + b"".join(pages.values())
        length = -(-(40 + len(body)) // 512) * 512
        body = body.ljust(length - 40, b"\0")
        start = struct.pack("<4sIIIIIQ", b"HvLE", length, 0, number, size, len(pages), hashed(body))
        content += start + struct.pack("<Q", hashed(start)) + body
    return content


def _sum(head: bytes) -> int:
    check = 0
    for (part,) in struct.iter_unpack("<I", head[:508]):
        check ^= part
    return check
