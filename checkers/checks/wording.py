"""Sentences that many checks say the same way, and parameters that many take."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from checkers.parsers.clean import clip
from checkers.verdict import Finding, Tally, failed
from labs.text import Text

T = TypeVar("T")


class _Listed:
    """Takes one value for a list of one, and says so in the schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        listed = handler(schema)
        return {"anyOf": [listed["items"], listed]}


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


OneOrMore = Annotated[tuple[T, ...], _Listed()]
"""A parameter that may be written as one value or as a list."""


def shown(text: str, limit: int = 160) -> Text:
    """What was found, for a sentence; an empty text is said so."""
    return Text(f"« {clip(text, limit)} »", f"“{clip(text, limit)}”") if text.strip() else Text("rien", "nothing")


def compare(
    tally: Tally, what: Text, found: str, expected: str, holds: bool, *, weight: int = 1, required: bool = False
) -> bool:
    """Count one expectation said as "what: found …, expected …"."""
    got, want = shown(found), shown(expected)
    return tally.expect(
        holds,
        Text(f"{what.fr} : {got.fr}", f"{what.en}: {got.en}"),
        Text(
            f"{what.fr} : trouvé {got.fr}, attendu {want.fr}",
            f"{what.en}: found {got.en}, expected {want.en}",
        ),
        weight=weight,
        required=required,
    )


def absent(what: Text) -> Finding:
    """The thing the check is about is not there at all."""
    return failed(Text(f"{what.fr} : introuvable", f"{what.en}: not found"))


def yes_no(value: bool) -> Text:
    """A truth in words."""
    return Text("oui", "yes") if value else Text("non", "no")
