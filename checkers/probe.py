"""What a probe is: one read-only question, as a command and a pure parser.

A probe is a small pydantic model: its fields are the arguments of the question, its ``command`` is what a shell runs,
its ``parse`` turns the output into a typed value. The same class serves a machine (``at="server"``), the witness on a
bench's wire (``at="wire:lan"``) and the witness on the radio (``at="radio:ap"``): only the place where it is asked
differs.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from checkers.facts import Raw
from labs.text import Text

Vantage = Literal["machine", "wire", "radio", "bench"]


class Value(BaseModel):
    """Base of what probes find: typed, immutable, JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def not_seen(self) -> frozenset[str]:
        """Its fields that could not be seen: what they hold (``None``, ``unknown``) is no state of the machine."""
        return frozenset()


V = TypeVar("V", bound=Value)


class Unreadable(Exception):  # noqa: N818 - a statement about an output, not an error of the program
    """The output of a command says nothing: the fact becomes "unseen" with this reason."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


class Probe(BaseModel, ABC, Generic[V]):
    """One read-only question.

    name: unique, in the field's terms. vantage: from where it may be asked. value: the class of what it finds.
    timeout_s: after that the command is ended and the fact is unseen.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: ClassVar[str]
    about: ClassVar[Text]
    vantage: ClassVar[Vantage] = "machine"
    value: ClassVar[type[Value]]
    timeout_s: ClassVar[int] = 10

    @abstractmethod
    def command(self) -> str:
        """The POSIX shell text to run. It must change nothing. Arguments are quoted with ``shlex.quote``."""

    @abstractmethod
    def parse(self, raw: Raw) -> V:
        """The value in an output. Pure. Raises Unreadable when the output says nothing."""

    def args(self) -> dict[str, Any]:
        """The arguments of the question as JSON."""
        return self.model_dump(mode="json")


class Foreign(Probe[V]):
    """A question that makes no sense to a POSIX shell: only twins put it."""

    def command(self) -> str:
        return ""

    def parse(self, raw: Raw) -> V:
        raise Unreadable(
            Text("cette question n'est pas pour cette machine", "this question is not for this kind of machine")
        )


@dataclass(frozen=True)
class Question:
    """A probe and where to ask it."""

    at: str
    probe: Probe[Any]

    @property
    def key(self) -> str:
        """The name of this question in an observation; stable, so that stored facts can be judged again."""
        args = self.probe.args()
        suffix = " " + json.dumps(args, sort_keys=True, ensure_ascii=False) if args else ""
        return f"{self.at}/{self.probe.name}{suffix}"

    @property
    def families(self) -> frozenset[str]:
        """The kinds of machines to which it can be put."""
        from checkers.families import families  # it knows every probe

        return families(self.probe)


def unique(questions: Sequence[Question]) -> list[Question]:
    """The questions without repeats, in order: several checks may rest on one fact."""
    return list({question.key: question for question in questions}.values())
