"""Sentences about conditions, in a juror's words: what was found, what was expected. Bounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checkers.expect.condition import GROUPS, Condition
from checkers.expect.paths import plain
from checkers.parsers.clean import clip
from checkers.probe import Value
from labs.text import Text

MAX_SHOWN = 6
"""Values of a list that a sentence shows."""
NOTHING = Text("rien", "nothing")


def both(fr: str, en: str, *parts: Text) -> Text:
    """A sentence with ``%s`` for each part, whatever the parts hold."""
    return Text(fr % tuple(part.fr for part in parts), en % tuple(part.en for part in parts))


def same(text: str) -> Text:
    """Words that are the same in both languages."""
    return Text(text, text)


def joined(texts: Sequence[Text], fr: str = " ; ", en: str = "; ") -> Text:
    """Several clauses, the first ones only when there are many."""
    shown = list(texts[:MAX_SHOWN]) + ([same("…")] if len(texts) > MAX_SHOWN else [])
    return Text(fr.join(text.fr for text in shown), en.join(text.en for text in shown))


def value(found: Any) -> Text:
    """A value, found or expected: text between quotes, yes or no, a number; something with fields by its name."""
    if isinstance(found, bool):
        return Text("oui", "yes") if found else Text("non", "no")
    if isinstance(found, int):
        return same(str(found))
    if isinstance(found, Value):
        name = next((getattr(found, key) for key in ("name", "id", "dn") if hasattr(found, key)), None)
        return value(name) if isinstance(name, str) else Text("un élément", "an item")
    text = clip(plain(found), 120)
    return Text(f"« {text} »", f"“{text}”") if text.strip() else NOTHING


def values(found: Sequence[Any]) -> Text:
    """Several values."""
    return joined([value(one) for one in found], ", ", ", ") if found else NOTHING


def expected(condition: Condition) -> Text:
    """What a condition asks for."""
    name = condition.said()[0]
    asked = _asked(condition, name)
    if condition.path is None and condition.what is None:
        return asked
    return both("%s : %s", "%s: %s", label(condition), asked)


def label(condition: Condition) -> Text:
    """What the reason calls the thing: the trainer's words, else the path."""
    if condition.what is not None:
        return same(condition.what)
    path = Text(f"« {condition.path} »", f"“{condition.path}”")
    return path if condition.count is None else both("nombre de %s", "number of %s", path)


def compares_secret(condition: Condition) -> bool:
    """Whether a secret is compared in it, at any depth: then what was found is not told."""
    inner = [getattr(condition, name) or () for name in GROUPS]
    below = [one for given in inner for one in (given if isinstance(given, tuple) else (given,))]
    return condition.equals_secret is not None or any(compares_secret(one) for one in below)


def asked(condition: Condition) -> Text:
    """What a condition asks of the thing, without naming it."""
    return _asked(condition, condition.said()[0])


_GROUPS = {
    "all": Text("chaque valeur : %s", "every value: %s"),
    "any": Text("au moins une valeur : %s", "at least one value: %s"),
    "none": Text("aucune valeur : %s", "no value: %s"),
}
_WORDS = {"all": Text(" et ", " and "), "any": Text(" ou ", " or "), "none": Text(" ni ", " nor ")}


def _asked(condition: Condition, name: str) -> Text:
    given = getattr(condition, "one_of" if name == "in" else name)
    if name in _GROUPS:
        if isinstance(given, Condition):
            return both(_GROUPS[name].fr, _GROUPS[name].en, expected(given))
        listed = joined([expected(one) for one in given], _WORDS[name].fr, _WORDS[name].en)
        return both("ni %s", "neither %s", listed) if name == "none" else listed
    if name == "equals":
        return value(given)
    if name == "in":
        return joined([value(one) for one in given], " ou ", " or ")
    if name == "exactly":
        return both("exactement %s", "exactly %s", values(given))
    if name == "count":
        return expected(given)
    if name == "present":
        return Text("présent", "present") if given else Text("absent", "absent")
    if name == "between":
        return Text(f"de {given[0]} à {given[1]}", f"from {given[0]} to {given[1]}")
    form = {
        "at_least": Text("au moins %s", "at least %s"),
        "at_most": Text("au plus %s", "at most %s"),
        "contains": Text("un texte qui contient %s", "a text that holds %s"),
        "matches": Text("un texte de la forme %s", "a text of the form %s"),
        "equals_secret": Text("le secret %s", "the secret %s"),
    }[name]
    return both(form.fr, form.en, value(given))
