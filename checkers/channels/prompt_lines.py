"""A whole batch at a device's prompt: one line a question, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from checkers.channel import ChannelError, ExecResult
from checkers.channels.prompt import PromptAgent
from labs.text import Text

ARGV = ("prompt",)
"""What this agent runs; the lines are on its standard input, as ``ASKED``."""


class Line(BaseModel):
    """A line to say, and after how many seconds its answer is given up."""

    line: str
    limit_s: float


class Said(BaseModel):
    """What came back, in ``ms``. late: its end did not come in time. cut: it was too much."""

    text: str
    ms: int = Field(ge=0)
    late: bool = False
    cut: bool = False


ASKED, ANSWERS = TypeAdapter(list[Line]), TypeAdapter(list[Said])


class PromptLines:
    """Says the lines of a batch through one session at a prompt."""

    def __init__(self, agent: PromptAgent) -> None:
        self._agent = agent

    def hello(self, timeout_s: float) -> None:
        """Find the prompt. Raises ChannelError; OtherKeyError when another device is there, LoginRefusedError when the
        account is refused."""
        self._agent.hello(timeout_s)

    def ping(self, timeout_s: float = 20.0) -> bool:
        """Whether the prompt can be found within the time limit."""
        return self._agent.ping(timeout_s)

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        """Say the lines of an input (``ASKED``); the answers (``ANSWERS``) are the output. What comes after the time
        limit is not asked. Raises ChannelError, also when anything else is to be run."""
        started = monotonic()
        try:
            asked = ASKED.validate_json(stdin)
        except ValidationError as error:
            raise ChannelError(
                Text("cet appareil n'a qu'une invite", "this device has nothing but a prompt"), where=argv[0]
            ) from error
        answers: list[Said] = []
        for one in asked:
            left = started + timeout_s - monotonic()
            if left <= 0:
                break
            done = self._agent.run([one.line], timeout_s=min(one.limit_s, left))
            answers.append(
                Said(
                    text=done.stdout.decode(),
                    ms=round(done.duration_s * 1000),
                    late=done.timed_out,
                    cut=done.truncated,
                )
            )
        return ExecResult(0, ANSWERS.dump_json(answers), b"", duration_s=monotonic() - started)

    def close(self) -> None:
        """End the session."""
        self._agent.close()
