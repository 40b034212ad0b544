"""Checks about clocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from checkers.check import Check, View
from checkers.probe import Question
from checkers.probes.clock import Clock
from checkers.verdict import Finding, failed, passed
from labs.text import Text


class ClockIsRight(Check):
    """A machine's clock agrees with the witness's, whatever the time zone. Kerberos bears 300 s (RFC 4120, 3.1.3).

    network: any of the lab; the witness on it tells the time. Both are asked within a minute or so of each other.
    """

    kind: ClassVar[str] = "clock"
    about: ClassVar[Text] = Text("l'horloge de la machine est à l'heure", "the machine's clock is right")

    on: str
    network: str
    within_s: Annotated[int, Field(ge=120, le=86400)] = 300

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Clock()), Question(f"wire:{self.network}", Clock())]

    def judge(self, view: View) -> Finding:
        off = view.see(self.on, Clock()).now - view.see(f"wire:{self.network}", Clock()).now
        if abs(off) <= self.within_s:
            return passed(Text(f"l'horloge de {self.on} est à l'heure", f"the clock of {self.on} is right"))
        span = _span(abs(off))
        how = Text(f"avance de {span.fr}", f"is {span.en} fast")
        if off < 0:
            how = Text(f"retarde de {span.fr}", f"is {span.en} slow")
        return failed(Text(f"l'horloge de {self.on} {how.fr}", f"the clock of {self.on} {how.en}"))


def _span(seconds: int) -> Text:
    if seconds < 7200:
        return Text(f"{seconds // 60} min", f"{seconds // 60} min")
    if seconds < 172800:
        return Text(f"{seconds // 3600} h", f"{seconds // 3600} h")
    return Text(f"{seconds // 86400} jours", f"{seconds // 86400} days")
