"""Registry.pol, the file of registry settings of a group policy (MS-GPREG 2.2.1).

``PReg``, version 1, then ``[key;value;type;size;data]`` where everything but ``data`` is UTF-16LE.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_HEADER = b"PReg\x01\x00\x00\x00"
_OPEN, _CLOSE, _SEPARATOR = b"[\0", b"]\0", b";\0"
_MAX_ENTRIES = 2000
_KEY_LIMIT = 2048

TYPES = {
    0: "REG_NONE",
    1: "REG_SZ",
    2: "REG_EXPAND_SZ",
    3: "REG_BINARY",
    4: "REG_DWORD",
    5: "REG_DWORD_BIG_ENDIAN",
    6: "REG_LINK",
    7: "REG_MULTI_SZ",
    11: "REG_QWORD",
}


@dataclass(frozen=True)
class Entry:
    """One setting. data as text: numbers in decimal, several strings one a line, binary in hexadecimal."""

    key: str
    value: str
    type: str
    data: str


def parse(content: bytes) -> list[Entry]:
    """The settings in a file. Raises ValueError when it is not a whole, well-formed Registry.pol."""
    if not content.startswith(_HEADER):
        raise ValueError("not a Registry.pol")
    entries: list[Entry] = []
    at = len(_HEADER)
    while at < len(content):
        if len(entries) >= _MAX_ENTRIES:
            raise ValueError("too many settings")
        at = _expect(content, at, _OPEN)
        key, at = _string(content, at)
        at = _expect(content, at, _SEPARATOR)
        value, at = _string(content, at)
        at = _expect(content, at, _SEPARATOR)
        (kind,) = struct.unpack_from("<I", _take(content, at, 4))
        at = _expect(content, at + 4, _SEPARATOR)
        (size,) = struct.unpack_from("<I", _take(content, at, 4))
        at = _expect(content, at + 4, _SEPARATOR)
        data = _take(content, at, size)
        at = _expect(content, at + size, _CLOSE)
        entries.append(Entry(key, value, TYPES.get(kind, f"REG_{kind}"), text(kind, data)))
    return entries


def _take(content: bytes, at: int, size: int) -> bytes:
    if at + size > len(content):
        raise ValueError("cut short")
    return content[at : at + size]


def _expect(content: bytes, at: int, mark: bytes) -> int:
    if content[at : at + 2] != mark:
        raise ValueError(f"malformed at byte {at}")
    return at + 2


def _string(content: bytes, at: int) -> tuple[str, int]:
    """A string up to its zero, which writers may leave out before the separator of an empty one."""
    end = at
    while content[end : end + 2] != b"\0\0":
        if content[end : end + 2] == _SEPARATOR and end == at:
            return "", at
        if end - at >= _KEY_LIMIT or end + 2 > len(content):
            raise ValueError("string without end")
        end += 2
    return content[at:end].decode("utf-16-le", "replace"), end + 2


def text(kind: int, data: bytes) -> str:
    """The data of a registry value of some kind as text, as an entry has it."""
    if kind in (1, 2, 6):
        return data.decode("utf-16-le", "replace").split("\0")[0]
    if kind == 7:
        return "\n".join(part for part in data.decode("utf-16-le", "replace").split("\0") if part)
    if kind == 4 and len(data) == 4:
        return str(int.from_bytes(data, "little"))
    if kind == 5 and len(data) == 4:
        return str(int.from_bytes(data, "big"))
    if kind == 11 and len(data) == 8:
        return str(int.from_bytes(data, "little"))
    return data.hex()
