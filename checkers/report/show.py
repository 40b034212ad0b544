"""How numbers, times, places and values are written for people. Pure functions of a value and a language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from labs.text import Language, Text

HEAD, TAIL = 6_000, 2_000
"""Characters of a long output that the report shows, from its start and from its end."""
ROWS = 60
"""Rows of a value that the report shows."""
CELL = 300
"""Characters of one row of a value that the report shows."""
_DEPTH = 12

_CHANNELS = {
    "agent": Text("agent dans la machine", "agent inside the machine"),
    "ssh": Text("SSH vers la machine", "SSH to the machine"),
    "winrm": Text("WinRM vers la machine", "WinRM to the machine"),
    "disk": Text("disque de la machine, lu à l'arrêt", "the machine's disk, read at rest"),
    "disk-cut": Text("disque de la machine, mal arrêtée", "disk of the machine, not shut down properly"),
    "witness": Text("témoin sur le réseau", "witness on the network"),
    "radio": Text("témoin radio", "radio witness"),
    "hypervisor": Text("hyperviseur", "hypervisor"),
    "simulated": Text("simulation (réponse enregistrée)", "simulation (recorded answer)"),
    "none": Text("aucun canal n'a répondu", "no channel answered"),
}

_SOURCES = {
    "agent": Text("agent dans la {place}", "agent inside {place}"),
    "ssh": Text("SSH vers la {place}", "SSH to {place}"),
    "winrm": Text("WinRM vers la {place}", "WinRM to {place}"),
    "disk": Text("disque de la {place}, lu à l'arrêt", "disk of {place}, read at rest"),
    "disk-cut": Text("disque de la {place}, mal arrêtée", "disk of {place}, not shut down properly"),
    "witness": Text("sur le {place}", "on {place}"),
    "radio": Text("sur les ondes du {place}", "on the air of {place}"),
    "hypervisor": Text("hyperviseur", "hypervisor"),
}


def number(value: Decimal | float, language: Language) -> str:
    """``12``, ``12,5`` or ``12,25`` (``12.5`` in English): no needless zeros."""
    text = f"{Decimal(value):.2f}".rstrip("0").rstrip(".")
    return text if language == "en" else text.replace(".", ",")


def percent(part: Decimal, whole: Decimal) -> str:
    """A share as an SVG or CSS width; nothing of nothing is 0 %."""
    return f"{100 * part / whole:.2f}%" if whole else "0%"


def zone(name: str) -> tzinfo | None:
    """A time zone by its IANA name; UTC where the system does not know it. Empty: None, which is the host's own."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def zone_name(where: tzinfo | None) -> str:
    """How a time zone is called: ``Europe/Paris``; the host's own ``CET, UTC+01:00``."""
    if where is not None:
        return str(where)
    here = datetime.now().astimezone()
    return f"{here.tzname()}, {offset(here)}" if here.utcoffset() else "UTC"


def offset(local: datetime) -> str:
    """How far local time is from UTC: ``UTC+01:00``; ``UTC`` when it is not."""
    return f"UTC{local.isoformat()[-6:]}" if local.utcoffset() else "UTC"


def date_time(when: datetime, where: tzinfo | None, language: Language) -> str:
    """``21/11/2025 à 14:02:11 (UTC+01:00)``."""
    local = when.astimezone(where)
    if language == "en":
        return f"{local:%Y-%m-%d %H:%M:%S} ({offset(local)})"
    return f"{local:%d/%m/%Y} à {local:%H:%M:%S} ({offset(local)})"


def date_minute(when: datetime, where: tzinfo | None, language: Language) -> str:
    """``21/11/2025 à 14:02``: where the time zone is said elsewhere."""
    local = when.astimezone(where)
    return f"{local:%Y-%m-%d %H:%M}" if language == "en" else f"{local:%d/%m/%Y} à {local:%H:%M}"


def clock(when: datetime, where: tzinfo | None) -> str:
    """``14:02:11``: beside a date that is said elsewhere."""
    return f"{when.astimezone(where):%H:%M:%S}"


