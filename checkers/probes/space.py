"""Room on a file system, as statfs(2) tells it."""

from __future__ import annotations

import shlex
from typing import Annotated, ClassVar

from pydantic import Field

from checkers.facts import Raw
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

Count = Annotated[int, Field(ge=0, le=2**53 - 1)]


class SpaceValue(Value):
    """MiB in all and MiB that ordinary users may still write; nodes: files that can still be made, None when the file
    system sets no bound. exists: the path is there."""

    exists: bool
    total_mib: Count = 0
    free_mib: Count = 0
    nodes: Count | None = None


class Space(Probe[SpaceValue]):
    """The room on the file system that holds a path."""

    name: ClassVar[str] = "free-space"
    about: ClassVar[Text] = Text("place libre sur le disque", "free space on the disk")
    value: ClassVar[type[Value]] = SpaceValue

    path: str

    def command(self) -> str:
        path = shlex.quote(self.path)
        return f"[ -e {path} ] || {{ echo absent; exit 0; }}; stat -f -c '%S %b %a %c %d' -- {path}"

    def parse(self, raw: Raw) -> SpaceValue:
        words = raw.stdout.split()
        if words == ["absent"]:
            return SpaceValue(exists=False)
        if len(words) != 5 or not all(word.isascii() and word.isdigit() and len(word) < 19 for word in words):
            raise Unreadable(Text("la place libre n'a pas pu être lue", "the free space could not be read"))
        block, total, free, nodes, nodes_free = map(int, words)
        return SpaceValue(
            exists=True,
            total_mib=block * total // 2**20,
            free_mib=block * free // 2**20,
            nodes=nodes_free if nodes else None,
        )
