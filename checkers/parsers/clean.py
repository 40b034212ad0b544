"""Making text from a candidate's machine safe to store and to show: bounded, without control characters."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_INTEGER = re.compile(r"\s*([+-]?[0-9]{1,20})\s*")


def clip(text: str, limit: int = 200) -> str:
    """At most ``limit`` characters of a text, on one line, control and bidirectional marks shown as a dot."""
    head = text[: limit + 1]
    shown = _CONTROL.sub("·", head.replace("\n", " ").replace("\t", " "))
    return shown if len(head) <= limit else shown[: limit - 1] + "…"


def fold(text: str) -> str:
    """A text as directories and file servers compare it: no case, one form per accented letter, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def integer(text: str, default: int | None = None) -> int:
    """A decimal integer of at most 20 digits. Raises ValueError when it is none and there is no default."""
    match = _INTEGER.fullmatch(text)
    if match is not None:
        return int(match[1])
    if default is None:
        raise ValueError("not an integer")
    return default


def listed(names: list[str], limit: int = 8) -> str:
    """Some names in a sentence: the first ones, and how many more."""
    shown = ", ".join(clip(name, 80) for name in names[:limit])
    more = len(names) - limit
    return shown + (f", … (+{more})" if more > 0 else "")
