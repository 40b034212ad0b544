"""What the value of a probe is made of, read from its model: the fields that a path may name."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from checkers.probe import Value
from labs.text import Text

Base = Literal["text", "number", "truth", "list", "mapping", "record"]

WORDS: dict[Base, Text] = {
    "text": Text("texte", "text"),
    "number": Text("nombre entier", "whole number"),
    "truth": Text("true ou false", "true or false"),
    "list": Text("liste", "list"),
    "mapping": Text("ensemble par clé", "set by key"),
    "record": Text("ensemble de champs", "set of fields"),
}


@dataclass(frozen=True)
class Kind:
    """What stands somewhere in a value.

    optional: it may be missing. choices: the only texts possible, when they are known. inner: what a list or a mapping
    holds. fields: those of a record. field_of: the model and field that it is the value of.
    """

    base: Base
    optional: bool = False
    choices: tuple[str, ...] = ()
    inner: Kind | None = None
    fields: Mapping[str, Kind] = field(default_factory=dict)
    field_of: tuple[str, str] = ("", "")

    @property
    def scalar(self) -> bool:
        """Whether it can be compared by itself."""
        return self.base in ("text", "number", "truth")

    def words(self) -> Text:
        """It, for people: "text: a, b", "list of …"."""
        text = WORDS[self.base]
        if self.choices:
            listed = ", ".join(choice or "''" for choice in self.choices)
            text = Text(f"{text.fr} : {listed}", f"{text.en}: {listed}")
        if self.optional:
            text = Text(f"{text.fr} (peut manquer)", f"{text.en} (may be missing)")
        return text


_SCALARS: dict[Any, Base] = {
    str: "text",
    int: "number",
    bool: "truth",
    IPv4Address: "text",
    IPv4Network: "text",
    IPv4Interface: "text",
}


@cache
def record(model: type[Value]) -> Kind:
    """The kind of a probe's value."""
    fields = {
        name: replace(_kind(info.annotation), field_of=(model.__name__, name))
        for name, info in model.model_fields.items()
    }
    return Kind("record", fields=fields)


def leaves(kind: Kind, path: str = "") -> Iterator[tuple[str, Kind]]:
    """Every path into a value that can be compared, with what stands there, in the model's order."""
    if kind.base == "record":
        for name, inner in kind.fields.items():
            yield from leaves(replace(inner, optional=inner.optional or kind.optional), f"{path}.{name}".lstrip("."))
    elif kind.inner is not None:
        mark = "[*]" if kind.base == "list" else "[KEY]"
        inner = replace(kind.inner, optional=kind.inner.optional or kind.optional, field_of=kind.field_of)
        yield from leaves(inner, path + mark)
    else:
        yield path, kind


def _kind(annotation: Any) -> Kind:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(arguments[0])
    if origin in (Union, types.UnionType):
        return _union([_kind(member) for member in arguments if member is not type(None)], type(None) in arguments)
    if origin is Literal:
        return Kind("text", choices=tuple(str(choice) for choice in arguments))
    if origin in (tuple, list):
        return Kind("list", inner=_kind(arguments[0]))
    if origin is dict:
        return Kind("mapping", inner=_kind(arguments[1]))
    if annotation in _SCALARS:
        return Kind(_SCALARS[annotation])
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return record(annotation)
    raise TypeError(f"a probe's value cannot hold this: {annotation!r}")


def _union(kinds: list[Kind], optional: bool) -> Kind:
    """One kind, maybe optional; several sets of choices are one."""
    choices = tuple(dict.fromkeys(choice for kind in kinds for choice in kind.choices))
    if len({kind.base for kind in kinds}) != 1 or (len(kinds) > 1 and not all(kind.choices for kind in kinds)):
        raise TypeError("a probe's value holds one kind of thing in each field")
    return replace(kinds[0], choices=choices, optional=optional or kinds[0].optional)
