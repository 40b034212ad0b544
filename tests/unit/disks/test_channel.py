"""When a disk is read, and what the channel it came through is called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from checkers.channel import ChannelError
from checkers.disk.plan import Card, Entry, Found, Wanted
from checkers.facts import Fact
from checkers.probe import Question
from checkers.probes.clock import Clock
from checkers.probes.hosts import HostName
from labs.model import Machine
from labs.text import Text
from orchestrator import disk_channel
from orchestrator.disk_channel import DiskAtRest, Ended, ask_disks, power_off
from orchestrator.disk_roots import Root
from orchestrator.hypervisor.errors import HypervisorError
from orchestrator.hypervisor.port import DomainState

MACHINE = Machine.model_validate(
    {
        "title": "m",
        "image": "server",
        "memory_mib": 1024,
        "nics": {"eth0": {"network": "lan", "mac": "52:54:00:00:00:01"}},
    }
)
NAME = Question("server", HostName())
QUESTIONS = [NAME, Question("server", Clock())]


class Opened:
    """Stands for guestfish and for what reads the disk through it."""

    count = 0
    root = Root(closed=True, whole=True)
    fails = False

    def __init__(self, *given: Any, **named: Any) -> None:
        if Opened.fails:
            raise ChannelError(Text("raté", "failed"))

    def __enter__(self) -> Opened:
        Opened.count += 1
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def found(self, wanted: Wanted, ended: str) -> Found:
        return Found(files={path: Entry(kind="file", text="srv\n") for path in wanted.files}, ended=ended)


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> type[Opened]:
    monkeypatch.setattr(disk_channel, "Guestfish", Opened)
    monkeypatch.setattr(disk_channel, "DiskReader", Opened)
    monkeypatch.setattr(Opened, "count", 0)
    monkeypatch.setattr(Opened, "root", Root(closed=True, whole=True))
    monkeypatch.setattr(Opened, "fails", False)
    return Opened


def unseen(*questions: Question, channel: str = "none") -> dict[str, Fact]:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return {
        one.key: Fact(
            key=one.key,
            at=one.at,
            probe=one.probe.name,
            status="unseen",
            channel=channel,
            taken_at=now,
            why=Text("muette", "silent"),
        )
        for one in questions
    }


def asked(end: Ended | Exception, facts: dict[str, Fact] | None = None) -> tuple[dict[str, Fact], int]:
    """What is found, and how often the machine was ended."""
    ends: list[Ended] = []

    def ending() -> Ended:
        if isinstance(end, Exception):
            raise end
        ends.append(end)
        return end

    disk = DiskAtRest(Path("/nowhere"), MACHINE, emulated=True, end=ending)
    known = unseen(*QUESTIONS) if facts is None else facts
    return ask_disks({"server": disk}, QUESTIONS, known, {}), len(ends)


@pytest.mark.parametrize(("end", "channel"), [("off", "disk"), ("clean", "disk"), ("cut", "disk-cut")])
def test_the_channel_says_how_the_machine_was_ended(end: Ended, channel: str) -> None:
    found, ends = asked(end)
    assert ends == 1
    assert (found[NAME.key].status, found[NAME.key].channel) == ("seen", channel)
    assert found[NAME.key].value == {"static": "srv", "running": None}


@pytest.mark.parametrize(
    ("end", "why"),
    [
        ("off", "la machine était éteinte à la fin de l'épreuve, et son disque ne le dit pas"),
        ("clean", "muette, et son disque ne le dit pas"),
    ],
)
def test_what_no_disk_tells_is_unseen_for_a_reason(end: Ended, why: str) -> None:
    fact = asked(end)[0][QUESTIONS[1].key]
    assert (fact.status, fact.channel) == ("unseen", "none")
    assert fact.why is not None
    assert fact.why.fr == why


def test_a_file_system_that_was_not_put_away_is_one_that_was_cut_off(opened: type[Opened]) -> None:
    opened.root = Root(closed=False, whole=True)
    assert asked("clean")[0][NAME.key].channel == "disk-cut"
    assert opened.count == 1, "read once, and called otherwise"
    assert asked("off")[0][NAME.key].channel == "disk", "what the candidate's own machine did not write is lost to it"


@pytest.mark.parametrize("end", ["off", "clean"])
def test_what_is_elsewhere_is_not_on_the_disk_of_a_machine_that_the_candidate_turned_off(
    opened: type[Opened], end: Ended
) -> None:
    opened.root = Root(closed=False, whole=False)
    assert asked(end)[0][NAME.key].channel == "disk-cut"


@pytest.mark.parametrize("channel", ["agent", "ssh"])
def test_a_machine_that_answered_anything_is_left_alone(channel: str) -> None:
    facts = {**unseen(NAME), **unseen(QUESTIONS[1], channel=channel)}
    assert asked("clean", facts) == ({}, 0)


def test_nothing_is_ended_for_questions_that_no_disk_answers() -> None:
    disk = DiskAtRest(Path("/nowhere"), MACHINE, emulated=True, end=lambda: pytest.fail("ended"))
    assert ask_disks({"server": disk}, QUESTIONS[1:], unseen(*QUESTIONS), {}) == {}


def test_a_machine_that_cannot_be_ended_is_not_read(opened: type[Opened]) -> None:
    facts = unseen(*QUESTIONS)
    assert asked(HypervisorError(Text("raté", "failed")), facts) == (facts, 0)
    assert opened.count == 0


def test_a_disk_that_cannot_be_read_is_not_tried_again(opened: type[Opened]) -> None:
    opened.fails = True
    found, ends = asked("clean")
    assert ends == 1
    assert (found[NAME.key].status, found[NAME.key].channel) == ("unseen", "none")
    why = found[NAME.key].why
    assert why is not None
    assert why.fr == "muette, et son disque n'a pas pu être lu : raté"


def test_whatever_a_forged_disk_makes_its_reader_do_the_observation_goes_on(
    opened: type[Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> Found:
        raise RecursionError

    monkeypatch.setattr(opened, "found", fail)
    why = asked("off")[0][NAME.key].why
    assert why is not None
    assert why.fr.endswith("sa lecture a échoué")


class Host:
    """A hypervisor on which a machine powers off, or not, or crashes."""

    def __init__(self, obeys: bool, then: DomainState) -> None:
        self.obeys, self.then, self.done = obeys, then, list[str]()

    def shutdown(self, domain: str, *, timeout_s: float) -> bool:
        self.done.append("asked")
        return self.obeys

    def state(self, domain: str) -> DomainState:
        return self.then

    def put_away(self, domain: str) -> None:
        self.done.append("put away")

    def destroy(self, domain: str) -> None:
        self.done.append("cut")


@pytest.mark.parametrize(
    ("obeys", "then", "family", "ended", "done"),
    [
        (True, DomainState.OFF, "linux", "clean", ["asked", "cut"]),
        (True, DomainState.CRASHED, "linux", "cut", ["asked", "cut"]),
        (False, DomainState.RUNNING, "linux", "clean", ["asked", "put away", "cut"]),
        (False, DomainState.RUNNING, "windows", "cut", ["asked", "cut"]),
    ],
)
def test_a_machine_is_asked_before_its_power_is_cut(
    obeys: bool, then: DomainState, family: str, ended: Ended, done: list[str]
) -> None:
    host: Any = Host(obeys, then)
    assert power_off(host, "ep-x", family) == ended
    assert host.done == done


def test_the_cards_have_the_names_of_the_lab() -> None:
    disk = DiskAtRest(Path("/nowhere"), MACHINE, emulated=True, end=lambda: "off")
    cards: Sequence[Card] = disk._cards
    assert list(cards) == [Card(name="eth0", mac="52:54:00:00:00:01")]
