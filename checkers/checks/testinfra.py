"""The check that a lab's own pytest-testinfra test passes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import StringConstraints

from checkers.check import Check, Unseen, View
from checkers.probe import Question
from checkers.probes.testinfra import LabTest
from checkers.verdict import Finding, failed, passed
from labs.text import Text


class LabTestPasses(Check):
    """A plain pytest-testinfra test, in the lab's ``tests`` folder, passes on this machine."""

    kind: ClassVar[str] = "testinfra"
    about: ClassVar[Text] = Text(
        "un test pytest-testinfra du sujet réussit", "a pytest-testinfra test of the lab passes"
    )

    on: str
    test: Annotated[str, StringConstraints(pattern=r"^test_[a-z0-9_]+\.py::test_[A-Za-z0-9_]+$")]

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, LabTest(test=self.test))]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, LabTest(test=self.test))
        if found.outcome == "skipped":
            raise Unseen(Text("le test s'est déclaré sans objet", "the test declared itself not applicable"))
        if found.outcome == "passed":
            return passed(Text("le test réussit", "the test passes"))
        view.need_every_link(self.on)  # nobody knows what a trainer's test depends on
        lines = [line[1:].strip() for line in found.text.splitlines() if line.startswith("E ")]
        detail = (lines[0] if lines else found.text.strip().splitlines()[-1] if found.text.strip() else "")[:200]
        return failed(Text(f"le test échoue : {detail}", f"the test fails: {detail}"))
