"""What is mounted and what will be: findmnt(8), fstab(5), mount units of systemd, blkid(8)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checkers.parsers import sections

_OCTAL = re.compile(r"\\([0-7]{3})")
_PAIR = re.compile(r'([A-Z_]{1,30})="([^"]{0,300})"')
_ESCAPED = re.compile(r"\\x([0-9a-f]{2})")
_LIMIT = 300


@dataclass(frozen=True)
class Mount:
    """One line of fstab, of the kernel's table, or a mount unit. source: as written."""

    source: str
    target: str
    type: str = ""
    options: tuple[str, ...] = ()


def table(text: str) -> list[Mount]:
    """The lines of fstab(5), in order; so does /proc/self/mounts."""
    found = []
    for line in text.split("\n")[:2000]:
        words = line.split()
        if len(words) < 2 or words[0].startswith("#"):
            continue
        kind, options = [*words[2:4], "", ""][:2]
        found.append(Mount(_plain(words[0]), _folder(_plain(words[1])), kind, tuple(options.split(","))))
    return found[:_LIMIT]


def units(text: str) -> list[Mount]:
    """Mount units that start with the machine, from ``systemctl show -p Id,What,Where,Type,Options,UnitFileState``."""
    return [
        Mount(sections.one(b, "What"), _folder(sections.one(b, "Where")), sections.one(b, "Type"))
        for b in sections.blocks(text)
        if sections.one(b, "UnitFileState") == "enabled"
    ][:_LIMIT]


def filesystems(text: str) -> dict[str, dict[str, str]]:
    """device → its UUID, LABEL, TYPE, from blkid(8)."""
    found: dict[str, dict[str, str]] = {}
    for line in text.split("\n")[:_LIMIT]:
        device, colon, rest = line.partition(": ")
        if colon:
            found[device] = dict(_PAIR.findall(" " + rest))
    return found


def _plain(text: str) -> str:
    """Octal escapes (a blank is ``\\040``) and the quotes that some put around a value."""
    return _OCTAL.sub(lambda match: chr(int(match[1], 8) & 0xFF), text).replace('"', "")


def _folder(path: str) -> str:
    return path.rstrip("/") or "/"


def names(source: str, filesystem: dict[str, str]) -> bool:
    """Whether a source names a file system by its own identity: UUID=, LABEL=, or the links that udev makes of them."""
    identity = source
    for start, key in (("/dev/disk/by-uuid/", "UUID="), ("/dev/disk/by-label/", "LABEL=")):
        if source.startswith(start):
            identity = key + _ESCAPED.sub(lambda match: chr(int(match[1], 16)), source.removeprefix(start))
    key, equals, value = identity.partition("=")
    return bool(equals and value) and key in ("UUID", "LABEL") and filesystem.get(key, "") == value
