"""LDIF (RFC 2849) as ``ldbsearch`` writes it: folded lines, base64 values, comments, referrals, a count at the end."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

_COUNT = re.compile(r"^# returned ([0-9]{1,9}) records", re.MULTILINE)
_MAX_RECORDS = 20000


@dataclass
class Record:
    """One entry. ``attributes``: values by lower-case name, in order."""

    dn: str
    attributes: dict[str, list[str]] = field(default_factory=dict)

    def all(self, name: str) -> list[str]:
        """Every value of an attribute; none when it is absent."""
        return self.attributes.get(name.lower(), [])

    def first(self, name: str, default: str = "") -> str:
        """The first value of an attribute."""
        values = self.all(name)
        return values[0] if values else default


def parse(text: str) -> list[Record]:
    """The entries of an LDIF text; referrals and comments left out. Values that are not UTF-8 get replacement marks."""
    records: list[Record] = []
    current: Record | None = None
    for line in _unfolded(text):
        if not line:
            current = None
            continue
        name, colon, value = line.partition(":")
        if line.startswith("#") or not colon:
            continue
        name = name.strip().lower()
        decoded = _value(value)
        if name == "dn":
            if len(records) >= _MAX_RECORDS:
                raise ValueError("too many records")
            current = Record(decoded)
            records.append(current)
        elif current is not None and name != "ref":
            current.attributes.setdefault(name, []).append(decoded)
    return records


def is_complete(text: str) -> bool:
    """Whether ``ldbsearch`` said how many records it returned: it does so last, so nothing was cut."""
    return _COUNT.search(text) is not None


def _unfolded(text: str) -> list[str]:
    """Physical lines joined: a line that starts with one space continues the line before it."""
    lines: list[list[str]] = []
    for line in text.split("\n"):
        line = line.removesuffix("\r")
        if line.startswith(" ") and lines and lines[-1] != [""]:
            lines[-1].append(line[1:])
        else:
            lines.append([line])
    return ["".join(parts) for parts in lines]


def _value(value: str) -> str:
    if not value.startswith(":"):
        return value.removeprefix(" ").strip()
    try:
        return base64.b64decode(value[1:].strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError) as error:
        raise ValueError("a base64 value cannot be read") from error
