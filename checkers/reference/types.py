"""What a parameter takes, in words, from its JSON Schema."""

from __future__ import annotations

from typing import Any

from labs.schema import Schema
from labs.text import Text

_NAMES = {
    "string": Text("texte", "text"),
    "integer": Text("nombre entier", "whole number"),
    "number": Text("nombre", "number"),
    "boolean": Text("true ou false", "true or false"),
    "object": Text("ensemble clé: valeur", "set of key: value"),
    "ipv4": Text("adresse IPv4", "IPv4 address"),
    "ipv4interface": Text("adresse IPv4/préfixe", "IPv4 address/prefix"),
    "ipv4network": Text("réseau IPv4", "IPv4 network"),
    "date-time": Text("moment", "moment"),
}


def type_words(value: Schema, parts: Schema) -> Text:
    """What a value takes. parts: the definitions that ``$ref`` may name."""
    if "$ref" in value:
        named = parts[value["$ref"].rsplit("/", 1)[1]]
        keys = ", ".join(named.get("properties", {}))
        return Text(f"{{ {keys} }}", f"{{ {keys} }}") if keys else type_words(named, parts)
    if "anyOf" in value:
        return _either([type_words(choice, parts) for choice in value["anyOf"] if choice.get("type") != "null"])
    if "enum" in value or "const" in value:
        choices = [choice for choice in value.get("enum", [value.get("const")]) if choice != ""]
        return _either([Text(f"`{choice}`", f"`{choice}`") for choice in choices])
    if value.get("type") == "array":
        item = type_words(value.get("items", {}), parts)
        return Text(f"liste : {item.fr}", f"list of {item.en}")
    if value.get("type") == "object" and isinstance(value.get("additionalProperties"), dict):
        item = type_words(value["additionalProperties"], parts)
        return Text(f"nom: {item.fr}", f"name: {item.en}")
    return _NAMES.get(str(value.get("format", value.get("type"))), Text("valeur", "value"))


def default_words(value: Schema, required: bool) -> str:
    """The default as YAML writes it: empty for what must be given, a dash where nothing is expected."""
    default: Any = value.get("default")
    if required:
        return ""
    if default is None or default == []:
        return "—"
    return f"`{str(default).lower()}`" if isinstance(default, bool) else f"`{default}`"


def _either(choices: list[Text]) -> Text:
    unique = list(dict.fromkeys((choice.fr, choice.en) for choice in choices))
    return Text(" ou ".join(fr for fr, _ in unique), " or ".join(en for _, en in unique))
