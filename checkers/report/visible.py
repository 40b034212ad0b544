"""Making text that a candidate controls harmless to a reader.

A machine's output may hold characters that hide, reverse or overprint what stands beside them. Escaping HTML does not
help against those, so every string that a report shows goes through ``visible`` first: what cannot be seen is
replaced by its name. Names are plain letters: pictures of control characters are missing in many fonts.
"""

from __future__ import annotations

import re
import unicodedata

_MARKS_KEPT = 3
"""Combining marks kept on one letter; more would overprint the lines around."""

_SUSPECT = re.compile(r"[^\n\t\x20-\x7e\xa0-\xac\xae-\u02ff]")
"""Characters worth a look: all but plain ASCII and Latin letters. (U+00AD, the soft hyphen, is worth a look.)"""

_NAMES = {0: "NUL", 7: "BEL", 8: "BS", 11: "VT", 12: "FF", 13: "CR", 27: "ESC", 127: "DEL"}

_BLANKS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and symbols that draw nothing."""


def visible(text: str) -> str:
    """The text with control characters as ``‹ESC›`` and other unseen characters as ``‹U+202E›``.

    Newlines and tabs stay. Idempotent.
    """
    if _SUSPECT.search(text) is None:
        return text
    shown: list[str] = []
    marks = 0
    for character in text:
        if unicodedata.category(character) in ("Mn", "Me"):
            marks += 1
            shown.append(character if marks <= _MARKS_KEPT and shown else _name(character))
            continue
        marks = 0
        shown.append(_one(character))
    return "".join(shown)


def one_line(text: str) -> str:
    """As ``visible``, with newlines and tabs named too: for a cell, an attribute or a title."""
    return visible(text).replace("\n", "‹LF›").replace("\t", "‹TAB›")


def _one(character: str) -> str:
    if character in "\n\t":
        return character
    if character in _BLANKS or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return _name(character)
    return character


def _name(character: str) -> str:
    code = ord(character)
    return f"‹{_NAMES[code]}›" if code in _NAMES else f"‹U+{code:04X}›"
