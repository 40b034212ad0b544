"""Which of two Debian package versions is the newer (deb-version(7), "Sorting algorithm")."""

from __future__ import annotations

import re

_PARTS = re.compile(r"([^0-9]*)([0-9]*)")
_LIMIT = 200
VERSION = r"^([0-9]{1,9}:)?[0-9A-Za-z.+~-]{1,190}$"
"""What a version looks like, loosely: the epoch, then the upstream version and the revision."""

Key = tuple[tuple[tuple[int, ...], int], ...]


def key(version: str) -> tuple[int, Key, Key]:
    """A version as a value that sorts: epoch, upstream version, revision (none is 0). ValueError when it is none."""
    if len(version) > _LIMIT or re.match(VERSION, version) is None:
        raise ValueError("not a Debian version")
    epoch, colon, rest = version.rpartition(":")
    upstream, hyphen, revision = rest.rpartition("-")
    return int(epoch) if colon else 0, _sort(upstream if hyphen else rest), _sort(revision if hyphen else "0")


def _sort(text: str) -> Key:
    """Letters and digits by turns. Each text is closed by 0: its end comes after a tilde and before all else."""
    return tuple(
        ((*(_weight(character) for character in letters), 0), int(digits or "0"))
        for letters, digits in _PARTS.findall(text)
    )


def _weight(character: str) -> int:
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256
