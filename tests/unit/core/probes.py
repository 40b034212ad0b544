"""A probe that runs whatever a test wants to see run."""

from __future__ import annotations

from typing import ClassVar

from checkers.facts import Raw
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text


class Said(Value):
    """What a command said."""

    text: str


class Say(Probe[Said]):
    """Runs a command; unreadable when it fails."""

    name: ClassVar[str] = "say"
    about: ClassVar[Text] = Text("dire", "say")
    value: ClassVar[type[Value]] = Said
    timeout_s: ClassVar[int] = 1

    does: str

    def command(self) -> str:
        return self.does

    def parse(self, raw: Raw) -> Said:
        if raw.exit_code != 0:
            raise Unreadable(Text(f"code {raw.exit_code}", f"code {raw.exit_code}"))
        return Said(text=raw.stdout)
