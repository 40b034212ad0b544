"""Names of folders made from names of people."""

from __future__ import annotations

import re
import unicodedata

SLUG_LIMIT = 40
"""Characters of a name that a folder keeps."""

_LETTERS = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l"}
)


def slug(name: str) -> str:
    """The name in lower-case ASCII letters, digits and hyphens; ``candidat`` when nothing of it is left."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS)).encode("ascii", "ignore").decode("ascii")
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    return words[:SLUG_LIMIT].rstrip("-") or "candidat"


def folder_name(number: int, name: str) -> str:
    """The folder of a candidate: unique by its number, one safe path component whatever the name holds."""
    return f"{number:02d}-{slug(name)}"
