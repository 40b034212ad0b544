"""Keeping a session's secrets out of the evidence.

Every output is redacted before anything reads it: a secret's value becomes a token that names the secret. Checks
compare with the token, so they can say that a Wi-Fi key is the expected one without any stored fact holding the key.
"""

from __future__ import annotations

from collections.abc import Mapping

from checkers.facts import Raw


def token(name: str) -> str:
    """What stands in an output instead of the secret of this name."""
    return f"‹secret:{name}›"


def redact(text: str, secrets: Mapping[str, str]) -> str:
    """The text with every secret's value replaced by its token; longest first, so that one may contain another.

    A token that stands in the text already was typed by somebody: it is spoilt first, or it would pass for the secret.
    """
    text = text.replace("‹secret:", "‹secret?")
    for name, value in sorted(secrets.items(), key=lambda item: -len(item[1])):
        if value:
            text = text.replace(value, token(name))
    return text


def redact_raw(raw: Raw, secrets: Mapping[str, str]) -> Raw:
    """An output with both streams redacted."""
    return raw.model_copy(
        update={"stdout": redact(raw.stdout, secrets), "stderr": redact(raw.stderr, secrets)},
    )
