"""Words kept beside the code as YAML: sentences in French and in English, under the name of what they are about."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from labs.text import Text


def read_words(package: str, name: str) -> Any:
    """A file of words of a package of ours, each pair of sentences as a Text."""
    return _texts(YAML(typ="safe", pure=True).load(files(package).joinpath(name).read_text(encoding="utf-8")))


def _texts(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "fr" in value:
        return Text(**value)  # a comma that is not between quotes makes a third key: refused
    return {key: member if key == "example" else _texts(member) for key, member in value.items()}
