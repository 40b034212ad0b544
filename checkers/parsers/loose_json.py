"""JSON as Kea reads it: comments ``//``, ``#`` and ``/* */``, trailing commas and ``<?include "file"?>``.

Source: Kea Administrator Reference Manual, "JSON syntax" and "Comments and user context".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

# Every alternative takes what it starts on to its end or to the end of the text, so reading stays linear.
_TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*+(?:"|\\?\Z))'
    r"|(?P<comment>//[^\n]*+|#[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\*?\Z))"
    r'|(?P<include><\?include\s*+"(?P<file>[^"\n]*+)"\s*+\?>)',
    re.DOTALL,
)
_TRAILING = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|,(?=\s*+[}\]])', re.DOTALL)

MAX_INCLUDES = 50


def load(text: str, files: Mapping[str, str] | None = None) -> Any:
    """The data in a text. ``files``: what may be included, by the name used. Raises ValueError when it is not JSON."""
    budget = [MAX_INCLUDES]
    plain = _strip(text, files or {}, budget)
    try:
        return json.loads(_TRAILING.sub(lambda match: "" if match[0] == "," else match[0], plain))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _strip(text: str, files: Mapping[str, str], budget: list[int]) -> str:
    def one(match: re.Match[str]) -> str:
        if match["string"] is not None:
            return match[0]
        if match["comment"] is not None:
            return " "
        budget[0] -= 1
        if budget[0] < 0:
            raise ValueError("too many included files")
        name = match["file"]
        if name not in files:
            raise ValueError(f"included file not read: {name[:100]}")
        return _strip(files[name], files, budget)

    return _TOKEN.sub(one, text)
