"""Whether a condition fits a probe's value: told while a lab is linted, each fault at the place of its key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic_core import InitErrorDetails

from checkers.expect import patterns
from checkers.expect.condition import GROUPS, NUMBERS, OPERATORS, TEXTS, TRUTHS, Condition
from checkers.expect.kinds import WORDS, Kind
from checkers.expect.paths import BadPath, Path, resolve
from labs.faults import told
from labs.problems import one_of
from labs.text import Text

Place = tuple[str | int, ...]
_COMPARISONS = {"text": TEXTS, "number": NUMBERS, "truth": TRUTHS}


def faults(condition: Condition, kind: Kind, place: Place = ()) -> Iterator[InitErrorDetails]:
    """What is wrong with a condition on something of this kind. place: of the condition, under ``expect``."""
    said = condition.said()
    if len(said) != 1:
        what = (
            Text("rien n'est attendu ici", "nothing is expected here")
            if not said
            else Text(f"plusieurs attentes à la fois : {', '.join(said)}", f"several at once: {', '.join(said)}")
        )
        yield told("bad-expectation", place, what, _one(said))
        return
    if condition.path is not None:
        yield from _at_path(condition, kind, said[0], place)
    elif said[0] in GROUPS:
        yield from _group(getattr(condition, said[0]), kind, said[0], place)
    elif kind.scalar:
        yield from _compared(condition, kind, said[0], place)
    else:
        yield told(
            "bad-expectation",
            place,
            Text("il manque le chemin (path)", "the path is missing"),
            one_of(kind.fields),
        )


def _one(said: list[str]) -> Text:
    if said:
        return Text("une seule ; plusieurs se mettent sous all:", "one; several go under all:")
    return one_of(OPERATORS)


def _group(inner: Any, kind: Kind, name: str, place: Place) -> Iterator[InitErrorDetails]:
    if isinstance(inner, Condition):
        yield told(
            "bad-expectation",
            (*place, name),
            Text(f"sans chemin, « {name} » prend une liste", f"without a path, “{name}” takes a list"),
            Text("une liste de conditions (- …)", "a list of conditions (- …)"),
        )
        return
    for index, condition in enumerate(inner):
        yield from faults(condition, kind, (*place, name, index))


def _at_path(condition: Condition, kind: Kind, name: str, place: Place) -> Iterator[InitErrorDetails]:
    try:
        path = resolve(kind, condition.path or "")
    except BadPath as bad:
        yield told("bad-path", (*place, "path"), bad.what, bad.allowed)
        return
    if name == "present":
        if not path.missing or path.every:
            yield told(
                "bad-expectation",
                (*place, name),
                Text(f"« {path.text} » est toujours là", f"“{path.text}” is always there"),
                Text("count pour une liste", "count for a list") if path.every else None,
            )
    elif name == "count":
        yield from _counted(condition, path, (*place, name))
    elif name in GROUPS or name == "exactly":
        yield from _each(condition, path, name, (*place, name))
    elif not path.kind.scalar:
        yield told("bad-path", (*place, "path"), *_unfinished(path))
    elif path.every:
        yield told(
            "bad-expectation",
            (*place, name),
            Text(f"« {path.text} » trouve plusieurs valeurs", f"“{path.text}” finds several values"),
            Text(
                f"any: {{ {name}: … }}, all, none, count, exactly", f"any: {{ {name}: … }}, all, none, count, exactly"
            ),
        )
    else:
        yield from _compared(condition, path.kind, name, place)


def _unfinished(path: Path) -> tuple[Text, Text]:
    """The path stops at something that cannot be compared."""
    word = WORDS[path.kind.base]
    what = Text(f"« {path.text} » ne se compare pas : {word.fr}", f"“{path.text}” cannot be compared: {word.en}")
    if path.kind.base == "record":
        return what, one_of(f"{path.text}.{name}" for name in path.kind.fields)
    return what, Text(f"{path.text}[*]", f"{path.text}[*]")


def _counted(condition: Condition, path: Path, place: Place) -> Iterator[InitErrorDetails]:
    if not path.several:
        yield told(
            "bad-expectation",
            place,
            Text(f"« {path.text} » ne compte rien", f"“{path.text}” counts nothing"),
            Text("un chemin avec [*] ou [champ=valeur]", "a path with [*] or [field=value]"),
        )
    elif condition.count is not None:
        yield from faults(condition.count, Kind("number"), place)


def _each(condition: Condition, path: Path, name: str, place: Place) -> Iterator[InitErrorDetails]:
    """all, any, none or exactly, on every value that a path finds."""
    if not path.every:
        allowed = Text(f"{path.text}[*]", f"{path.text}[*]") if path.kind.inner else Text("equals, in…", "equals, in…")
        what = Text(f"« {path.text} » ne parcourt pas de liste", f"“{path.text}” goes through no list")
        yield told("bad-expectation", place, what, allowed)
        return
    inner = getattr(condition, name)
    if name == "exactly":
        if not path.kind.scalar:
            yield told("bad-path", (*place[:-1], "path"), *_unfinished(path))
            return
        for index, value in enumerate(inner):
            yield from _fits(value, path.kind, (*place, index))
    elif isinstance(inner, Condition):
        yield from faults(inner, path.kind, place)
    else:
        yield told(
            "bad-expectation",
            place,
            Text(f"avec un chemin, « {name} » prend une seule condition", f"with a path, “{name}” takes one condition"),
            Text(f"{name}: {{ all: […] }}", f"{name}: {{ all: […] }}"),
        )


def _compared(condition: Condition, kind: Kind, name: str, place: Place) -> Iterator[InitErrorDetails]:
    allowed = _COMPARISONS[kind.base]
    here = (*place, name)
    if name not in allowed:
        word = WORDS[kind.base]
        what = Text(f"« {name} » ne compare pas un {word.fr}", f"“{name}” does not compare this: {word.en}")
        if kind.base == "truth":
            what = Text(f"« {name} » ne compare pas true et false", f"“{name}” does not compare true and false")
        yield told("bad-expectation", here, what, one_of(allowed))
    elif name == "equals":
        yield from _fits(condition.equals, kind, here)
    elif name == "in":
        for index, value in enumerate(condition.one_of or ()):
            yield from _fits(value, kind, (*here, index))
    elif name == "matches" and (why := patterns.fault(condition.matches or "")) is not None:
        yield told(
            "bad-pattern",
            here,
            Text(f"expression régulière inutilisable ({why})", f"unusable regular expression ({why})"),
            Text(
                "une expression régulière sans assertion avant/arrière ni référence arrière",
                "a regular expression without look-around and back-references",
            ),
        )
    elif name == "between" and condition.between and condition.between[0] > condition.between[1]:
        yield told("bad-expectation", here, Text("intervalle vide", "empty range"), Text("[min, max]", "[min, max]"))


def _fits(value: Any, kind: Kind, place: Place) -> Iterator[InitErrorDetails]:
    """A value that is compared is of the kind, and one that can be found."""
    right: type[str | int | bool] = {"text": str, "number": int, "truth": bool}[kind.base]
    if type(value) is not right:
        allowed = WORDS[kind.base]
        if kind.base == "text":
            allowed = Text(f"{allowed.fr} (entre guillemets)", f"{allowed.en} (between quotes)")
        shown = f"{value}".lower() if isinstance(value, bool) else f"{value}"[:60]
        yield told("wrong-type", place, Text(f"{shown} ne convient pas ici", f"{shown} does not fit here"), allowed)
    elif kind.choices and value not in kind.choices:
        yield told(
            "wrong-value",
            place,
            Text(f"« {value} » n'est jamais trouvé ici", f"“{value}” is never found here"),
            one_of((choice or "''" for choice in kind.choices), str(value)),
        )
