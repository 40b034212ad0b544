"""Whatever goes wrong on a way to a machine: it ends in time, it is nobody's failure, and the next way is tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from checkers.channel import Agent, ChannelError, ExecResult
from checkers.check import View
from checkers.checks.hosts import HostNameIs
from checkers.dialect import OWN, SHELL, Dialect, Order, Twin
from checkers.facts import Raw
from checkers.judge import conclude
from checkers.observe import Channel, Place, observe
from checkers.openwrt.http.dialect import OPENWRT_HTTP
from checkers.probe import Probe, Question
from checkers.verdict import Outcome
from checkers.windows.dialect import WINDOWS
from labs.text import Text
from tests.unit.checkers.channels.fault_table import SECRET, TABLE, WRONG, Cell, table

LIMIT_S = 0.7
CELLS = [
    pytest.param(channel, cell, id=f"{fault}-{channel}")
    for fault, cells in TABLE.items()
    for channel, cell in cells.items()
]


class LineDialect(Dialect):
    """One command line a question: as much of one as this test needs."""

    name = "line"
    title = Text("un appareil", "a device")

    def twin(self, probe: Probe[Any]) -> Twin[Any] | None:
        return OWN

    def order(
        self, questions: Sequence[Question], *, parallel: bool = False, environment: Mapping[str, str] | None = None
    ) -> Order:
        return Order([questions[0].probe.command()], b"", 10.0)

    def answers(self, result: ExecResult, count: int) -> dict[int, Raw]:
        if result.exit_code != 0:
            raise ChannelError(Text("illisible", "unreadable"))
        return {0: Raw(stdout=result.stdout.decode())}


class Hasty:
    """A channel that is given little time; what it said when it failed is kept."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self.told: list[str] = []

    def ping(self, timeout_s: float = LIMIT_S) -> bool:
        return self._agent.ping(LIMIT_S)

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        try:
            return self._agent.run(argv, stdin=stdin, timeout_s=min(timeout_s, LIMIT_S))
        except ChannelError as error:
            self.told.append(f"{error} {error.what.fr} {error.what.en} {error.__cause__}")
            raise


class Sure:
    """A channel that answers, by the shape of ``LineDialect``."""

    def ping(self, timeout_s: float = 5.0) -> bool:
        return True

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        return ExecResult(0, b"desk\n\ndesk\n", b"")


DIALECTS: dict[str, Dialect] = {
    "agent": SHELL,
    "winrm": WINDOWS,
    "ssh": SHELL,
    "prompt": LineDialect(),
    "https": OPENWRT_HTTP,
}


@pytest.mark.parametrize(("channel", "cell"), CELLS)
def test_a_fault_is_nobody_s_failure(channel: str, cell: Cell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    check = HostNameIs(on="m", name="desk")
    secrets = {"channel": SECRET}
    with cell(monkeypatch, tmp_path) as agent:
        hasty = Hasty(agent)
        faulty = Channel(channel, hasty, DIALECTS[channel])
        began = monotonic()
        alone = observe(check.questions(), [Place("m", [faulty], secrets=secrets)])
        assert monotonic() - began < 60, "neither a hang nor a wait for what never comes"
        both = [faulty, Channel("next", Sure(), LineDialect())]
        helped = observe(check.questions(), [Place("m", both, secrets=secrets)])
        if not hasty.told:  # it did not even answer a ping, or answered and could not be read: ask it straight
            order = DIALECTS[channel].order(check.questions())
            with pytest.raises(ChannelError):
                DIALECTS[channel].answers(hasty.run(order.argv, stdin=order.stdin, timeout_s=LIMIT_S), 1)
        getattr(agent, "close", lambda: None)()
    assert conclude(check, View({fact.key: fact for fact in alone}, {})).outcome == Outcome.INCONCLUSIVE
    assert conclude(check, View({fact.key: fact for fact in helped}, {})).outcome == Outcome.PASS
    assert [fact.channel for fact in helped] == ["next"]
    said = " ".join(hasty.told) + "".join(fact.model_dump_json() for fact in (*alone, *helped))
    assert SECRET not in said
    assert WRONG not in said


def test_the_table_in_the_documentation_is_this_one() -> None:
    text = (Path(__file__).parents[4] / "docs" / "channels.md").read_text("utf-8")
    assert table() in text, f"put this into docs/channels.md:\n{table()}"