def duration(milliseconds: int, language: Language) -> str:
    """``12 ms`` or ``1,5 s``."""
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    return f"{number(Decimal(milliseconds) / 1000, language)} s"


def channel(name: str, language: Language) -> str:
    """A channel in words; an unknown one by its name."""
    return _CHANNELS[name].in_(language) if name in _CHANNELS else name


def place(at: str, titles: Mapping[str, str], language: Language) -> str:
    """Where a question was asked, in words: ``machine « Serveur » (server)``."""
    kind, _, name = at.rpartition(":")
    if kind == "wire":
        return _named(Text("réseau", "network"), titles.get(at, ""), name, language)
    if kind == "radio":
        return _named(Text("point d'accès", "access point"), titles.get(name, ""), name, language)
    if at == "bench":
        return Text("le poste entier", "the whole bench").in_(language)
    return _named(Text("machine", "machine"), titles.get(at, ""), at, language)


def source(channel_name: str, at: str, titles: Mapping[str, str], language: Language) -> str:
    """Who answered and where, as one phrase: ``agent dans la machine « Serveur » (server)``."""
    where = place(at, titles, language)
    if channel_name in _SOURCES:
        return _SOURCES[channel_name].in_(language).format(place=where)
    return f"{channel(channel_name, language)} – {where}"


def _named(noun: Text, title: str, name: str, language: Language) -> str:
    quoted = f"“{title}”" if language == "en" else f"«\xa0{title}\xa0»"
    return f"{noun.in_(language)} {quoted} ({name})" if title else f"{noun.in_(language)} {name}"


@dataclass(frozen=True)
class Cut:
    """A long text as shown: its start, how many characters are left out, its end."""

    head: str
    left_out: int = 0
    tail: str = ""


def cut(text: str, head: int = HEAD, tail: int = TAIL) -> Cut:
    """The start and the end of a text."""
    if len(text) <= head + tail:
        return Cut(text)
    return Cut(text[:head], len(text) - head - tail, text[-tail:])


def short(text: str, limit: int) -> str:
    """One line of at most ``limit`` characters."""
    line = re.sub(r"\s+", " ", text[: limit * 4]).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def rows(value: Any, language: Language) -> tuple[list[tuple[str, str]], bool]:
    """A JSON value as (name, value) rows, ``scopes[1].subnet → 192.168.50.0/24``; and whether rows are missing."""
    found = list(islice(_leaves(value, "", language, 0), ROWS + 1))
    return [(name[:CELL], short(text, CELL)) for name, text in found[:ROWS]], len(found) > ROWS


def summary(value: Any, language: Language, limit: int = 150) -> str:
    """A JSON value as one short line."""
    found = list(islice(_leaves(value, "", language, 0), 12))
    parts = [f"{name[:60]} = {short(text, 80)}" if name else short(text, 80) for name, text in found]
    return short(" ; ".join(parts), limit)


def _leaves(value: Any, name: str, language: Language, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEPTH:
        yield name, "…"
    elif isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, f"{name}.{key}" if name else str(key), language, depth + 1)
    elif isinstance(value, list | tuple) and value:
        if all(isinstance(item, str | int | float) and not isinstance(item, bool) for item in value):
            yield name, ", ".join(_text(item)[:CELL] for item in value[:ROWS]) + (", …" if len(value) > ROWS else "")
        else:
            for index, item in enumerate(value, start=1):
                yield from _leaves(item, f"{name}[{index}]", language, depth + 1)
    else:
        yield name, _leaf(value, language)


def _leaf(value: Any, language: Language) -> str:
    if isinstance(value, bool):
        return Text("oui" if value else "non", "yes" if value else "no").in_(language)
    if value is None:
        return Text("(sans valeur)", "(no value)").in_(language)
    if value in ("", [], {}, ()):
        return Text("(vide)", "(empty)").in_(language)
    return _text(value)


def _text(value: Any) -> str:
    """``str`` that also takes a number with more digits than Python agrees to write."""
    try:
        return str(value)
    except ValueError:
        return "…"
