"""The dialect of Windows machines: one PowerShell script for a whole batch (``scripts/collector.ps1``)."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from checkers.batch import STDERR_LIMIT, STDOUT_LIMIT
from checkers.channel import ChannelError, ExecResult
from checkers.dialect import Dialect, Order, Twin
from checkers.facts import Raw
from checkers.probe import Probe, Question
from checkers.windows import powershell
from checkers.windows.twin import WindowsTwin, source
from checkers.windows.twins.catalog import TWINS
from labs.text import Text

_WHOLE_LIMIT = 32 * 1024 * 1024
"""Bytes of a whole answer once it is unpacked."""
_START_S = 25
"""Seconds that PowerShell may take to start on a slow machine."""


class _Failure(BaseModel):
    model_config = ConfigDict(extra="ignore")
    id: str = ""
    type: str = ""
    hresult: int = 0
    message: str = ""


class _Answer(BaseModel):
    # "json" would hide a method of the model.
    model_config = ConfigDict(extra="ignore")
    text: str | None = Field(default=None, alias="json")
    failure: _Failure | None = None
    late: bool = False
    large: bool = False
    ms: int = Field(default=0, ge=0)


class WindowsDialect(Dialect):
    """Windows client and server, from Windows 10 and Server 2016 on."""

    name = "windows"
    title = Text("une machine Windows", "a Windows machine")

    def twin(self, probe: Probe[Any]) -> Twin[Any] | None:
        return TWINS.get(type(probe))

    def order(
        self, questions: Sequence[Question], *, parallel: bool = False, environment: Mapping[str, str] | None = None
    ) -> Order:
        batch = {"questions": [self._question(number, one.probe) for number, one in enumerate(questions)]}
        given = {"Batch": json.dumps(batch, ensure_ascii=False), "AnswerLimit": STDOUT_LIMIT}
        limit_s = sum(self.limit_s(one.probe) + 1 for one in questions) + _START_S
        return Order(powershell.argv(), powershell.stdin(source("collector"), given), float(limit_s))

    def _question(self, number: int, probe: Probe[Any]) -> dict[str, Any]:
        twin = TWINS[type(probe)]
        return {
            "id": number,
            "limit": self.limit_s(probe),
            "script": source(twin.script),
            "arguments": twin.arguments(probe),
        }

    def answers(self, result: ExecResult, count: int) -> dict[int, Raw]:
        if result.timed_out or result.truncated or result.exit_code != 0:
            raise _unreadable(
                f"exit={result.exit_code} timeout={result.timed_out} truncated={result.truncated} "
                + result.stderr[:200].decode("utf-8", "replace").strip()
            )
        given = _unpacked(result.stdout)
        return {number: _raw(given[str(number)]) for number in range(count) if isinstance(given.get(str(number)), dict)}


def _unpacked(output: bytes) -> dict[str, Any]:
    """The answers in the last line of the output, by number as text. Raises ChannelError."""
    lines = output.split()
    try:
        packed = base64.b64decode(lines[-1], validate=True)
        engine = zlib.decompressobj(wbits=31)
        data = engine.decompress(packed, _WHOLE_LIMIT)
        if not engine.eof:
            raise _unreadable("too large or cut")
        answers = json.loads(data)["answers"]
    except (IndexError, binascii.Error, zlib.error, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unreadable(f"{type(error).__name__}: {error}"[:200]) from error
    if not isinstance(answers, dict):
        raise _unreadable("no answers")
    return answers


def _raw(given: dict[str, Any]) -> Raw:
    try:
        answer = _Answer.model_validate(given)
    except ValidationError:
        return Raw(stdout="", stderr="answer", exit_code=1)
    failure = answer.failure
    said = f"{failure.id}\n{failure.type} 0x{failure.hresult & 0xFFFFFFFF:08x}\n{failure.message}" if failure else ""
    text = answer.text or ""
    return Raw(
        stdout=text[:STDOUT_LIMIT],
        stderr=said[:STDERR_LIMIT],
        exit_code=None if answer.late else int(answer.text is None),
        duration_ms=min(answer.ms, 10**9),
        timed_out=answer.late,
        truncated=answer.large or len(text) > STDOUT_LIMIT,
    )


def _unreadable(where: str) -> ChannelError:
    return ChannelError(
        Text("la réponse de la machine est illisible", "the machine's answer cannot be read"), where=where.strip()
    )


WINDOWS = WindowsDialect()

__all__ = ["WINDOWS", "WindowsDialect", "WindowsTwin"]
