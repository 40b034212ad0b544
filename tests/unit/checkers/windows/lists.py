"""Access lists as our scripts return them: self-relative security descriptors (MS-DTYP 2.4.6) in base64."""

from __future__ import annotations

import base64
import uuid

from checkers.parsers.security_descriptor import Ace

FULL, MODIFY, READ, WRITE = 0x1F01FF, 0x1301BF, 0x1200A9, 0x116
SYSTEM, ADMINISTRATORS, USERS, EVERYBODY = "S-1-5-18", "S-1-5-32-544", "S-1-5-32-545", "S-1-1-0"
CREATOR = "S-1-3-0"
ALL_INSIDE = 0x03


def allow(sid: str, mask: int, flags: int = ALL_INSIDE) -> Ace:
    return Ace(True, flags, mask, sid)


def deny(sid: str, mask: int, flags: int = ALL_INSIDE) -> Ace:
    return Ace(False, flags, mask, sid)


def written(*aces: Ace, owner: str = ADMINISTRATORS) -> str:
    """A descriptor with this list, in this order."""
    body = b""
    for ace in aces:
        about = (1).to_bytes(4, "little") + uuid.UUID(ace.object).bytes_le if ace.object else b""
        one = ace.mask.to_bytes(4, "little") + about + _sid(ace.sid)
        kind = (0 if ace.allow else 1) + (5 if ace.object else 0)
        body += bytes([kind, ace.flags]) + (4 + len(one)).to_bytes(2, "little") + one
    revision = 4 if any(ace.object for ace in aces) else 2
    acl = (
        bytes([revision, 0]) + (8 + len(body)).to_bytes(2, "little") + len(aces).to_bytes(2, "little") + b"\0\0" + body
    )
    mine, group = _sid(owner), _sid(SYSTEM)
    at = (20, 20 + len(mine), 0, 20 + len(mine) + len(group))
    head = bytes([1, 0, 4, 0x80]) + b"".join(one.to_bytes(4, "little") for one in at)
    return base64.b64encode(head + mine + group + acl).decode("ascii")


def _sid(text: str) -> bytes:
    _, revision, authority, *parts = text.split("-")
    numbers = b"".join(int(part).to_bytes(4, "little") for part in parts)
    return bytes([int(revision), len(parts)]) + int(authority).to_bytes(6, "big") + numbers
