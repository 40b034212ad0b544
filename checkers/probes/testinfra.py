"""The outcome of one of the lab's own tests."""

from __future__ import annotations

import json
from typing import ClassVar, Literal

from checkers.facts import Raw
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text


class LabTestValue(Value):
    """outcome: passed, failed or skipped. text: pytest's explanation, empty when it passed."""

    outcome: Literal["passed", "failed", "skipped"]
    text: str


class LabTest(Probe[LabTestValue]):
    """One pytest-testinfra test of the lab, as ``test_file.py::test_function``."""

    name: ClassVar[str] = "testinfra"
    about: ClassVar[Text] = Text("test pytest-testinfra du sujet", "pytest-testinfra test of the lab")
    value: ClassVar[type[Value]] = LabTestValue

    test: str

    def command(self) -> str:
        return f"pytest {self.test}"

    def parse(self, raw: Raw) -> LabTestValue:
        told = json.loads(raw.stdout)
        if told["faults"]:
            raise Unreadable(
                Text("la machine n'a pas pu être interrogée ({why})", "the machine could not be asked ({why})").format(
                    why=str(told["faults"][0])[:200]
                )
            )
        return LabTestValue(outcome=told["outcome"], text=told["text"])
