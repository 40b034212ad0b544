"""The whole JSON Schema of ``lab.yml``: what each kind of check takes under ``with:`` follows from ``check:``."""

from __future__ import annotations

import json
from typing import Any

from checkers.check import Check
from checkers.checks import CHECKS
from checkers.reference.words import model_words, parameter_words
from labs.schema import Schema, described_schema, lab_schema, mutants_schema
from labs.text import Language

_NARROW = {"pattern", "format", "enum", "const"}
_PLACEHOLDER = {"type": "string", "pattern": r"\{\{ *variants\."}
_USES = ("CheckSpec", "Proof")
"""The models of ``lab.yml`` that use a check."""


def authoring_schema(language: Language = "fr") -> Schema:
    """The schema of ``lab.yml`` with the parameters of every check."""
    schema = lab_schema(language)
    kinds = sorted(CHECKS)
    parts: Schema = {}
    for kind in kinds:
        parts |= _parameters(kind, CHECKS[kind], language)
    for model in _USES:
        use = schema["$defs"][model]
        use["properties"]["check"] |= {
            "enum": kinds,
            "enumDescriptions": [CHECKS[kind].about.in_(language) for kind in kinds],
        }
        use["allOf"] = [_when(kind, CHECKS[kind]) for kind in kinds]
    schema["$defs"] |= parts
    return schema


def schema_text(language: Language = "fr") -> str:
    """The schema as a file holds it."""
    return _written(authoring_schema(language))


def mutants_schema_text(language: Language = "fr") -> str:
    """That of a file of mutants."""
    return _written(mutants_schema(language))


def _written(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _name(kind: str) -> str:
    return f"with-{kind}"


def _when(kind: str, check: type[Check]) -> Schema:
    """A kind's parameters are those of its class; ``with`` must be there when one of them has no default."""
    then: Schema = {"properties": {"with": {"$ref": f"#/$defs/{_name(kind)}"}}}
    if any(field.is_required() for field in check.model_fields.values()):
        then["required"] = ["with"]
    return {"if": {"properties": {"check": {"const": kind}}, "required": ["check"]}, "then": then}


def _parameters(kind: str, check: type[Check], language: Language) -> Schema:
    """The definitions of a kind: its parameters, and the models that these are made of."""

    def words(model: str, key: str) -> Any:
        return parameter_words(kind, key) if model == kind else model_words(model, key)

    found = described_schema(check.model_json_schema(mode="validation"), kind, words, language)
    inner = found.pop("$defs", {})
    renamed = {f"#/$defs/{name}": f"#/$defs/{_name(kind)}-{name}" for name in inner}
    whole = {
        _name(kind): {**found, "description": check.about.in_(language)},
        **{f"{_name(kind)}-{name}": value for name, value in inner.items()},
    }
    whole = {name: _or_variant(value) for name, value in whole.items()}
    named: Schema = _replaced(whole, renamed)
    return named


def _or_variant(value: Any) -> Any:
    """A schema that takes ``{{ variants.… }}``, too, where it takes a number, an address, a word of a list only."""
    if isinstance(value, list):
        return [_or_variant(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("type")
    narrow = kind in ("integer", "number", "boolean") or (kind == "string" and not value.keys().isdisjoint(_NARROW))
    if not narrow:
        return {key: _or_variant(member) for key, member in value.items()}
    about = {key: value[key] for key in ("description", "default") if key in value}
    return {**about, "anyOf": [{key: member for key, member in value.items() if key not in about}, _PLACEHOLDER]}


def _replaced(value: Any, renamed: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: renamed.get(member, member) if key == "$ref" else _replaced(member, renamed)
            for key, member in value.items()
        }
    return [_replaced(item, renamed) for item in value] if isinstance(value, list) else value
