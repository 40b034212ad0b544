"""Windows security descriptors (MS-DTYP 2.4.6), and where Samba keeps them: the extended attribute security.NTACL.

The attribute is NDR (Samba's ``xattr.idl``): a version, hashes that tell whether the POSIX ACL changed since, and a
self-relative descriptor as its last member.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Protocol

_SELF_RELATIVE = 0x8000
_DACL_PRESENT = 0x0004
_MAX_ENTRIES = 500
_ALLOW, _DENY = (0x00, 0x05, 0x09, 0x0B), (0x01, 0x06, 0x0A, 0x0C)
_OBJECT_TYPES = (0x05, 0x06, 0x0B, 0x0C)

FILES_INHERIT, FOLDERS_INHERIT, NO_FURTHER, INHERIT_ONLY = 0x01, 0x02, 0x04, 0x08
"""To what is made inside an entry goes, and not further down; INHERIT_ONLY: the entry is not for the folder itself."""

CONTROL_ACCESS = 0x100
"""An extended right of an object in a directory; ``Ace.object`` says which, all of them where it is empty."""
LIST, ADD, APPEND, DELETE_CHILD, DELETE, CHANGE_RIGHTS, TAKE = 0x1, 0x2, 0x4, 0x40, 0x10000, 0x40000, 0x80000
FULL = 0x001F01FF

_GENERIC = {
    0x10000000: 0x001F01FF,  # all
    0x20000000: 0x001200A0,  # execute
    0x40000000: 0x00120116,  # write
    0x80000000: 0x00120089,  # read
}


@dataclass(frozen=True)
class Ace:
    """One entry. allow: it grants (else it denies). flags: inheritance. mask: rights, generic ones resolved. object: of
    an object in a directory, the GUID of what it is about; empty: everything."""

    allow: bool
    flags: int
    mask: int
    sid: str
    object: str = ""


@dataclass(frozen=True)
class Descriptor:
    """Who owns, and the discretionary ACL in its order; ``dacl`` is None when there is none: then all is allowed."""

    owner: str
    group: str
    dacl: tuple[Ace, ...] | None


class Entry(Protocol):
    """An entry of an access list, wherever it is kept."""

    @property
    def allow(self) -> bool: ...
    @property
    def flags(self) -> int: ...
    @property
    def mask(self) -> int: ...
    @property
    def sid(self) -> str: ...


def granted(entries: Iterable[Entry], token: Container[str]) -> int:
    """The rights that a list gives to who carries these identifiers, in its order: what was denied first stays so."""
    held, denied = 0, 0
    for entry in entries:
        if entry.flags & INHERIT_ONLY or entry.sid not in token:
            continue
        if entry.allow:
            held |= entry.mask & ~denied
        else:
            denied |= entry.mask & ~held
    return held


def from_xattr(blob: bytes) -> Descriptor:
    """The descriptor in a security.NTACL attribute, versions 1 to 4. Raises ValueError when there is none."""
    if len(blob) > 65536 or len(blob) < 24:
        raise ValueError("not a security.NTACL attribute")
    version, switch = struct.unpack_from("<HH", blob)
    if version != switch or not 1 <= version <= 4:
        raise ValueError(f"unknown version {version} of security.NTACL")
    # The descriptor comes last, 4-byte aligned, after hashes of a length that depends on the version. Its offsets count
    # from the start of the attribute: only where it really starts do they all lead to something well-formed.
    for at in range(4, min(len(blob) - 20, 512), 4):
        if blob[at : at + 2] == b"\x01\x00" and blob[at + 3] & 0x80:
            try:
                return parse(blob, at)
            except (ValueError, struct.error):
                continue
    raise ValueError("no security descriptor in security.NTACL")


def parse(data: bytes, at: int = 0) -> Descriptor:
    """A self-relative descriptor that starts at some offset; its own offsets count from the start of the data.

    Raises ValueError when it is malformed.
    """
    if len(data) < at + 20:
        raise ValueError("too short")
    revision, _, control, owner, group, sacl, dacl = struct.unpack_from("<BBHIIII", data, at)
    if revision != 1 or not control & _SELF_RELATIVE:
        raise ValueError("not a self-relative descriptor")
    if any(offset and not at + 20 <= offset <= len(data) - 8 for offset in (owner, group, sacl, dacl)):
        raise ValueError("offset out of bounds")
    return Descriptor(
        owner=_sid(data, owner) if owner else "",
        group=_sid(data, group) if group else "",
        dacl=_acl(data, dacl) if dacl and control & _DACL_PRESENT else None,
    )


def _sid(data: bytes, at: int) -> str:
    if at + 8 > len(data):
        raise ValueError("SID out of bounds")
    revision, count = data[at], data[at + 1]
    if revision != 1 or count > 15 or at + 8 + 4 * count > len(data):
        raise ValueError("malformed SID")
    authority = int.from_bytes(data[at + 2 : at + 8], "big")
    parts = struct.unpack_from(f"<{count}I", data, at + 8)
    return "-".join(["S-1", str(authority), *map(str, parts)])


def _acl(data: bytes, at: int) -> tuple[Ace, ...]:
    if at + 8 > len(data):
        raise ValueError("ACL out of bounds")
    revision, _, size, count, _ = struct.unpack_from("<BBHHH", data, at)
    if revision not in (2, 3, 4) or at + size > len(data) or count > _MAX_ENTRIES:
        raise ValueError("malformed ACL")
    entries: list[Ace] = []
    position = at + 8
    for _index in range(count):
        if position + 8 > at + size:
            raise ValueError("malformed ACE")
        kind, flags, length, mask = struct.unpack_from("<BBHI", data, position)
        if length < 8 or position + length > at + size:
            raise ValueError("malformed ACE")
        if kind in _ALLOW or kind in _DENY:
            sid = _sid(data, _trustee(data, position, kind))
            entries.append(Ace(kind in _ALLOW, flags, _specific(mask), sid, _object(data, position, kind)))
        position += length
    return tuple(entries)


def _trustee(data: bytes, at: int, kind: int) -> int:
    if kind not in _OBJECT_TYPES:
        return at + 8
    if at + 12 > len(data):
        raise ValueError("malformed ACE")
    present = int.from_bytes(data[at + 8 : at + 12], "little")
    return at + 12 + 16 * (present & 1) + 16 * (present >> 1 & 1)


def _object(data: bytes, at: int, kind: int) -> str:
    if kind not in _OBJECT_TYPES or not int.from_bytes(data[at + 8 : at + 12], "little") & 1:
        return ""
    return str(uuid.UUID(bytes_le=data[at + 12 : at + 28]))


def _specific(mask: int) -> int:
    for generic, specific in _GENERIC.items():
        if mask & generic:
            mask = (mask & ~generic) | specific
    return mask
