"""Names in files of keys and passwords: whose they are, and never what they are."""

from __future__ import annotations

import re

_MAX = 200
_SECRET = re.compile(rb"SECRETS/MACHINE_(?:PASSWORD|DOMAIN_INFO)/")
_DOMAIN = re.compile(rb"[\x21-\x7e]{1,80}")
_LIVE = (0x26011999).to_bytes(4, "little")
"""TDB_MAGIC: ends the header of a record that was not deleted; the fourth number before it is the length of its key."""
_KEYTAB = b"\x05\x02"


def names(path: str, data: bytes) -> tuple[str, ...]:
    """The names in one such file. Raises ValueError when it is not what its name says."""
    return tuple(dict.fromkeys((principals if path.endswith(".keytab") else domains)(data)[:_MAX]))


def domains(data: bytes) -> list[str]:
    """The domains for which a ``secrets.tdb`` has a machine password."""
    if not data.startswith(b"TDB file"):
        raise ValueError("not a TDB file")
    found = []
    for match in _SECRET.finditer(data):
        header = data[max(0, match.start() - 24) : match.start()]
        domain = data[match.end() : match.start() + int.from_bytes(header[8:12], "little")].rstrip(b"\0")
        if header[20:] == _LIVE and _DOMAIN.fullmatch(domain):
            found.append(domain.decode("ascii"))
    return sorted(found)


def principals(data: bytes) -> list[str]:
    """The principals of a keytab, ``name@REALM`` (version 2: every number is big-endian)."""
    if not data.startswith(_KEYTAB):
        raise ValueError("not a keytab")
    found, at = [], len(_KEYTAB)
    while at + 4 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big", signed=True)
        at += 4
        if size == 0:
            break
        if size > 0:  # a negative one is a hole
            found.append(_principal(data[at : at + size]))
        at += abs(size)
    return found


def _principal(entry: bytes) -> str:
    parts: list[str] = []
    at = 2
    for _ in range(int.from_bytes(entry[:2], "big") + 1):
        size = int.from_bytes(entry[at : at + 2], "big")
        part = entry[at + 2 : at + 2 + size]
        if len(part) != size or len(parts) > 10:
            raise ValueError("malformed keytab")
        parts.append(part.decode("utf-8", "replace"))
        at += 2 + size
    return f"{'/'.join(parts[1:])}@{parts[0]}"
