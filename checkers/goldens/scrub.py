"""Everything that must not stand in a file that others see, taken out of one recording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checkers.goldens import known
from checkers.goldens.identifiers import hide_identifiers, hide_serial, names_a_serial
from checkers.goldens.keys import hide_keys, hide_password, names_a_secret
from checkers.goldens.madeup import MadeUp


class Scrubber:
    """Hides the secrets that are known, what looks like one, and what is one machine's alone. Equal originals get equal
    made-up values in a whole recording.

    identifiers: whether what is one machine's alone is replaced.
    """

    def __init__(self, secrets: Mapping[str, str], made_up: MadeUp | None = None, *, identifiers: bool = True) -> None:
        self.made_up = made_up or MadeUp()
        self._secrets = {name: value for name, value in secrets.items() if value}
        self._identifiers = identifiers

    def keeping_identifiers(self) -> Scrubber:
        """The same, but what is one machine's alone stays."""
        return Scrubber(self._secrets, self.made_up, identifiers=False)

    def text(self, text: str) -> str:
        """A text without all that."""
        text, count = known.hide(text, self._secrets)
        self.made_up.counts["secret"] += count
        text = hide_keys(text, self.made_up)
        for original, stands in self.made_up.learnt().items():
            self.made_up.counts["password"] += text.count(original)
            text = text.replace(original, stands)
        return hide_identifiers(text, self.made_up) if self._identifiers else text

    def data(self, value: Any) -> Any:
        """A JSON value with all its texts so."""
        if isinstance(value, dict):
            return {self.text(key): self.data(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.data(inner) for inner in value]
        return self.text(value) if isinstance(value, str) else value

    def answer(self, value: Any) -> Any:
        """A JSON value from a machine so; the keys tell what is a password or a serial number."""
        return self.data(self._told(value, ""))

    def _told(self, value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {key: self._told(inner, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._told(inner, name) for inner in value]
        if not isinstance(value, str):
            return value
        if names_a_secret(name):
            value, _ = known.hide(value, self._secrets)
            return hide_password(value, self.made_up)
        return hide_serial(value, self.made_up) if self._identifiers and names_a_serial(name) else value

    def left(self, text: str) -> list[str]:
        """The names of known secrets that can still be read in a text."""
        return known.leaks(text, self._secrets)
