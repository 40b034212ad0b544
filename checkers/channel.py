"""What a channel to a machine is: something that runs a program there and brings back its output, within a time limit.

The QEMU guest agent (orchestrator), SSH, WinRM and the witness' network namespace all have this one shape, so the
batch runner does not know which it speaks through.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from labs.errors import EpreuveError
from labs.text import Text


class ChannelError(EpreuveError):
    """A machine could not be asked. Never a candidate's failure: it becomes INCONCLUSIVE."""

    code = "channel"
    exit_code = 4


class LoginRefusedError(ChannelError):
    """The machine answers, and refuses the account that asks."""


class OtherKeyError(ChannelError):
    """Somebody answers who shows another key than the pinned one; ``shown``: that one, as ``type data``."""

    def __init__(self, shown: str, *, where: str) -> None:
        super().__init__(
            Text("la clé que la machine montre n'est pas la sienne", "the key that the machine shows is not its own"),
            where=where,
        )
        self.shown = shown


@dataclass(frozen=True)
class Program:
    """What a channel is given to run, and what that reads."""

    argv: Sequence[str]
    stdin: bytes


@dataclass(frozen=True)
class ExecResult:
    """What a program did. ``exit_code`` is None when it was ended by the time limit or a signal.

    ``truncated``: the channel cut one of the streams at its bound.
    """

    exit_code: int | None
    stdout: bytes
    stderr: bytes
    truncated: bool = False
    timed_out: bool = False
    duration_s: float = 0.0


def greets(hello: Callable[[float], None], timeout_s: float) -> bool:
    """Whether a way of greeting a machine, which raises ChannelError, succeeds within the time limit."""
    try:
        hello(timeout_s)
    except ChannelError:
        return False
    return True


class Agent(Protocol):
    """Runs programs in a machine, as its administrator."""

    def ping(self, timeout_s: float = 5.0) -> bool:
        """Whether the other end answers within the time limit. Never raises."""
        ...

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        """Run one program to its end and return both streams. Raises ChannelError when nothing can be said of it."""
        ...
