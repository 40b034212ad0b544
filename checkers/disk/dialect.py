"""The dialect of disks at rest: one plan of all that is read, as JSON, for whoever opens the disk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from checkers.batch import STDOUT_LIMIT
from checkers.channel import ChannelError, ExecResult
from checkers.dialect import Dialect, Order, Twin
from checkers.disk.twin import DiskTwin
from checkers.disk.twins.catalog import TWINS
from checkers.facts import Raw
from checkers.probe import Probe, Question
from labs.text import Text

LIMIT_S = 600.0
"""Seconds for the whole of it: libguestfs starts a small machine of its own, slow where all is emulated."""


class DiskDialect(Dialect):
    """The disk of a machine of one family. It says what was written to it, and nothing of a running state."""

    name = "disk"
    title = Text("un disque", "a disk")

    def __init__(self, family: str) -> None:
        self._twins = TWINS.get(family, {})

    def twin(self, probe: Probe[Any]) -> Twin[Any] | None:
        return self._twins.get(type(probe))

    def order(
        self, questions: Sequence[Question], *, parallel: bool = False, environment: Mapping[str, str] | None = None
    ) -> Order:
        plan = [self._disk_twin(one.probe).wanted(one.probe).model_dump(mode="json") for one in questions]
        return Order(["read-disk"], json.dumps({"questions": plan}).encode(), LIMIT_S)

    def _disk_twin(self, probe: Probe[Any]) -> DiskTwin[Any]:
        return cast(DiskTwin[Any], self._twins[type(probe)])

    def answers(self, result: ExecResult, count: int) -> dict[int, Raw]:
        try:
            given = json.loads(result.stdout)["answers"]
            texts = [json.dumps(one, ensure_ascii=False) for one in given]
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise ChannelError(
                Text("le disque n'a pas pu être lu", "the disk could not be read"), where=type(error).__name__
            ) from error
        return {
            number: Raw(stdout=text[:STDOUT_LIMIT], truncated=len(text) > STDOUT_LIMIT)
            for number, text in enumerate(texts[:count])
        }


DISKS: dict[str, DiskDialect] = {family: DiskDialect(family) for family in TWINS}
"""How the disks of each family are asked; no entry: a disk of that family is not read."""
