"""Package sources of APT: one-line files (``*.list``) and deb822 files (``*.sources``), sources.list(5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPTIONS = re.compile(r"^(?P<type>deb(?:-src)?)\s+(?:\[(?P<options>[^\]]{0,2000})\]\s*)?(?P<rest>.*)$")
MAX_SOURCES = 100
_YES = ("yes", "true", "1", "on", "with", "enable")


@dataclass(frozen=True)
class Source:
    """One source of binary packages. unchecked: its signature is not asked for. key: what ``signed-by`` names, or
    ``inline``; empty when any key that the machine trusts will do."""

    uri: str
    suite: str
    components: tuple[str, ...]
    unchecked: bool
    key: str
    file: str


def sources(files: dict[str, list[str]]) -> list[Source]:
    """The sources in these files, those switched off left out. At most 100."""
    found: list[Source] = []
    for path, lines in files.items():
        found += _stanzas(path, lines) if path.endswith(".sources") else _lines(path, lines)
    return found[:MAX_SOURCES]


def _lines(path: str, lines: list[str]) -> list[Source]:
    found = []
    for line in lines:
        match = _OPTIONS.match(line.split("#", 1)[0].strip())
        if match is None or match["type"] != "deb":
            continue
        words = match["rest"].split()
        pairs = (word.partition("=") for word in (match["options"] or "").split())
        options = {name.lower(): value for name, _, value in pairs}
        if len(words) >= 2:
            found.append(_source(path, words[0], words[1], words[2:], options))
    return found


def _stanzas(path: str, lines: list[str]) -> list[Source]:
    found: list[Source] = []
    stanza: dict[str, str] = {}
    last = ""
    for line in [*lines, ""]:
        if line.startswith("#"):
            continue
        if not line.strip():
            found += _of(path, stanza)
            stanza, last = {}, ""
        elif line[0] in " \t":
            stanza[last] = f"{stanza.get(last, '')} {line.strip()}"
        else:
            name, _, value = line.partition(":")
            last = name.strip().lower()
            stanza[last] = value.strip()
    return found


def _of(path: str, stanza: dict[str, str]) -> list[Source]:
    off = stanza.get("enabled", "yes").lower() not in _YES
    if off or "deb" not in stanza.get("types", "").split():
        return []
    return [
        _source(path, uri, suite, stanza.get("components", "").split(), stanza)
        for uri in stanza.get("uris", "").split()[:20]
        for suite in stanza.get("suites", "").split()[:20]
    ]


def _source(path: str, uri: str, suite: str, components: list[str], options: dict[str, str]) -> Source:
    unchecked = any(options.get(name, "no").lower() in _YES for name in ("trusted", "allow-insecure", "allow-weak"))
    key = options.get("signed-by", "")
    inline = "BEGIN PGP" in key
    return Source(
        uri=uri[:300].rstrip("/"),
        suite=suite[:100],
        components=tuple(word[:60] for word in components[:20]),
        unchecked=unchecked,
        key="inline" if inline else key[:300],
        file=path[:200],
    )
