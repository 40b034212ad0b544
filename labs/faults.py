"""Pydantic's complaints in the user's words, each at the place of the value it is about."""

from __future__ import annotations

import re
import types
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import PurePath
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from labs.nodes import Node
from labs.problems import Problem, nearest, one_of
from labs.text import Text

_TYPES = {
    "string_type": Text("un texte", "text"),
    "int_type": Text("un nombre entier", "a whole number"),
    "int_from_float": Text("un nombre entier", "a whole number"),
    "bool_type": Text("true ou false", "true or false"),
    "decimal_type": Text("un nombre", "a number"),
    "decimal_parsing": Text("un nombre", "a number"),
    "float_type": Text("un nombre", "a number"),
    "model_type": Text("un ensemble « clé: valeur »", "a set of “key: value”"),
    "model_attributes_type": Text("un ensemble « clé: valeur »", "a set of “key: value”"),
    "dict_type": Text("un ensemble « clé: valeur »", "a set of “key: value”"),
    "tuple_type": Text("une liste", "a list"),
    "list_type": Text("une liste", "a list"),
    "set_type": Text("une liste", "a list"),
    "frozen_set_type": Text("une liste", "a list"),
    "path_type": Text("un chemin de fichier", "a file path"),
}

_ADDRESSES: dict[Any, Text] = {
    IPv4Address: Text("une adresse IPv4", "an IPv4 address"),
    IPv4Network: Text("un réseau IPv4, par exemple 192.168.1.0/24", "an IPv4 network, such as 192.168.1.0/24"),
    IPv4Interface: Text(
        "une adresse IPv4 et son préfixe, par exemple 192.168.1.10/24",
        "an IPv4 address and its prefix, such as 192.168.1.10/24",
    ),
}

_BOUNDS = {
    "greater_than": Text("plus de {gt}", "more than {gt}"),
    "greater_than_equal": Text("{ge} ou plus", "{ge} or more"),
    "less_than": Text("moins de {lt}", "less than {lt}"),
    "less_than_equal": Text("{le} ou moins", "{le} or less"),
    "multiple_of": Text("un multiple de {multiple_of}", "a multiple of {multiple_of}"),
    "too_short": Text("{min_length} élément(s) au moins", "at least {min_length} item(s)"),
    "too_long": Text("{max_length} élément(s) au plus", "at most {max_length} item(s)"),
    "string_too_short": Text("{min_length} caractère(s) au moins", "at least {min_length} character(s)"),
    "string_too_long": Text("{max_length} caractère(s) au plus", "at most {max_length} character(s)"),
}

PATTERNS = {
    r"^[a-z][a-z0-9-]{0,39}$": Text(
        "lettres minuscules, chiffres et tirets, en commençant par une lettre, 40 au plus",
        "lower-case letters, digits and hyphens, starting with a letter, at most 40",
    ),
    r"^[a-z][a-z0-9_]{0,39}$": Text(
        "lettres minuscules, chiffres et soulignés, en commençant par une lettre, 40 au plus",
        "lower-case letters, digits and underscores, starting with a letter, at most 40",
    ),
    r"^BC[0-9]{2}$": Text("un bloc, par exemple BC03", "a block, such as BC03"),
    r"^BC[0-9]{2}\.C[0-9]{1,2}$": Text("une compétence, par exemple BC03.C1", "a competency, such as BC03.C1"),
    r"^52:54:00(:[0-9a-f]{2}){3}$": Text(
        "une adresse matérielle en 52:54:00:xx:xx:xx, en minuscules",
        "a hardware address as 52:54:00:xx:xx:xx, in lower case",
    ),
    r"^[0-9]+\.[0-9]+\.[0-9]+$": Text("une version, par exemple 1.0.0", "a version, such as 1.0.0"),
    r"^eth[0-9]$": Text("eth0 à eth9", "eth0 to eth9"),
    r"^https?://[0-9A-Za-z.:-]{1,100}/[0-9A-Za-z._/-]{0,100}$": Text(
        "l'adresse d'une page, par exemple http://192.168.1.1/", "the address of a page, such as http://192.168.1.1/"
    ),
}
"""What the patterns of the model mean."""


_TOLD = "told"


def told(code: str, place: tuple[int | str, ...], what: Text, allowed: Text | None = None) -> InitErrorDetails:
    """A complaint in words of its own, for a model that raises ``ValidationError.from_exception_data`` with it.

    place: keys and indices from the model's own place to that of the value, or of the key when it is unknown.
    """
    error = PydanticCustomError(_TOLD, "told in words of its own", {"code": code, "what": what, "allowed": allowed})
    return InitErrorDetails(type=error, loc=place, input=None)


def validation_problems(
    error: ValidationError,
    root: Node,
    file: PurePath,
    model: type[BaseModel],
) -> list[Problem]:
    """One problem for each of pydantic's complaints about the value under ``root``, read as ``model``."""
    details = error.errors(include_url=False)
    problems = (_problem(detail, root, file, model) for detail in details if not _misspelt(detail, details))
    return list(dict.fromkeys(problem for problem in problems if problem is not None))


