"""Paths into a probe's value: ``active``, ``printers[name=laser].uri``, ``triggers[*].active``, ``versions[KEY]``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from checkers.expect.kinds import Kind
from checkers.probe import Value
from labs.problems import one_of
from labs.text import Text

MAX_PATH = 300
_STEP = re.compile(r"(?P<dot>\.?)(?P<name>[A-Za-z_][A-Za-z0-9_]*)|\[(?P<bracket>[^\]]*)\]")


class BadPath(Exception):  # noqa: N818 - a statement about a path, told by the linter
    """A path that leads nowhere in a value of this kind."""

    def __init__(self, what: Text, allowed: Text | None = None) -> None:
        super().__init__(what.en)
        self.what = what
        self.allowed = allowed


@dataclass(frozen=True)
class Step:
    """One step. name: a field. Else a bracket: every element, those whose ``where`` is ``equals``, or a key."""

    text: str
    name: str = ""
    every: bool = False
    where: str = ""
    equals: str = ""


@dataclass(frozen=True)
class Path:
    """A path that leads somewhere. kind: what stands there. every: it goes through every element of a list. several: it
    may find more than one value. missing: it may find nothing."""

    text: str
    steps: tuple[Step, ...]
    kind: Kind
    every: bool
    several: bool
    missing: bool


def resolve(kind: Kind, text: str) -> Path:
    """The path that a text writes, from something of this kind. Raises BadPath."""
    if not text:
        raise BadPath(Text("le chemin est vide", "the path is empty"), one_of(kind.fields))
    steps: list[Step] = []
    here, position = kind, 0
    missing = False
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None or len(text) > MAX_PATH or (match["name"] and bool(match["dot"]) != bool(position)):
            raise BadPath(
                Text(f"le chemin « {text} » est mal écrit", f"path “{text}” is badly written"),
                Text("des champs : printers[name=laser].uri", "fields: printers[name=laser].uri"),
            )
        step, here = _step(here, match, text[:position])
        steps.append(step)
        missing = missing or here.optional or bool(step.where) or (not step.name and not step.every)
        position = match.end()
    every = any(step.every for step in steps)
    return Path(text, tuple(steps), here, every, every or any(step.where for step in steps), missing)


def _step(kind: Kind, match: re.Match[str], before: str) -> tuple[Step, Kind]:
    name, bracket = match["name"], match["bracket"]
    if name is not None:
        if kind.base in ("list", "mapping"):
            mark = "[*]" if kind.base == "list" else "[…]"
            raise BadPath(
                Text(f"« {before} » contient plusieurs éléments", f"“{before}” holds several elements"),
                Text(f"{before}{mark}.{name}", f"{before}{mark}.{name}"),
            )
        return Step(name, name=name), field_of(kind, name)
    inner = kind.inner
    if inner is None:
        raise BadPath(Text(f"« {before} » n'est pas une liste", f"“{before}” is no list"))
    if bracket == "*":
        return Step("[*]", every=True), inner
    if kind.base == "mapping":
        return Step(f"[{bracket}]", equals=bracket), inner
    where, sign, equals = bracket.partition("=")
    if not sign:
        raise BadPath(
            Text(f"« [{bracket}] » ne choisit rien dans une liste", f"“[{bracket}]” chooses nothing in a list"),
            Text("[*], ou [champ=valeur]", "[*], or [field=value]"),
        )
    if not field_of(inner, where).scalar:
        raise BadPath(Text(f"« {where} » ne se compare pas", f"“{where}” cannot be compared"))
    return Step(f"[{bracket}]", where=where, equals=equals), inner


def field_of(kind: Kind, name: str) -> Kind:
    """A field of a record. Raises BadPath with the fields that there are."""
    if name not in kind.fields:
        raise BadPath(Text(f"champ inconnu « {name} »", f"unknown field “{name}”"), one_of(kind.fields, name))
    return kind.fields[name]


@dataclass(frozen=True)
class Found:
    """What a path finds. lost: why it finds nothing at all. gaps: elements without a value. unseen: how many values the
    probe says it could not see."""

    values: tuple[Any, ...] = ()
    lost: str = ""
    gaps: int = 0
    unseen: int = 0


def follow(path: Path, value: Any) -> Found:
    """What stands at the end of a path."""
    found = Found(values=(value,))
    through = ""
    every = False
    for step in path.steps:
        through = f"{through}.{step.text}" if step.name and through else through + step.text
        every = every or step.every
        found = _go(step, found)
        if not found.values and not found.unseen and not every:
            return Found(lost=through)
    return found


def _go(step: Step, found: Found) -> Found:
    values: list[Any] = []
    gaps, unseen = found.gaps, found.unseen
    for value in found.values:
        if step.name and step.name in value.not_seen():
            unseen += 1
            continue
        reached = _reached(step, value)
        gaps += not reached and not step.every
        values += reached
    return replace(found, values=tuple(values), gaps=gaps, unseen=unseen)


def _reached(step: Step, value: Any) -> Sequence[Any]:
    if step.name:
        inner = getattr(value, step.name)
        return () if inner is None else (inner,)
    if isinstance(value, Mapping):
        return [inner for key, inner in value.items() if step.every or str(key) == step.equals]
    if step.every:
        return list(value)
    return [inner for inner in value if _is(inner, step)]


def _is(element: Value, step: Step) -> bool:
    found = getattr(element, step.where)
    return found is not None and plain(found) == step.equals


def plain(value: Any) -> str:
    """A value as a path and a sentence write it."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
