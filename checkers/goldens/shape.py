"""The shape of JSON values: what has been seen at each place, and where another value is different.

A shape is learnt from several values (the documented answers to one question); ``differences`` then tells what in a
recorded one was never seen there. Contents do not count: only names, types, forms of text, and small numbers that stand
for something (enumerations).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from checkers.expect.kinds import Kind

What = Literal["missing", "extra", "type", "array", "empty", "enum", "time", "form", "unknown"]

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("time UTC", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
        ("time with offset", r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?[+-]\d\d:\d\d"),
        ("time without zone", r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?"),
        ("time /Date()/", r"\\?/Date\(-?\d+([+-]\d{4})?\)\\?/"),
        ("time CIM", r"\d{14}\.\d{6}[+-]\d{3}"),
        ("time in local words", r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}([ T,]+\d{1,2}:\d\d(:\d\d)?( ?[AP]M)?)?"),
        ("time of day", r"\d\d:\d\d(:\d\d(\.\d+)?)?"),
        ("duration", r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"),
        ("SID", r"S-1(-\d+)+"),
        ("GUID", r"\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?"),
        ("hardware address", r"[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}"),
        ("IPv4", r"\d{1,3}(\.\d{1,3}){3}"),
        ("IPv4/length", r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}"),
    )
)
_COUNTS = re.compile(
    r"count|length|size|days|hours|minutes|seconds|_s$|_ms$|age|port|number|index|metric|priority|weight|threshold|"
    r"version|total|free|used|history|round|order|limit|id$|rid|year|month",
    re.IGNORECASE,
)
_ENUM_LIMIT = 64
"""Numbers of an enumeration are small; where larger ones are documented it is none."""
_ENUM_VALUES = 12


@dataclass(frozen=True)
class Difference:
    """One place where a value has another shape. path: as in a check's ``path:``. documented, recorded: in words."""

    path: str
    what: What
    documented: str
    recorded: str


@dataclass
class Shape:
    """What has been seen at one place. ``objects``: how many objects; ``seen``: in how many of them each key stood."""

    types: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    empty: set[str] = field(default_factory=set)
    objects: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    keys: dict[str, Shape] = field(default_factory=dict)
    items: Shape | None = None
    mapping: bool = False
    """Whether the keys of its objects are data, as names of network cards are."""
    before: list[tuple[Any, Kind | None]] = field(default_factory=list)
    """What stood under keys that were not yet known to be data, and the kinds that the model says."""

    def learn(self, value: Any, kind: Kind | None = None) -> None:
        """Add what a value shows. kind: what the model says stands there, when there is one."""
        self.types.add(type_of(value))
        if value in ("", [], {}):
            self.empty.add(type_of(value))
        if isinstance(value, str) and value:
            self.forms.add(form_of(value))
        elif isinstance(value, int) and not isinstance(value, bool):
            self.numbers.add(value)
        elif isinstance(value, list):
            for one in value:
                self._inner().learn(one, kind.inner if kind else None)
        elif isinstance(value, dict):
            self._learn_object(value, kind)

    def _learn_object(self, value: Mapping[str, Any], kind: Kind | None) -> None:
        self.objects += 1
        self.mapping = self.mapping or (kind.base == "mapping" if kind else not all(map(str.isidentifier, value)))
        for key, one in value.items():
            self.seen[key] = self.seen.get(key, 0) + 1
            of = (kind.fields.get(key) or kind.inner) if kind else None
            self.keys.setdefault(key, Shape()).learn(one, of)
            self.before.append((one, of))
        if self.mapping:
            for one, of in self.before:
                self._inner().learn(one, of)
            self.before.clear()

    def _inner(self) -> Shape:
        if self.items is None:
            self.items = Shape()
        return self.items

    def differences(self, value: Any, path: str = "") -> Iterator[Difference]:
        """Where a value shows what was never seen here."""
        found = type_of(value)
        if found not in self.types:
            yield self._of_another_type(value, path)
            return
        if value in ("", [], {}) and found not in self.empty and "null" in self.types:
            yield Difference(path, "empty", "null", _words(value))
        if isinstance(value, str) and value:
            yield from self._forms(value, path)
        elif found == "number":
            yield from self._enumeration(value, path)
        elif isinstance(value, list):
            for one in value:
                if self.items is None:
                    yield Difference(f"{path}[]", "unknown", "[]", _words(one))
                else:
                    yield from self.items.differences(one, f"{path}[]")
        elif isinstance(value, dict):
            yield from self._keys(value, path)

    def _of_another_type(self, value: Any, path: str) -> Difference:
        documented, found = ", ".join(sorted(self.types)), type_of(value)
        what: What = "type"
        if "list" in self.types or found == "list":
            what = "array"
        if found == "null":
            what = "empty"
        elif self.types == {"null"}:
            what = "empty" if value in ("", [], {}) else "unknown"
        return Difference(path, what, documented, _words(value))

    def _forms(self, value: str, path: str) -> Iterator[Difference]:
        form = form_of(value)
        if not self.forms or form in self.forms or "text" in self.forms:
            return
        times = any(one.startswith("time") for one in (*self.forms, form))
        yield Difference(path, "time" if times else "form", ", ".join(sorted(self.forms)), form)

    def _enumeration(self, value: int, path: str) -> Iterator[Difference]:
        small = all(0 <= one <= _ENUM_LIMIT for one in (*self.numbers, value))
        if (
            value in self.numbers
            or not small
            or len(self.numbers) > _ENUM_VALUES
            or _COUNTS.search(path.split(".")[-1])
        ):
            return
        yield Difference(path, "enum", ", ".join(map(str, sorted(self.numbers))), str(value))

    def _keys(self, value: Mapping[str, Any], path: str) -> Iterator[Difference]:
        if self.mapping:
            for one in value.values():
                yield from self._inner().differences(one, f"{path}[KEY]")
            return
        for key, times in self.seen.items():
            if key not in value and times == self.objects:
                yield Difference(_below(path, key), "missing", ", ".join(sorted(self.keys[key].types)), "")
        for key, one in value.items():
            if key in self.keys:
                yield from self.keys[key].differences(one, _below(path, key))
            else:
                yield Difference(_below(path, key), "extra", "", _words(one))


def type_of(value: Any) -> str:
    """The JSON type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "truth"
    return {int: "number", float: "fraction", str: "text", list: "list", dict: "object"}[type(value)]


def form_of(text: str) -> str:
    """Which form a text has: a time, an identifier, an address, or just ``text``."""
    return next((name for name, pattern in _FORMS if pattern.fullmatch(text)), "text")


def _below(path: str, key: str) -> str:
    return f"{path}.{key}".lstrip(".")


def _words(value: Any) -> str:
    """A value's type, never what it says."""
    name = type_of(value)
    return f"empty {name}" if value in ("", [], {}) else name
