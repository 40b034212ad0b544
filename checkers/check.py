"""What a check is: a pure function from facts to a finding."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, cast

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from checkers.facts import Again, Fact
from checkers.probe import Probe, Question, V, Value
from checkers.verdict import Finding
from labs.text import Text


class Unseen(Exception):  # noqa: N818 - not an error: it becomes INCONCLUSIVE
    """A fact that a check needs was not seen."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


DISK, CUT_DISK = DISK_CHANNELS = ("disk", "disk-cut")
"""Channels: the disk of a machine that was off or was shut down; that of one that was not shut down properly."""


@dataclass
class FromDisk:
    """What a check has used that was read from a disk: at which machines, and whether one was cut off. partial: some of
    what a probe finds is in no file, only in a running machine."""

    machines: set[str] = field(default_factory=set)
    cut: bool = False
    partial: bool = False

    def note(self, fact: Fact, value: Value) -> None:
        """Remember a fact that was used."""
        self.machines.add(fact.at)
        self.cut = self.cut or fact.channel == CUT_DISK
        self.partial = self.partial or bool(value.not_seen())


class View:
    """The facts of one observation, as a check sees them.

    ``links``: for each machine, whether it runs and which of its networks are connected *at the hypervisor*, so that a
    silence on the wire can be told from a cut that the candidate did not make. ``disk``: what of that which was seen
    through it was read from a disk.
    """

    def __init__(
        self,
        facts: Mapping[str, Fact],
        links: Mapping[str, Mapping[str, bool]] | None = None,
        disk: FromDisk | None = None,
    ) -> None:
        self._facts = facts
        self._links = links or {}
        self.disk = disk or FromDisk()

    def fresh(self) -> View:
        """The same facts, of which nothing was looked at yet."""
        return View(self._facts, self._links)

    def see(self, at: str, probe: Probe[V]) -> V:
        """The value of a fact. Raises Unseen (the check becomes INCONCLUSIVE) when it was not seen."""
        question = Question(at, probe)
        fact = self._facts.get(question.key)
        if fact is None:
            raise Unseen(
                Text(
                    "l'observation ne contient pas ce fait : {key}",
                    "the observation does not hold this fact: {key}",
                ).format(key=question.key)
            )
        if fact.status == "unseen":
            raise Unseen(fact.why or Text("fait non observé", "fact not observed"))
        value = cast(V, probe.value.model_validate(fact.value))
        if fact.channel in DISK_CHANNELS:
            self.disk.note(fact, value)
        return value

    def rounds(self, questions: Sequence[Question]) -> list[int]:
        """When any of these was answered otherwise than before: 0, the first time, then rounds of asking again."""
        again = [fact.again for one in questions if (fact := self._facts.get(one.key)) and fact.again]
        return sorted({0, *(look.round for one in again for look in one.looks)})

    def at_round(self, number: int) -> View:
        """What was known after a round."""
        return View({key: fact.at_round(number) for key, fact in self._facts.items()}, self._links, self.disk)

    def asked_again(self, question: Question) -> Again | None:
        """How often a question was asked again, if it was."""
        fact = self._facts.get(question.key)
        return None if fact is None else fact.again

    def need_link(self, machine: str, network: str) -> None:
        """Call before concluding anything from a silence: raises Unseen when the hypervisor cut it."""
        if self._links.get(machine, {}).get(network, False):
            return
        raise Unseen(
            Text(
                "la machine « {machine} » était éteinte ou débranchée du réseau « {network} » (côté hyperviseur) : "
                "son silence ne prouve rien",
                "machine “{machine}” was off or unplugged from network “{network}” (at the hypervisor): "
                "its silence proves nothing",
            ).format(machine=machine, network=network)
        )

    def need_every_link(self, on: str) -> None:
        """Like ``need_link``, for what may depend on any machine of the bench: raises when one cable was out. on: where
        it was seen; what was read from that machine's disk is written there, whatever is connected."""
        if on in self.disk.machines:
            return
        for machine, networks in self._links.items():
            for network in networks:
                self.need_link(machine, network)


class Wait(BaseModel):
    """Asking again: ``for`` how many seconds at most, ``every`` how many."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    for_: Annotated[StrictInt, Field(alias="for", ge=5, le=60)]
    every: Annotated[StrictInt, Field(ge=5, le=30)] = 5


class Check(BaseModel, ABC):
    """One expectation about the end state. Its fields are what ``with:`` may hold in ``lab.yml``.

    kind: the name used in ``lab.yml``. about: one sentence for trainers. minds_unseen: it asks each value what of it
    could not be seen (``Value.not_seen``), so that it may judge what a disk does tell.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ClassVar[str]
    about: ClassVar[Text]
    minds_unseen: ClassVar[bool] = False

    @abstractmethod
    def questions(self) -> Sequence[Question]:
        """Every question whose answer ``judge`` may look at."""

    def patience(self) -> Wait | None:
        """For how long its questions are asked again while it does not pass; None: not at all."""
        return None

    @abstractmethod
    def judge(self, view: View) -> Finding:
        """The finding. Pure. Lets ``Unseen`` pass through: what was not seen is not failed."""


Params = Mapping[str, Any]
