"""Regular expressions that a candidate's text cannot slow down.

The text comes from a machine that a candidate administers, so a backtracking engine (Python's ``re``) could be made to
run for hours. These run in the Rust ``regex`` crate, by way of pydantic, which is here anyway: its time is linear in
the text, its programs are bounded, and it refuses what would need backtracking (look-around, back-references).
"""

from __future__ import annotations

from functools import lru_cache

from pydantic_core import SchemaError, SchemaValidator, core_schema

MAX_PATTERN = 200
"""Characters of an expression."""

_TIMES = 10
"""An expression must fit so many times into the largest program of the engine (10 MiB). Its time is linear in the text,
but also in the program: nested counts such as ``(.{0,200}x){9}`` would take seconds for a file."""


def fault(pattern: str) -> str | None:
    """Why an expression cannot be used, in the engine's words; None when it can."""
    if len(pattern) > MAX_PATTERN:
        return f"more than {MAX_PATTERN} characters"
    try:
        _compiled(pattern)
        _compiled(_whole(pattern))
    except SchemaError as error:
        return str(error).strip().splitlines()[-1].strip().removeprefix("error: ")
    return None if _small(pattern) else "its counts make it too large: write * or + instead"


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text has this form. Case matters, unless the expression begins with ``(?i)``."""
    return _compiled(_whole(pattern)).isinstance_python(text)


def somewhere(pattern: str, text: str) -> bool:
    """Whether some part of the text has this form."""
    return _compiled(pattern).isinstance_python(text)


def _whole(pattern: str) -> str:
    return rf"\A(?:{pattern})\z"


@lru_cache(maxsize=256)
def _small(pattern: str) -> bool:
    try:
        _compiled.__wrapped__(f"(?:{pattern}){{{_TIMES}}}")
    except SchemaError:
        return False
    return True


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> SchemaValidator:
    return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
