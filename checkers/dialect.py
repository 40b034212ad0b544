"""How questions are put to one kind of machine, and how its answers are read.

A probe is a question, and what it finds is the same whatever answers: the same checks judge a Linux server and a
Windows one. A probe's own command is for the POSIX shell of a Linux machine; a *twin* puts the same question to another
kind of machine and reads its answer into the same value. A dialect knows the twins of one kind and how a whole batch is
asked.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic

from checkers import batch
from checkers.channel import ExecResult, Program
from checkers.facts import Raw
from checkers.probe import Foreign, Probe, Question, V
from labs.text import Text


class Twin(ABC, Generic[V]):
    """A probe's question in another dialect. ``probe``: the class whose question it puts; ``timeout_s``: that of the
    answer where it is not the probe's own."""

    probe: ClassVar[type[Probe[Any]]]
    timeout_s: ClassVar[int | None] = None

    @abstractmethod
    def command(self, probe: Any) -> str:
        """What is asked, as text in this dialect; it stands in the evidence. It must change nothing."""

    @abstractmethod
    def parse(self, probe: Any, raw: Raw) -> V:
        """The value in an answer. Pure. Raises Unreadable when the answer says nothing."""


class Own(Twin[Any]):
    """A probe in its own dialect."""

    def command(self, probe: Any) -> str:
        command: str = probe.command()
        return command

    def parse(self, probe: Any, raw: Raw) -> Any:
        return probe.parse(raw)


@dataclass(frozen=True)
class Order(Program):
    """What is run to ask a batch, and after how many seconds it is given up."""

    timeout_s: float


class Dialect(ABC):
    """One kind of machine, as the observer asks it. ``name``: as in a lab's ``family``. ``title``: in sentences."""

    name: ClassVar[str]
    title: ClassVar[Text]

    @abstractmethod
    def twin(self, probe: Probe[Any]) -> Twin[Any] | None:
        """How this probe's question is put here; None when it cannot be."""

    @abstractmethod
    def order(
        self, questions: Sequence[Question], *, parallel: bool = False, environment: Mapping[str, str] | None = None
    ) -> Order:
        """What asks all these questions at once; each has a twin. parallel: for places that mostly wait. environment:
        what the commands may use; it must not stand in a list of processes."""

    @abstractmethod
    def answers(self, result: ExecResult, count: int) -> dict[int, Raw]:
        """The answers in what the program said, by the question's number. Bounded and validated: it comes from a
        candidate's machine. Raises ChannelError when it cannot be read as a whole."""

    def limit_s(self, probe: Probe[Any]) -> int:
        """Seconds that one answer may take."""
        twin = self.twin(probe)
        return (twin.timeout_s if twin is not None else None) or probe.timeout_s


class ShellDialect(Dialect):
    """Machines with a POSIX shell, ``timeout`` and ``tar``: one script of all the commands (``checkers.batch``)."""

    name = "linux"
    title = Text("une machine Linux", "a Linux machine")

    def twin(self, probe: Probe[Any]) -> Twin[Any] | None:
        return None if isinstance(probe, Foreign) else OWN

    def order(
        self, questions: Sequence[Question], *, parallel: bool = False, environment: Mapping[str, str] | None = None
    ) -> Order:
        asked = [batch.Ask(one.key, self.limit_s(one.probe), self._command(one.probe)) for one in questions]
        text = batch.script(asked, parallel=parallel, environment=environment)
        return Order(["/bin/sh"], text.encode(), batch.time_limit(asked, parallel=parallel))

    def answers(self, result: ExecResult, count: int) -> dict[int, Raw]:
        return batch.read(result, count)

    def _command(self, probe: Probe[Any]) -> str:
        twin = self.twin(probe)
        assert twin is not None  # noqa: S101 - the caller's promise
        return twin.command(probe)


def by_probe(twins: Iterable[Twin[Any]]) -> dict[type[Probe[Any]], Twin[Any]]:
    """Twins under the class of the probe whose question they put. Raises ValueError when two put the same."""
    found: dict[type[Probe[Any]], Twin[Any]] = {}
    for twin in twins:
        if twin.probe in found:
            raise ValueError(f"two twins of {twin.probe.__name__}")
        found[twin.probe] = twin
    return found


OWN = Own()
SHELL = ShellDialect()
"""What the wire, the radio and Linux machines are asked in."""
