"""What the parameters of the checks are for, and an example of each check (``checks.yml``, beside this file)."""

from __future__ import annotations

from functools import cache
from typing import Any

from labs.text import Text
from labs.words import read_words


def parameter_words(kind: str, name: str) -> Text | None:
    """What a parameter of a kind of check is for: its own words, else those that the name has everywhere."""
    words = _words()
    found = words["checks"].get(kind, {}).get(name) or words["parameters"].get(name)
    return found if isinstance(found, Text) else None


def model_words(model: str, key: str) -> Text | None:
    """What a key is for in a model that parameters are made of."""
    found = _words()["models"].get(model, {}).get(key)
    return found if isinstance(found, Text) else None


def field_words(model: str, name: str) -> Text | None:
    """What a field of a probe's value means."""
    found = read_fields().get(model, {}).get(name)
    return found if isinstance(found, Text) else None


def example(kind: str) -> dict[str, Any] | None:
    """The parameters of an example of a kind of check, as ``with:`` holds them."""
    found: dict[str, Any] | None = _words()["checks"].get(kind, {}).get("example")
    return found


def questions() -> dict[str, dict[str, Any]]:
    """What the probes that only ``fact`` asks take in an example."""
    found: dict[str, dict[str, Any]] = _words()["questions"]
    return found


def worded() -> dict[str, frozenset[str]]:
    """The kinds that have words, with the parameters that these are about."""
    return {kind: frozenset(entry) - {"example"} for kind, entry in _words()["checks"].items()}


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = read_words("checkers.reference", "checks.yml")
    return found


@cache
def read_fields() -> dict[str, dict[str, Any]]:
    """Every field that has words (``fields.yml``), by the name of its model."""
    found: dict[str, dict[str, Any]] = read_words("checkers.reference", "fields.yml")
    return found
