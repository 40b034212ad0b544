"""Keeping a session's secrets out of the evidence.

Every output is redacted before anything reads it: a secret's value becomes a token that names the secret. Checks
compare with the token, so they can say that a Wi-Fi key is the expected one without any stored fact holding the key.
How that is done with a whole output: ``checkers.redaction``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping


def token(name: str) -> str:
    """What stands in an output instead of the secret of this name."""
    return f"‹secret:{name}›"


def spoilt(name: str) -> str:
    """A token that no check takes for the secret: what somebody typed, or what hides another spelling of it."""
    return f"‹secret?{name}›"


def redact(text: str, secrets: Mapping[str, str], mark: Callable[[str], str] = token) -> str:
    """The text with every secret's value replaced by its token; longest first, so that one may contain another.

    A token that stands in the text already was typed by somebody: it is spoilt first, or it would pass for the secret.
    mark: what stands for a secret.
    """
    text = text.replace("‹secret:", "‹secret?")
    for name, value in sorted(secrets.items(), key=lambda item: -len(item[1])):
        if value:
            text = text.replace(value, mark(name))
    return text
