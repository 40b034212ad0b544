"""Keeping a session's secrets out of a fact: out of the output that is kept, and out of what is read in it.

An output is read with its secrets replaced, so that checks can compare with their tokens; what was encoded in it comes
to light only then, so every text of the value is looked at once more. A token that a candidate had encoded comes to
light then, too: it is told from ours by our own having other brackets until then, drawn anew for each output.
"""

from __future__ import annotations

import re
import secrets as system
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from checkers.facts import Raw
from checkers.goldens.known import hide
from checkers.secrets import redact, spoilt, token
from labs.text import Text

_BRACKETS = "".join(map(chr, range(0x1D000, 0x1D0F6)))  # Byzantine notes: printable, and no letters
_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_BETWEEN = range(0xF0000, 0x10FFFE)  # private use: hardly any output holds one


class Redaction:
    """Of one output."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = secrets
        drawn = system.SystemRandom().sample(_BRACKETS, 2)  # two: they are told apart again
        ours = token("")[0], token("")[-1]
        self._drawn = str.maketrans(dict(zip(ours, drawn, strict=True)))
        self._ours = str.maketrans(dict(zip(drawn, ours, strict=True)))

    def kept(self, raw: Raw) -> Raw:
        """The output as it is stored: no secret in any spelling; what was encoded is overwritten."""
        return _each(raw, lambda text: hide(redact(text, self._secrets), self._secrets)[0])

    def readable(self, raw: Raw) -> Raw:
        """The output as it is read: what is encoded in it can still be decoded. Never stored."""
        return _each(raw, lambda text: redact(text, self._secrets, lambda name: token(name).translate(self._drawn)))

    def value(self, value: Any) -> Any:
        """A JSON value that was read in it, without secrets: those in plain are tokens, in other spellings they are
        hidden by what no check takes for one."""
        texts = list(_texts(value))
        if not texts:
            return value
        joined = "".join(texts)
        between = next((mark for mark in map(chr, _BETWEEN) if mark not in joined), None)
        clean = self.text(between.join(texts)).split(between) if between else []
        if len(clean) != len(texts):  # slower, and sure
            clean = [self.text(one) for one in texts]
        return _with(value, iter(clean))

    def why(self, why: Text | None) -> Text | None:
        """A reason, which may quote the output, without secrets."""
        return why and Text(self.text(why.fr), self.text(why.en))

    def text(self, text: str) -> str:
        """One text that was read in it, without secrets."""
        plain = redact(text, self._secrets).translate(self._ours)
        return hide(plain, self._secrets, spoilt)[0]


def _each(raw: Raw, change: Callable[[str], str]) -> Raw:
    return raw.model_copy(update={"stdout": change(raw.stdout), "stderr": change(raw.stderr)})


def _texts(value: Any) -> Iterator[str]:
    """Every text of a JSON value, in order; names too, but for those of fields: a password may be such a word."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if _FIELD.fullmatch(name) is None:
                yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _with(value: Any, texts: Iterator[str]) -> Any:
    """The value with other texts, in the order in which ``_texts`` gives them."""
    if isinstance(value, str):
        return next(texts)
    if isinstance(value, dict):
        return {name if _FIELD.fullmatch(name) else next(texts): _with(inner, texts) for name, inner in value.items()}
    return [_with(inner, texts) for inner in value] if isinstance(value, list) else value
