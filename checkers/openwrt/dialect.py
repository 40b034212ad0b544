"""The dialect of OpenWrt devices: one script of BusyBox' shell for a whole batch (``checkers.openwrt.batch``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from checkers.batch import Ask, time_limit
from checkers.channel import ExecResult
from checkers.dialect import Dialect, Order, Twin
from checkers.facts import Raw
from checkers.openwrt import batch
from checkers.openwrt.twins.catalog import TWINS
from checkers.probe import Probe, Question
from labs.text import Text


class OpenWrtDialect(Dialect):
    """OpenWrt 21.02 and later."""

    name = "openwrt"
    title = Text("un appareil OpenWrt", "an OpenWrt device")

    def twin(self, probe: Probe[Any]) -> Twin[Any] | None:
        return TWINS.get(type(probe))

    def order(
        self, questions: Sequence[Question], *, parallel: bool = False, environment: Mapping[str, str] | None = None
    ) -> Order:
        asked = [Ask(one.key, self.limit_s(one.probe), TWINS[type(one.probe)].command(one.probe)) for one in questions]
        # The candidate administers the device: it is told no secret but those that a question must try on it.
        named = {
            name: value
            for name, value in (environment or {}).items()
            if any(f"${{{name}}}" in ask.command for ask in asked)
        }
        return Order(["/bin/sh"], batch.script(asked, named).encode(), time_limit(asked))

    def answers(self, result: ExecResult, count: int) -> dict[int, Raw]:
        return batch.read(result, count)


OPENWRT = OpenWrtDialect()
