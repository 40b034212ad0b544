"""Shares in the output of ``testparm -s`` (smb.conf(5)): only what differs from the defaults is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SECTION = re.compile(r"\[(.{1,200})\]")
_MAX_SECTIONS = 500

_SYNONYMS = {
    "browsable": "browseable",
    "public": "guest ok",
    "writable": "!read only",
    "writeable": "!read only",
    "write ok": "!read only",
    "directory": "path",
    "users": "valid users",
    "user": "valid users",
    "username": "valid users",
}
DEFAULTS = {"read only": "yes", "browseable": "yes", "guest ok": "no", "available": "yes"}
_OPPOSITE = {"yes": "no", "no": "yes"}


@dataclass
class Section:
    """One section. ``options`` by lower-case name, synonyms resolved, yes/no in one spelling."""

    name: str
    options: dict[str, str] = field(default_factory=dict)


def parse(text: str) -> tuple[Section, list[Section]]:
    """The global section and the shares. A share inherits service options written in [global]."""
    sections: list[Section] = []
    for raw in text.split("\n"):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        match = _SECTION.fullmatch(line)
        if match is not None:
            if len(sections) >= _MAX_SECTIONS:
                raise ValueError("too many sections")
            sections.append(Section(match[1].strip()))
            continue
        name, equals, value = line.partition("=")
        if equals and sections:
            key, content = _option(name, value)
            sections[-1].options[key] = content
    whole = next((s for s in sections if s.name.lower() == "global"), Section("global"))
    return whole, [section for section in sections if section.name.lower() != "global"]


def value(whole: Section, share: Section, name: str) -> str:
    """The value of a share's option: its own, else the one of [global], else Samba's default."""
    return share.options.get(name) or whole.options.get(name) or DEFAULTS.get(name, "")


def _option(name: str, content: str) -> tuple[str, str]:
    key = " ".join(name.lower().split())
    key = _SYNONYMS.get(key, key)
    content = content.strip()
    low = content.lower()
    if low in ("yes", "true", "1", "on", "no", "false", "0", "off") and not content.isdigit():
        content = "yes" if low in ("yes", "true", "on") else "no"
    if key.startswith("!"):
        return key[1:], _OPPOSITE.get(content, content)
    return key, content


def names(content: str) -> list[str]:
    """The names of a user list: separated by commas or spaces, quoted when they hold spaces; ``@``/``+``/``&`` kept."""
    found = re.findall(r'[@+&]*"[^"]{1,200}"|[^\s,]{1,200}', content[:8192])
    return [name.replace('"', "") for name in found]
