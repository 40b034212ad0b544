"""POSIX access control lists as ``getfacl`` prints them (acl(5)), and the rights that are effective under the mask."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ENTRY = re.compile(r"(default:)?(user|group|mask|other):((?:[^:\\]|\\.)*):([r-][w-][xXst-])")
_OCTAL = re.compile(r"\\([0-7]{3})")
_MAX_ENTRIES = 500


@dataclass(frozen=True)
class Entry:
    """One entry. who: name or number, empty for the owner, the owning group, the mask and the others."""

    default: bool
    kind: str
    who: str
    rights: str

    def __str__(self) -> str:
        return f"{'default:' if self.default else ''}{self.kind}:{self.who}:{self.rights}"


def parse(text: str) -> tuple[Entry, ...]:
    """The entries in an output of ``getfacl`` (comments and ``#effective`` remarks are left out)."""
    entries: list[Entry] = []
    for line in text.split("\n"):
        match = _ENTRY.fullmatch(line.partition("#")[0].strip())
        if match is not None and len(entries) < _MAX_ENTRIES:
            entries.append(Entry(bool(match[1]), match[2], unescape(match[3]), match[4]))
    return tuple(entries)


def read(text: str) -> Entry:
    """One entry as an author writes it: ``group:compta:rwx``, ``g:compta:rx``. Raises ValueError."""
    words = text.strip().split(":")
    default = words[0] in ("default", "d")
    words = words[1:] if default else words
    kinds = {"u": "user", "g": "group", "o": "other", "m": "mask"}
    if len(words) != 3:
        raise ValueError(f"“{text}” is no ACL entry: write group:name:rwx")
    kind, who, rights = words
    kind = kinds.get(kind, kind)
    letters = set(rights) - {"-"}
    if kind not in kinds.values() or not letters <= set("rwx"):
        raise ValueError(f"“{text}” is no ACL entry: write group:name:rwx")
    return Entry(default, kind, who, "".join(letter if letter in letters else "-" for letter in "rwx"))


def unescape(name: str) -> str:
    """A name with getfacl's octal escapes resolved: ``KERBRAS\\134compta``, ``domain\\040users``."""
    return _OCTAL.sub(lambda match: chr(int(match[1], 8) & 0xFF), name)


def effective(entries: tuple[Entry, ...], entry: Entry) -> str:
    """What an entry really grants: the mask bounds named entries and the owning group."""
    bounded = entry.kind == "group" or (entry.kind == "user" and entry.who != "")
    mask = next((e.rights for e in entries if e.kind == "mask" and e.default == entry.default), None)
    if not bounded or mask is None:
        return entry.rights
    return "".join(letter if letter == limit else "-" for letter, limit in zip(entry.rights, mask, strict=True))
