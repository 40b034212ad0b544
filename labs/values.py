"""Which value of each variant: the first ones, those that a person names, those that are drawn for a candidate.

Drawing is a pure function that anybody can compute again, and stays as it is for ever: all values of a session follow
from the seed in its journal. The SHA-256 of five lines, without a line feed at the end, is read as a number; modulo how
many values there are, it counts from the first one (which is 0)::

    printf 'epreuve-variants/1\\n%s\\n%s\\n%s\\n%s' SEED SESSION CANDIDATE NAME | sha256sum

CANDIDATE is empty for a variant that has one value for the whole session.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from labs.errors import EpreuveError, UsageError
from labs.problems import one_of
from labs.text import Text
from labs.variant import Value, Values, Variant, in_words, parts

_THAT_VERSION = Text(
    "Prenez la version du sujet dont le poste a été fait.", "Take the version of the lab that the bench was made from."
)


class VariantError(EpreuveError):
    """A lab cannot be had with these values."""

    code = "variant"


def first(declared: Mapping[str, Sequence[Value]]) -> dict[str, Value]:
    """The first value of each variant: the lab as it is shown and proved when nothing else is said."""
    return {name: values[0] for name, values in declared.items()}


def drawn(declared: Mapping[str, Variant], *, seed: str, session: str, candidate: str) -> dict[str, Value]:
    """The values of a candidate of a session (see the module)."""
    found: dict[str, Value] = {}
    for name, variant in declared.items():
        whose = candidate if variant.per == "candidate" else ""
        text = "\n".join(("epreuve-variants/1", seed, session, whose, name))
        number = int.from_bytes(hashlib.sha256(text.encode()).digest())
        found[name] = variant.values[number % len(variant.values)]
    return found


def chosen(declared: Mapping[str, Variant], wanted: Mapping[str, str]) -> dict[str, Value]:
    """The first values, but for those that a person names: by the value, or by any text in it.

    Raises UsageError when there is no such variant or value.
    """
    found = first({name: variant.values for name, variant in declared.items()})
    for name, text in wanted.items():
        if name not in declared:
            raise UsageError(
                Text(f"Le sujet n'a pas de variante « {name} ».", f"The lab has no variant “{name}”."),
                do=_choose(one_of(declared, name)),
            )
        values = declared[name].values
        named = [value for value in values if text in map(str, parts(value).values())]
        if len(named) != 1:
            raise UsageError(
                Text(
                    f"« {text} » ne désigne pas une valeur de la variante « {name} ».",
                    f"“{text}” names no single value of variant “{name}”.",
                ),
                do=_choose(one_of([str(next(iter(parts(value).values()))) for value in values], text)),
            )
        found[name] = named[0]
    return found


def fitting(declared: Mapping[str, Variant], values: Values) -> dict[str, Value]:
    """Values that were drawn before, for a lab that may be another version since.

    One that it does not list any more is right: what a candidate was asked for does not change. Raises VariantError
    when one is not known, or has other parts than the lab's.
    """
    for name, variant in declared.items():
        if name not in values or parts(values[name]).keys() != parts(variant.values[0]).keys():
            raise VariantError(
                Text(
                    f"La valeur de la variante « {name} » de ce poste n'est pas connue, ou ne va pas avec ce sujet.",
                    f"This bench's value of variant “{name}” is not known, or does not go with this lab.",
                ),
                do=_THAT_VERSION,
            )
    return {name: values[name] for name in declared}


def misfit(values: Values) -> VariantError:
    """Values of another version of a lab, which this one cannot be had with."""
    return VariantError(
        Text("Ces valeurs ne vont pas avec ce sujet.", "These values do not go with this lab."),
        where=in_words(values),
        do=_THAT_VERSION,
    )


def _choose(names: Text) -> Text:
    return Text(f"Choisissez : {names.fr}.", f"Choose: {names.en}.")
