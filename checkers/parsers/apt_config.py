"""apt's settings as ``apt-config dump`` prints them, its sources as ``apt-get indextargets`` does, and the patterns of
unattended-upgrades(8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase

_LINE = re.compile(r'^([A-Za-z0-9:_./+-]{1,200}) "([^"]{0,1000})";$')
_EVERY = re.compile(r"^([0-9]{1,9})([smhd]?)$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "": 86400}
_KEYS = {
    **dict.fromkeys(("o", "origin"), "origin"),
    **dict.fromkeys(("l", "label"), "label"),
    **dict.fromkeys(("a", "suite", "archive"), "suite"),
    **dict.fromkeys(("n", "codename"), "codename"),
    **dict.fromkeys(("c", "component"), "component"),
    "site": "site",
}
_LIMIT = 2000


def dump(text: str) -> dict[str, list[str]]:
    """option (lower case; a list's without its ``::``) → its values, in order."""
    found: dict[str, list[str]] = {}
    for line in text.split("\n")[:_LIMIT]:
        match = _LINE.match(line)
        if match is not None:
            found.setdefault(match[1].lower().removesuffix("::"), []).append(match[2])
    return found


def one(options: Mapping[str, list[str]], name: str) -> str:
    """A setting that has one value: the last counts; empty when there is none."""
    return (options.get(name.lower()) or [""])[-1]


def period(text: str) -> int | None:
    """Seconds between two runs of a job of APT::Periodic; None: never. A bare number is days, ``always`` each run."""
    if text == "always":
        return 1
    match = _EVERY.match(text)
    if match is None:
        return None
    return int(match[1]) * _SECONDS[match[2]] or None


def patterns(options: Mapping[str, list[str]]) -> list[str]:
    """What unattended-upgrades takes updates from, in the form of Origins-Pattern."""
    allowed = [
        f"origin={origin},suite={suite}"
        for origin, colon, suite in (
            value.partition(":") for value in options.get("unattended-upgrade::allowed-origins", [])
        )
        if colon
    ]
    return [value for value in options.get("unattended-upgrade::origins-pattern", []) if value] + allowed


def covers(pattern: str, release: Mapping[str, str], words: Mapping[str, str]) -> bool:
    """Whether a pattern (``origin=Debian,codename=${distro_codename}``) takes a release. words: what ``${…}`` mean."""
    for name, value in words.items():
        pattern = pattern.replace("${" + name + "}", value)
    for token in pattern.split(","):
        key, equals, value = token.strip().partition("=")
        if not equals or key not in _KEYS or value.count("*") > 3:
            return False
        if not fnmatchcase(release.get(_KEYS[key], ""), value):
            return False
    return True
