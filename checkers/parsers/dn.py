"""Distinguished names (RFC 4514), compared as a directory compares them: no case, escapes resolved, spaces folded."""

from __future__ import annotations

import re

from checkers.parsers.clean import fold

Dn = tuple[str, ...]
"""A name as its normalised parts, leaf first: ``("ou=compta", "dc=kerbras", "dc=lan")``."""

_ESCAPED = re.compile(r"((?:\\[0-9A-Fa-f]{2})+)|\\(.)", re.DOTALL)
_PART = re.compile(r"((?:[^\\,]|\\.)*)(,|\Z)", re.DOTALL)
_LIMIT = 4096


def split(dn: str) -> list[str]:
    """The parts of a name as written, leaf first. Raises ValueError when it is longer than a name can be."""
    if len(dn) > _LIMIT:
        raise ValueError("distinguished name too long")
    parts = [match[1].strip() for match in _PART.finditer(dn)]
    return [part for part in parts if part]


def normal(dn: str) -> Dn:
    """A name in the form that compares equal exactly when a directory would say it is the same."""
    return tuple(_part(part) for part in split(dn))


def _part(part: str) -> str:
    kind, _, value = part.partition("=")
    return f"{kind.strip().casefold()}={fold(unescape(value))}"


def parent(dn: str) -> Dn:
    """The normalised name of the container of an entry."""
    return normal(dn)[1:]


def leaf(dn: str) -> str:
    """The value of the first part, for people: ``Jean Dupont`` of ``CN=Jean Dupont,OU=…``."""
    parts = split(dn)
    return unescape(parts[0].partition("=")[2]).strip() if parts else ""


def unescape(value: str) -> str:
    """A value with its escapes resolved: ``\\,`` and hexadecimal pairs of UTF-8."""
    return _ESCAPED.sub(_plain, value.strip())


def _plain(match: re.Match[str]) -> str:
    if match[1]:
        return bytes.fromhex(match[1].replace("\\", "")).decode("utf-8", "replace")
    return match[2]


def under(dn: str, domain: str) -> Dn:
    """A name that a lab author wrote, with or without the domain's own parts."""
    name, base = normal(dn), normal(domain)
    if name[-len(base) :] == base or any(part.startswith("dc=") for part in name):
        return name
    return name + base
