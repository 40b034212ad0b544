"""Reading what our scripts return: bounded, and whatever a candidate made of it. A wrong shape raises TypeError."""

from __future__ import annotations

from typing import Any

from checkers.parsers.clean import clip

MAX = 500


def text(value: Any, limit: int = 200) -> str:
    """A text, bounded; what is missing is empty."""
    if value is None:
        return ""
    if not isinstance(value, str | int):
        raise TypeError("not a text")
    return clip(str(value), limit)


def rows(value: Any, limit: int = MAX) -> list[Any]:
    """The elements of a list; what is missing is none."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value[:limit]


def texts(value: Any, limit: int = MAX) -> tuple[str, ...]:
    """The texts of a list."""
    return tuple(text(one) for one in rows(value, limit))


def number(value: Any, default: int | None = None) -> int:
    """A whole number. Raises TypeError when it is none and there is no default."""
    if isinstance(value, int):
        return int(value)
    if default is None:
        raise TypeError("not a number")
    return default