def _misspelt(missing: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether a key is missing because it is misspelt: then the unknown key beside it is the one fault to tell."""
    if missing["type"] != "missing" or not missing["loc"]:
        return False
    *parent, name = missing["loc"]
    return any(
        other["type"] == "extra_forbidden"
        and list(other["loc"][:-1]) == parent
        and nearest(str(other["loc"][-1]), [str(name)]) is not None
        for other in details
    )


def _problem(detail: ErrorDetails, root: Node, file: PurePath, model: type[BaseModel]) -> Problem | None:
    path = list(detail["loc"])
    kind, context = detail["type"], detail.get("ctx") or {}
    name = str(path[-1]) if path else ""
    if kind in ("missing", "extra_forbidden"):
        parent, annotation = _descend(root, model, path[:-1])
        if kind == "missing":
            return Problem(
                "missing-key",
                file,
                parent.line,
                parent.column,
                Text(f"il manque la clé « {name} »", f"key “{name}” is missing"),
            )
        place, value = parent.key(name), parent.get(name)
        keys = one_of(_keys(annotation), name)
        if " " in name and value is not None and value.value is None:  # { say: Them, like us. }: cut at the comma
            keys = Text(
                f"{keys.fr} ; ou des guillemets autour du texte entier, s'il contient une virgule",
                f"{keys.en}; or quotes around the whole text, if it holds a comma",
            )
        return Problem(
            "unknown-key",
            file,
            place.line,
            place.column,
            Text(f"clé inconnue « {name} »", f"unknown key “{name}”"),
            keys,
        )
    if name == "[key]":
        parent, annotation = _descend(root, model, path[:-2])[0], None
        place = parent.key(str(path[-2]))
    elif kind == _TOLD and context["code"] == "unknown-key":
        place, annotation = _descend(root, model, path[:-1])[0].key(name), None
    else:
        place, annotation = _descend(root, model, path)
    if kind == "too_short" and len(place.items) + len(place.map) >= context.get("min_length", 1):
        return None  # pydantic counts only the items it could read; their own faults are told already
    code, what, allowed = _words(kind, context, place, detail["msg"], annotation)
    return Problem(code, file, place.line, place.column, what, allowed)


def _words(
    kind: str, context: dict[str, Any], place: Node, message: str, annotation: Any
) -> tuple[str, Text, Text | None]:
    if kind == _TOLD:
        return context["code"], context["what"], context["allowed"]
    found = _shown(place)
    what = Text(f"{found.fr} ne convient pas ici", f"{found.en} does not fit here")
    if kind in _TYPES:
        allowed = _TYPES[kind]
        if kind == "string_type" and isinstance(place.value, (int, float)):
            allowed = Text(allowed.fr + " (entre guillemets)", allowed.en + " (between quotes)")
        return "wrong-type", what, allowed
    if kind in ("literal_error", "enum"):
        choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return "wrong-value", what, one_of(choices, str(place.value))
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        return "wrong-value", what, PATTERNS.get(pattern, Text(f"le motif {pattern}", f"the pattern {pattern}"))
    if kind in _BOUNDS:
        return "wrong-value", what, _BOUNDS[kind].format(**context)
    for choice in _choices(annotation):
        if choice in _ADDRESSES:
            return "wrong-value", what, _ADDRESSES[choice]
    detail = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return "wrong-value", Text(f"{what.fr} ({detail})", f"{what.en} ({detail})"), None


def _shown(node: Node) -> Text:
    if isinstance(node.value, dict):
        return Text("un ensemble « clé: valeur »", "a set of “key: value”")
    if isinstance(node.value, list):
        return Text("une liste", "a list")
    if node.value is None:
        return Text("une valeur vide", "an empty value")
    if isinstance(node.value, bool):
        value = "true" if node.value else "false"
        return Text(f"la valeur {value}", f"value {value}")
    value = str(node.value) if len(str(node.value)) <= 60 else str(node.value)[:57] + "…"
    if isinstance(node.value, str):
        return Text(f"le texte « {value} »", f"text “{value}”")
    return Text(f"le nombre {value}", f"number {value}")


def _descend(node: Node, annotation: Any, path: list[int | str]) -> tuple[Node, Any]:
    """The deepest node on a path of pydantic's, with its annotation: parts that name no node (branches) are skipped."""
    for part in path:
        if isinstance(part, int) and isinstance(node.value, list) and part < len(node.value):
            node, annotation = node.value[part], _inner(annotation, part)
        elif isinstance(node.value, dict) and str(part) in node.value:
            node, annotation = node.value[str(part)], _inner(annotation, part)
        else:
            annotation = _branch(annotation, part)
    return node, annotation


def _branch(annotation: Any, part: int | str) -> Any:
    """The member of a union that pydantic calls so; the whole union where none is."""
    for choice in _members(annotation):
        if get_origin(choice) is Annotated and Tag(str(part)) in get_args(choice):
            return choice
    return annotation


def _members(annotation: Any) -> list[Any]:
    """The members of a union as they are written."""
    if get_origin(annotation) in (Union, types.UnionType):
        return list(get_args(annotation))
    return _members(get_args(annotation)[0]) if get_origin(annotation) is Annotated else []


def _inner(annotation: Any, part: int | str) -> Any:
    """The annotation of a member of a value of this annotation; None when it cannot be told."""
    for choice in _choices(annotation):
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            for name, field in choice.model_fields.items():
                if part == (field.alias or name):
                    return field.annotation
        elif get_origin(choice) is dict:
            return get_args(choice)[1]
        elif get_origin(choice) in (tuple, list, set, frozenset):
            return get_args(choice)[0]
    return None


def _keys(annotation: Any) -> list[str]:
    return [
        field.alias or name
        for choice in _choices(annotation)
        if isinstance(choice, type) and issubclass(choice, BaseModel)
        for name, field in choice.model_fields.items()
    ]


def _choices(annotation: Any) -> list[Any]:
    """The members of a union, without ``Annotated``."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _choices(get_args(annotation)[0])
    if origin is Union or origin is types.UnionType:
        return [choice for member in get_args(annotation) for choice in _choices(member)]
    return [] if origin is Literal else [annotation]
