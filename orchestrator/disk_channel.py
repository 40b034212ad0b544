"""The last channel to a machine: its disk, read once the machine is off (docs/adr/0012).

A disk under a running or paused machine lacks the pages still in its memory, so a live bench is never read this way.
After the bell there is a copy that nobody needs any more once it was looked at: where its agent and SSH are silent, it
is asked to power off, and cut off when it does not. What had to be cut off may be old: that is another channel,
``disk-cut``, and no verdict rests on it (``checkers.judge``).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Literal

from pydantic import TypeAdapter

from checkers.channel import ChannelError, ExecResult
from checkers.check import CUT_DISK, DISK
from checkers.disk.dialect import DISKS, LIMIT_S
from checkers.disk.plan import Card, Wanted
from checkers.facts import Fact
from checkers.observe import Channel, Place, observe
from checkers.probe import Question
from labs.errors import EpreuveError
from labs.model import Machine
from labs.text import Text
from orchestrator.disk_read import DiskReader
from orchestrator.guestfish import PROGRAM, Guestfish
from orchestrator.hypervisor.port import DomainState, Hypervisor

Ended = Literal["off", "clean", "cut"]
"""How a machine was ended: it was off at the bell; it was asked to power off, or its kernel to put its file systems
away (whether it did, they say); its power was cut."""

SHUTDOWN_S = 90.0
"""Seconds that a machine has to power off when it is asked to."""
_ONE_AT_A_TIME = Lock()
"""Each reading is a small machine of its own, and hosts are counted full without it."""
_PLANS = TypeAdapter(list[Wanted])


class DiskAtRest:
    """The disk of one machine. ``end`` is called once, when the disk is first wanted; it ends the machine."""

    def __init__(self, disk: Path, machine: Machine, *, emulated: bool, end: Callable[[], Ended]) -> None:
        """disk: the qcow2 file that the machine has or had. emulated: KVM does not run guests here."""
        self._disk = disk
        self._family = machine.family
        self._cards = [Card(name=name, mac=nic.mac) for name, nic in machine.nics.items()]
        self._emulated = emulated
        self._end = end
        self._ended: Ended | None = None
        self._broken = False
        self._told: dict[bytes, bytes] = {}
        self.was_off = False
        """Whether the candidate had powered it off; known once it was wanted."""
        self.trouble: Text | None = None
        """Why it could not be read."""

    def channels(self) -> list[Channel]:
        """The ways to it: as a disk that was put away properly, else as one that was cut off."""
        dialect = DISKS[self._family]
        return [
            Channel(DISK, _Side(self, ("off", "clean")), dialect),
            Channel(CUT_DISK, _Side(self, ("cut",)), dialect),
        ]

    def ended(self) -> Ended | None:
        """How the machine was ended; None when it could not be, or its disk cannot be read."""
        if self._ended is None and not self._broken:
            try:
                self._ended = self._end()
                self.was_off = self._ended == "off"
            except EpreuveError:
                self._broken = True
        return None if self._broken else self._ended

    def read(self, plan: bytes, timeout_s: float) -> bytes:
        """The answers to a plan, as JSON. Raises ChannelError; then it is not tried again."""
        if plan not in self._told:
            self._broken = True  # until it has been read: a second try would take as long and end the same way
            try:
                self._told[plan] = self._read(_PLANS.validate_python(json.loads(plan)["questions"]), timeout_s)
            except ChannelError as error:
                self.trouble = error.what
                raise
            except Exception as error:  # a forged disk must not end the observation of a bench
                self.trouble = Text("sa lecture a échoué", "reading it failed")
                raise ChannelError(self.trouble, where=type(error).__name__) from error
            self._broken = False
        return self._told[plan]

    def _read(self, plan: Sequence[Wanted], timeout_s: float) -> bytes:
        with Guestfish(self._disk, emulated=self._emulated, deadline=monotonic() + timeout_s) as session:
            reader = DiskReader(session, self._family, self._cards)
            if not reader.root.whole or (self._ended == "clean" and not reader.root.closed):
                self._ended = "cut"  # it was off in time, but its file system was not put away
            ended = self._ended or "cut"
            answers = [reader.found(wanted, ended).model_dump(mode="json", exclude_defaults=True) for wanted in plan]
        return json.dumps({"answers": answers}).encode()


class _Side:
    """The disk as a channel, for as long as the machine was ended in one of these ways."""

    def __init__(self, disk: DiskAtRest, ways: Sequence[Ended]) -> None:
        self._disk = disk
        self._ways = ways

    def ping(self, timeout_s: float = 5.0) -> bool:
        """Whether this is the disk to read; ends the machine first."""
        return self._disk.ended() in self._ways

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        """Carry out a plan. Raises ChannelError, too, when the disk turns out to be another's than of these ways."""
        began = monotonic()
        answers = self._disk.read(stdin, timeout_s)
        if not self.ping():
            raise ChannelError(Text("le disque n'a pas été fermé", "the disk was not put away"))
        return ExecResult(0, answers, b"", duration_s=monotonic() - began)


def power_off(hypervisor: Hypervisor, domain: str, family: str) -> Ended:
    """End a machine that nobody needs any more. Raises HypervisorError."""
    off = hypervisor.shutdown(domain, timeout_s=SHUTDOWN_S) and hypervisor.state(domain) is DomainState.OFF
    away = not off and family == "linux" and hypervisor.state(domain) is DomainState.RUNNING
    if away:
        hypervisor.put_away(domain)
    hypervisor.destroy(domain)
    return "clean" if off or away else "cut"


def can_read(hypervisor: Hypervisor) -> bool:
    """Whether disks of this host's machines can be read here."""
    info = hypervisor.info()
    return info.is_local and not info.simulated and shutil.which(PROGRAM) is not None


def ask_disks(
    disks: Mapping[str, DiskAtRest],
    questions: Sequence[Question],
    facts: Mapping[str, Fact],
    secrets: Mapping[str, str],
) -> dict[str, Fact]:
    """What the disks of silent machines say, by question: those that no channel answered for anything. Machines are
    ended by this, so it comes after everything else was asked."""
    found: dict[str, Fact] = {}
    for machine, disk in disks.items():
        mine = [question for question in questions if question.at == machine]
        told = [question for question in mine if (fact := facts.get(question.key)) and fact.channel != "none"]
        channels = disk.channels()
        asked = [question for question in mine if channels[0].dialect.twin(question.probe) is not None]
        if told or not asked:
            continue
        with _ONE_AT_A_TIME, suppress(EpreuveError):
            answers = observe(asked, [Place(machine, channels, secrets=secrets)], LIMIT_S)
            found.update((fact.key, fact) for fact in answers if fact.channel != "none")
        for one in mine:
            if one.key not in found:
                found[one.key] = _untold(facts[one.key], disk)
    return found


def _untold(fact: Fact, disk: DiskAtRest) -> Fact:
    """A fact that nobody saw, with the reason why the disk does not tell it either."""
    why = fact.why or Text("aucun canal ne répond", "no channel answers")
    if disk.was_off:
        why = Text("la machine était éteinte à la fin de l'épreuve", "the machine was off at the end of the exam")
    if disk.trouble is not None:
        why = Text(
            f"{why.fr}, et son disque n'a pas pu être lu : {disk.trouble.fr}",
            f"{why.en}, and its disk could not be read: {disk.trouble.en}",
        )
    elif disk.ended() is not None:
        why = Text(f"{why.fr}, et son disque ne le dit pas", f"{why.en}, and its disk does not tell")
    return fact.model_copy(update={"why": why})
