"""Checks about a machine's own identity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from checkers.check import Check, Unseen, View
from checkers.probe import Question
from checkers.probes.hosts import HostName
from checkers.verdict import Finding, Tally
from labs.text import Text


class HostNameIs(Check):
    """The machine has this name, now and after a reboot. A name is compared without case and without its domain."""

    kind: ClassVar[str] = "host-name"
    about: ClassVar[Text] = Text("la machine porte le nom attendu", "the machine has the expected name")

    on: str
    name: str

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, HostName())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, HostName())
        if found.running is None:
            raise Unseen(
                Text(
                    f"nom configuré : {found.static} ; le nom en cours n'a pas pu être observé",
                    f"configured name: {found.static}; the running name could not be observed",
                )
            )
        tally = Tally()
        for value, when in (
            (found.running, Text("nom en cours", "running name")),
            (found.static, Text("nom configuré", "configured name")),
        ):
            tally.expect(
                value.split(".")[0].lower() == self.name.lower(),
                Text(f"{when.fr} : {value}", f"{when.en}: {value}"),
                Text(
                    f"{when.fr} trouvé « {value} », attendu « {self.name} »",
                    f"{when.en} found “{value}”, expected “{self.name}”",
                ),
            )
        return tally.finding()
