"""A program on this host, with a time limit, bounded output, and nothing of it left running."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import IO

from checkers.channel import ExecResult

STREAM_LIMIT = 4 << 20
_CHUNK = 1 << 16
_DRAIN_S = 0.5
"""How long the streams may stay open once the program has ended (a child of its may hold them)."""


def bounded_run(argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float, limit: int = STREAM_LIMIT) -> ExecResult:
    """Run a program in a process group of its own and kill the whole group at its end.

    What it writes beyond ``limit`` bytes a stream is read and thrown away, so it never blocks on us.

    :raises OSError: the program cannot be started.
    """
    started = monotonic()
    deadline = started + timeout_s
    with subprocess.Popen(
        list(argv), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        try:
            streams = _Streams(process, stdin, limit)
            in_time = streams.pump(process, deadline)
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
    return ExecResult(
        exit_code=code if in_time and code >= 0 else None,
        stdout=bytes(streams.kept["stdout"]),
        stderr=bytes(streams.kept["stderr"]),
        truncated=streams.truncated,
        timed_out=not in_time,
        duration_s=monotonic() - started,
    )


class _Streams:
    """The three streams of a running program."""

    def __init__(self, process: subprocess.Popen[bytes], stdin: bytes, limit: int) -> None:
        self.kept = {"stdout": bytearray(), "stderr": bytearray()}
        self.truncated = False
        self._limit = limit
        self._to_send = memoryview(stdin)
        self._selector = selectors.DefaultSelector()
        for name in ("stdout", "stderr"):
            self._register(getattr(process, name), selectors.EVENT_READ, name)
        self._register(process.stdin, selectors.EVENT_WRITE, "stdin")

    def _register(self, stream: IO[bytes] | None, events: int, name: str) -> None:
        assert stream is not None  # noqa: S101 - all three are pipes
        os.set_blocking(stream.fileno(), False)
        self._selector.register(stream, events, name)

    def pump(self, process: subprocess.Popen[bytes], deadline: float) -> bool:
        """Move bytes until the program has ended and its streams with it. False: it was still running in the end."""
        ended: float | None = None
        with self._selector:
            while self._selector.get_map():
                now = monotonic()
                if ended is None and process.poll() is not None:
                    ended = now
                if ended is None and now >= deadline:
                    return False
                if ended is not None and now >= min(ended + _DRAIN_S, max(deadline, ended + 0.05)):
                    return True
                for key, _ in self._selector.select(min(max(deadline - now, 0.0), 0.05)):
                    self._move(key)
        try:
            process.wait(max(deadline - monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            return False
        return True

    def _move(self, key: selectors.SelectorKey) -> None:
        done = self._send(key.fd) if key.data == "stdin" else self._receive(key.fd, key.data)
        if done:
            self._selector.unregister(key.fileobj)
            with suppress(BrokenPipeError):
                key.fileobj.close()  # type: ignore[union-attr]

    def _send(self, descriptor: int) -> bool:
        try:
            sent = os.write(descriptor, self._to_send[:_CHUNK]) if self._to_send else 0
        except BlockingIOError:
            return False
        except BrokenPipeError:
            return True
        self._to_send = self._to_send[sent:]
        return not self._to_send

    def _receive(self, descriptor: int, name: str) -> bool:
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return False
        room = self._limit - len(self.kept[name])
        self.kept[name] += data[:room]
        self.truncated = self.truncated or len(data) > room
        return not data
