"""Variants: what is not the same for everybody in a lab. A name, an address, an SSID that is drawn from a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from labs.base import Strict
from labs.text import Text

Scalar = str | int | float
Value = Scalar | dict[str, Scalar]
"""Text or a number; or several of them that go together, each under its name."""
Values = Mapping[str, Value]
"""The value of each variant, by name."""

MAX_VARIANTS, MAX_VALUES = 12, 24
"""Of a lab, and of a variant: all are linted."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_TEXT = re.compile(r"[^\x00-\x1f\x7f{}]{1,200}\Z")


def is_value(given: object) -> bool:
    """Whether this may be a value: text on one line and without braces, a number, or such under names."""
    if isinstance(given, dict):
        return bool(given) and all(_NAME.match(str(name)) and _is_scalar(part) for name, part in given.items())
    return _is_scalar(given)


def _is_scalar(given: object) -> bool:
    if isinstance(given, str):
        return _TEXT.match(given) is not None
    return isinstance(given, (int, float)) and not isinstance(given, bool)


def _value(given: object) -> object:
    if is_value(given):
        return given
    allowed = Text(
        "un texte d'une ligne sans accolades, un nombre, ou plusieurs sous des noms en minuscules",
        "text on one line without braces, a number, or several of them under lower-case names",
    )
    what = Text("ce n'est pas une valeur de variante", "this is no value of a variant")
    raise PydanticCustomError("told", "no value", {"code": "wrong-type", "what": what, "allowed": allowed})


class Variant(Strict):
    """Something of which each candidate, or each session, gets one of these values."""

    per: Literal["candidate", "session"]
    values: Annotated[
        tuple[Annotated[Value, BeforeValidator(_value)], ...],
        Field(min_length=2, max_length=MAX_VALUES),
    ]


def parts(value: Value) -> dict[str, Scalar]:
    """The parts of a value, by name; a plain value is one part without a name."""
    return dict(value) if isinstance(value, dict) else {"": value}


def variable(name: str, part: str) -> str:
    """What a variant, or a part of it (else empty), is called in the environment of a script."""
    return "_".join(word for word in ("VARIANTS", name, part) if word).upper()


def environment(values: Values) -> dict[str, str]:
    """Values as the environment of a script: ``VARIANTS_SITE_SSID`` for ``variants.site.ssid``."""
    return {variable(name, part): str(one) for name, value in values.items() for part, one in parts(value).items()}


def in_words(values: Values) -> str:
    """``site = Lorient, Kerbras-Lorient ; …``, for people; empty when there are none."""
    return " ; ".join(f"{name} = {value_in_words(value)}" for name, value in values.items())


def value_in_words(value: Value) -> str:
    """``Lorient, Kerbras-Lorient``: a value's parts in their order."""
    return ", ".join(map(str, parts(value).values()))
