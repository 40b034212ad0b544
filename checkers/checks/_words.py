"""Words that the reasons of several checks share."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address

from labs.text import Text

NOTHING = Text("rien", "nothing")


def span(first: IPv4Address, last: IPv4Address) -> str:
    """``192.168.50.100–199``: the last address without what it shares with the first."""
    if first == last:
        return str(first)
    head, tail = str(first).rpartition("."), str(last).rpartition(".")
    return f"{first}–{tail[2]}" if head[0] == tail[0] else f"{first}–{last}"


def spans(found: Iterable[tuple[IPv4Address, IPv4Address]]) -> Text:
    """Several spans, or "none"."""
    text = ", ".join(span(first, last) for first, last in found)
    return Text(text, text) if text else Text("aucune", "none")


def listing(found: Iterable[object], limit: int = 8) -> Text:
    """Values as a reader wants them: « a, b », at most ``limit``, or "nothing"."""
    words = [str(word) for word in found]
    text = ", ".join(words[:limit]) + (", …" if len(words) > limit else "")
    return Text(text, text) if words else NOTHING


def quoted(word: object) -> Text:
    """A value between the quotes of each language."""
    return Text(f"« {word} »", f"“{word}”")


def clause(fr: str, en: str, **values: Text | object) -> Text:
    """A sentence whose values may be two-language texts themselves."""
    french = {name: value.fr if isinstance(value, Text) else value for name, value in values.items()}
    english = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
    return Text(fr.format(**french), en.format(**english))
