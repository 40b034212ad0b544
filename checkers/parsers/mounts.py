"""Where file systems are mounted, as the kernel tells it: proc_pid_mountinfo(5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ESCAPE = re.compile(r"\\([0-7]{3})")
_MAX = 2000


@dataclass(frozen=True)
class Mount:
    """One line. device: ``major:minor``. options: those of this mount and those of the file system."""

    device: str
    point: str
    file_system: str
    source: str
    options: tuple[str, ...]


def parse(text: str) -> list[Mount]:
    """The mounts in the order in which they were made; lines that make no sense are left out."""
    found = []
    for line in text.split("\n")[:_MAX]:
        fields, separator, rest = line.partition(" - ")
        words, more = fields.split(" "), rest.split(" ")
        if not separator or len(words) < 6 or len(more) < 3:
            continue
        options = tuple(dict.fromkeys(f"{words[5]},{more[2]}".split(",")))
        found.append(Mount(words[2], _plain(words[4]), more[0], _plain(more[1]), options))
    return found


def _plain(text: str) -> str:
    """A path as it is: mountinfo writes spaces and the like as three octal digits."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), text)
