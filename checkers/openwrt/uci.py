"""Files of ``/etc/config`` as OpenWrt's ``uci`` reads them: sections with options and lists.

What is in the files is what a restart brings back: ``uci show`` would mix in changes that are not saved yet.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field

MAX_SECTIONS = 200


@dataclass(frozen=True)
class Section:
    """One section. name: empty when it has none of its own. Values of a ``list`` are joined by spaces."""

    kind: str
    name: str
    options: dict[str, str] = field(default_factory=dict)

    def get(self, key: str, default: str = "") -> str:
        """An option's value."""
        return self.options.get(key, default)

    def is_on(self, key: str) -> bool:
        """Whether an option says yes, in one of uci's words."""
        return self.get(key).lower() in ("1", "on", "true", "yes", "enabled")


def sections(text: str) -> list[Section]:
    """The sections of one file, in order. Raises ValueError where uci would refuse the file, or it is too long."""
    found: list[Section] = []
    for line in text.splitlines():
        words = _words(line)
        if not words or words[0] == "package":
            continue
        if words[0] == "config" and len(words) in (2, 3):
            found.append(Section(words[1], words[2] if len(words) == 3 else ""))
        elif words[0] in ("option", "list") and len(words) == 3 and found:
            options, (kind, key, value) = found[-1].options, words
            options[key] = f"{options[key]} {value}" if kind == "list" and key in options else value
        else:
            raise ValueError("not a file of uci")
        if len(found) > MAX_SECTIONS:
            raise ValueError("too many sections")
    return found


def _words(line: str) -> list[str]:
    """The words of a line: quoted as in a shell, up to a comment."""
    words = shlex.shlex(line, posix=True, punctuation_chars=False)
    words.whitespace_split = True
    return list(words)
