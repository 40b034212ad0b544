"""Two-language text: French first, English second.

Every sentence a user may read is written once, in both languages, where it is meant::

    Text("étendue trouvée {found}", "scope found {found}").format(found="192.168.1.10–20")
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Language = Literal["fr", "en"]


class Text(BaseModel):
    """A sentence in French and in English. Immutable; compares by value; stored as ``{"fr": …, "en": …}``."""

    model_config = ConfigDict(frozen=True)

    fr: str
    en: str

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(fr=fr, en=en)

    def format(self, **values: Any) -> Text:
        """Fill the same values into both languages."""
        return Text(self.fr.format(**values), self.en.format(**values))

    def in_(self, language: Language) -> str:
        """The sentence in one language."""
        return self.en if language == "en" else self.fr

    def __str__(self) -> str:
        return self.in_(current_language())


_spoken: ContextVar[Language | None] = ContextVar("language", default=None)


def speak(language: Language | None) -> None:
    """Set the language of what runs in this context (a web request); None: that of the process again."""
    _spoken.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """In this language, for the time of a ``with`` block; then as before it."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def current_language() -> Language:
    """The language of this context, else of this process: ``EPREUVE_LANG=en`` for English, else French."""
    if (spoken := _spoken.get()) is not None:
        return spoken
    return "en" if os.environ.get("EPREUVE_LANG", "").lower().startswith("en") else "fr"


def tr(fr: str, en: str) -> str:
    """A sentence in the language of this process (for texts of the command line itself)."""
    return str(Text(fr, en))
