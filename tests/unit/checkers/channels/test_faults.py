"""Whatever goes wrong on a way to a machine: it ends in time, it is nobody's failure, and the next way is tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import libvirt_qemu
import pytest

from checkers.channel import Agent, ChannelError, ExecResult
from checkers.channels import prompt, ssh, winrm_
from checkers.check import View
from checkers.checks.hosts import HostNameIs
from checkers.dialect import OWN, SHELL, Dialect, Order, Twin
from checkers.facts import Fact, Raw
from checkers.judge import conclude
from checkers.observe import Channel, Place, observe
from checkers.openwrt.http.dialect import OPENWRT_HTTP
from checkers.probe import Probe, Question
from checkers.verdict import Outcome
from checkers.windows.dialect import WINDOWS
from labs.text import Text
from orchestrator.hypervisor import agent as agent_
from tests.unit.checkers.channels.fault_table import SECRET, TABLE, WRONG, Cell, table
from tests.unit.hypervisor.test_agent import Guest

LIMIT_S = 1.5
GRACE_S = 0.3
GRACES = ((winrm_, "_GRACE_S"), (ssh, "_GRACE_S"), (prompt, "_GRACE_S"), (agent_, "_KILL_GRACE_S"))
"""How long each channel goes on after its time limit, to end what it has begun."""
WORKERS = 16
CELLS = [(fault, channel) for fault, cells in TABLE.items() for channel in cells]


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


@dataclass(frozen=True)
class Asked:
    """What came of a faulty channel alone, and with another after it. told: what it said when it failed."""

    alone: list[Fact]
    helped: list[Fact]
    told: list[str]
    longest_s: float


CHECK = HostNameIs(on="m", name="desk")


def ask(channel: str, cell: Cell, folder: Path) -> Asked:
    """Ask a machine through a faulty channel; raises whatever is not a fault that is expected of a channel."""
    with cell(folder) as agent:
        hasty = Hasty(agent)
        faulty = Channel(channel, hasty, DIALECTS[channel])
        secrets = {"channel": SECRET}
        began = monotonic()
        alone = observe(CHECK.questions(), [Place("m", [faulty], secrets=secrets)])
        took_s = monotonic() - began
        both = [faulty, Channel("next", Sure(), LineDialect())]
        helped = observe(CHECK.questions(), [Place("m", both, secrets=secrets)])
        if not hasty.told:  # it did not even answer a ping, or answered and could not be read: ask it straight
            order = DIALECTS[channel].order(CHECK.questions())
            with pytest.raises(ChannelError):
                DIALECTS[channel].answers(hasty.run(order.argv, stdin=order.stdin, timeout_s=LIMIT_S), 1)
        getattr(agent, "close", lambda: None)()
    return Asked(alone, helped, hasty.told, took_s)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[tuple[str, str], Future[Asked]]]:
    """Every cell of the table. They wait most of their time, so they do it side by side; and less long than in an
    exam after the limit that was given them."""
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(max_workers=WORKERS) as pool:
        for module, constant in GRACES:
            patch.setattr(module, constant, GRACE_S)
        patch.setattr(libvirt_qemu, "qemuAgentCommand", Guest.command)
        yield {
            (fault, channel): pool.submit(ask, channel, TABLE[fault][channel], tmp_path_factory.mktemp(channel))
            for fault, channel in CELLS
        }


@pytest.mark.parametrize(("fault", "channel"), CELLS)
def test_a_fault_is_nobody_s_failure(asked: Mapping[tuple[str, str], Future[Asked]], fault: str, channel: str) -> None:
    found = asked[fault, channel].result()
    assert found.longest_s < 60, "neither a hang nor a wait for what never comes"
    assert conclude(CHECK, View({fact.key: fact for fact in found.alone}, {})).outcome == Outcome.INCONCLUSIVE
    assert conclude(CHECK, View({fact.key: fact for fact in found.helped}, {})).outcome == Outcome.PASS
    assert [fact.channel for fact in found.helped] == ["next"]
    said = " ".join(found.told) + "".join(fact.model_dump_json() for fact in (*found.alone, *found.helped))
    assert SECRET not in said
    assert WRONG not in said


def test_the_table_in_the_documentation_is_this_one() -> None:
    text = (Path(__file__).parents[4] / "docs" / "channels.md").read_text("utf-8")
    assert table() in text, f"put this into docs/channels.md:\n{table()}"
