"""Checks about room on a disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from checkers.check import Check, View
from checkers.checks.wording import absent
from checkers.probe import Question
from checkers.probes.space import Space
from checkers.verdict import Finding, Tally
from labs.text import Text

_NODES = 1000
"""Files that can still be made on a file system that is not full."""


class SpaceIsFree(Check):
    """Ordinary users can still write on the disk that holds a folder. free_mib: so much at least."""

    kind: ClassVar[str] = "free-space"
    about: ClassVar[Text] = Text("il reste de la place sur le disque", "there is room on the disk")

    on: str
    path: str
    free_mib: Annotated[int, Field(ge=1, le=10_000_000)]

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Space(path=self.path))]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Space(path=self.path))
        if not found.exists:
            return absent(Text(self.path, self.path))
        tally = Tally()
        tally.expect(
            found.free_mib >= self.free_mib,
            Text(f"{found.free_mib} Mio libres", f"{found.free_mib} MiB free"),
            Text(
                f"{found.free_mib} Mio libres sur {found.total_mib}, attendu {self.free_mib} ou plus",
                f"{found.free_mib} MiB free of {found.total_mib}, expected {self.free_mib} or more",
            ),
            required=True,
        )
        if found.nodes is not None:
            tally.expect(
                found.nodes >= _NODES,
                Text("des fichiers peuvent être créés", "files can be made"),
                Text("il ne reste plus d'inodes", "no inodes are left"),
                required=True,
            )
        return tally.finding()
