"""GptTmpl.inf, the file of security settings of a group policy (MS-GPSB 2.2): sections of ``name = value``.

Lines of ``[Registry Values]`` are ``MACHINE\\key\\value=type,data``.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from checkers.parsers.registry_pol import TYPES

_MAX = 2000
_REGISTRY = "registry values"


@dataclass(frozen=True)
class Entry:
    """One setting. key: a registry key, or the name of the section; type: ``INF`` for what is not in the registry."""

    key: str
    value: str
    type: str
    data: str


def parse(content: bytes) -> list[Entry]:
    """The settings in a file, at most 2000 of them; what is no setting is left out."""
    section, found = "", []
    for line in decoded(content).splitlines():
        bare = line.strip()
        name, equals, data = (part.strip() for part in bare.partition("="))
        if bare.startswith("[") and bare.endswith("]"):
            section = bare[1:-1].strip()
        elif equals and not bare.startswith(";") and section.lower() not in ("", "unicode", "version"):
            found.append(_registry(name, data) if section.lower() == _REGISTRY else Entry(section, name, "INF", data))
    return found[:_MAX]


def decoded(content: bytes) -> str:
    """The text of a file that Windows wrote: its encoding by its mark, else as the West wrote before Unicode."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF8, "utf-8")):
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    return content.decode("cp1252", "replace")


def _registry(name: str, text: str) -> Entry:
    path, _, value = name.strip('"').rpartition("\\")
    key = path.partition("\\")[2] if path.upper().startswith("MACHINE\\") else path
    kind, _, data = text.partition(",")
    number = int(kind) if kind.strip().isdigit() and len(kind) < 4 else -1
    return Entry(key, value, TYPES.get(number, f"REG_{kind[:8]}"), data.strip().strip('"'))
