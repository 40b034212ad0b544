"""The JSON Schemas of ``lab.yml`` and of a file of mutants, for editors that complete and check while an author types.

This layer knows no checks: their parameters are added by ``checkers.reference.schema``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from pydantic import BaseModel

from labs.model import Lab
from labs.mutant import Mutants
from labs.text import Language, Text
from labs.words import read_words

Schema = dict[str, Any]
Describe = Callable[[str, str], Text | None]
"""What is to be said of a key, by the name of its model and its own."""


def lab_schema(language: Language) -> Schema:
    """The schema (JSON Schema 2020-12), with what each key is for; a check's own parameters (``with``) left open."""
    return _whole(Lab, Text("Sujet Épreuve (lab.yml)", "Épreuve lab (lab.yml)"), language)


def mutants_schema(language: Language) -> Schema:
    """The schema of the file that ``mutants`` of ``lab.yml`` names."""
    return _whole(Mutants, Text("Mutants d'un sujet Épreuve", "Mutants of an Épreuve lab"), language)


def _whole(model: type[BaseModel], title: Text, language: Language) -> Schema:
    schema = model.model_json_schema(by_alias=True, mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **described_schema(schema, model.__name__, key_words, language),
        "title": title.in_(language),
    }


def key_words(model: str, key: str) -> Text | None:
    """What a key of ``lab.yml``, or of a file of mutants, is for."""
    found = _keys().get(model, {}).get(key)
    return found if isinstance(found, Text) else None


def described_schema(schema: Schema, model: str, describe: Describe, language: Language) -> Schema:
    """The schema of a model as an editor shows it: its words beside each key, nothing of the program's own.

    What may be left out is not offered as ``null``; titles and docstrings of the classes go.
    """
    shown: Schema = {key: value for key, value in schema.items() if key not in ("title", "description", "$defs")}
    if "properties" in schema:
        shown["properties"] = {
            key: _property(value, describe(model, key), language) for key, value in schema["properties"].items()
        }
    if "$defs" in schema:
        shown["$defs"] = {
            name: described_schema(value, name, describe, language) for name, value in schema["$defs"].items()
        }
    return shown


def _property(value: Schema, about: Text | None, language: Language) -> Schema:
    shown = {key: member for key, member in value.items() if key != "title"}
    if shown.get("default", ...) is None:
        del shown["default"]
    choices = [choice for choice in shown.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        del shown["anyOf"]
        shown = {**choices[0], **shown}
    elif choices:
        shown["anyOf"] = choices
    return shown if about is None else {**shown, "description": about.in_(language)}


@cache
def _keys() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = read_words("labs", "keys.yml")
    return found
