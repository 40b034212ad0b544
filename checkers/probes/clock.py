"""What time a machine thinks it is."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from checkers.facts import Raw
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text


class ClockValue(Value):
    """now: seconds since 1970 in UTC, whatever the time zone shown."""

    now: Annotated[int, Field(ge=0, le=2**48)]


class Clock(Probe[ClockValue]):
    """The clock of the place where it is asked: a machine's, or the witness's, which is the hypervisor's own."""

    name: ClassVar[str] = "clock"
    about: ClassVar[Text] = Text("heure de la machine", "the machine's clock")
    value: ClassVar[type[Value]] = ClockValue

    def command(self) -> str:
        return "date +%s"

    def parse(self, raw: Raw) -> ClockValue:
        text = raw.stdout.strip()
        if not (text.isascii() and text.isdigit() and len(text) < 15):
            raise Unreadable(Text("l'heure n'a pas pu être lue", "the clock could not be read"))
        return ClockValue(now=int(text))
