"""Programs over SSH by paramiko: the channel after the guest agent, and the one for physical devices.

paramiko has two traps that this adapter takes away: a command may never end, and a stream that is not drained blocks
the other. Both streams are read as they come, within bounds, until the deadline.
"""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Callable, Sequence

import paramiko

from checkers.channel import ChannelError, ExecResult, greets
from checkers.channels.ssh_connection import Dial, Login, SshConnection, known_key, offered_key

__all__ = ["STREAM_LIMIT", "Dial", "Login", "SshAgent", "known_key", "offered_key", "windows_line"]

STREAM_LIMIT = 4 * 1024 * 1024
"""Bytes kept of each stream."""

_LAST_WORDS_S = 3.0
"""How long after a program's end, and after the last that came of it, more is waited for while its streams are open."""

_GRACE_S = 2.0
"""Seconds after the time limit at which the connection is cut: by then the program was given up, or never began."""

_PLAIN = re.compile(r"[A-Za-z0-9:\\._+/=-]+")


def windows_line(argv: Sequence[str]) -> str:
    """A command line that cmd.exe and PowerShell, whichever is the default shell of Windows' OpenSSH, read alike: of
    plain words only. Raises ValueError for any other: the two quote in ways that have nothing in common."""
    if not all(_PLAIN.fullmatch(word) for word in argv):
        raise ValueError("a word that would have to be quoted")
    return " ".join(argv)


class SshAgent:
    """Runs programs over SSH. One connection, opened at first use and opened again when it broke.

    line: how the machine's shell is told a program and its arguments; by default a POSIX shell.
    """

    def __init__(
        self,
        dial: Dial,
        *,
        login: Login,
        host_key: str,
        where: str,
        line: Callable[[Sequence[str]], str] = shlex.join,
    ) -> None:
        """host_key: the machine's public key as ``type base64``, pinned: another one is refused."""
        self._connection = SshConnection(dial, login=login, host_key=host_key, where=where)
        self._line = line

    def ping(self, timeout_s: float = 20.0) -> bool:
        """Whether a session can be opened within the time limit: an emulated machine takes seconds for its keys."""
        return greets(self.hello, timeout_s)

    def hello(self, timeout_s: float) -> None:
        """Open a session, unless one is. Raises ChannelError; OtherKeyError when somebody else is there."""
        with self._connection.cut_after(timeout_s):
            self._connection.open(timeout_s)

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        """Run one program. Raises ChannelError when the connection fails; a program that runs too long is
        ``timed_out``."""
        started = time.monotonic()
        deadline = started + timeout_s
        try:
            with self._connection.cut_after(timeout_s + _GRACE_S):
                transport = self._connection.open(min(10.0, timeout_s))
                channel = transport.open_session(timeout=min(10.0, timeout_s))
                channel.settimeout(min(10.0, timeout_s))
                channel.exec_command(self._line(argv))
                out, err, truncated = self._talk(channel, stdin, deadline)
                done = channel.exit_status_ready()
                code = _code(channel.recv_exit_status(), transport) if done else None
                channel.close()
        except ChannelError:
            raise
        except Exception as error:  # as in SshConnection
            self.close()
            raise self._connection.failed(error) from error
        if not done:
            self.close()
        return ExecResult(code, out, err, truncated, timed_out=not done, duration_s=time.monotonic() - started)

    def close(self) -> None:
        """Close the connection; the next command opens another."""
        self._connection.close()

    def _talk(self, channel: paramiko.Channel, stdin: bytes, deadline: float) -> tuple[bytes, bytes, bool]:
        out, err = bytearray(), bytearray()
        truncated = False
        quiet_since = time.monotonic()
        pending = memoryview(stdin)
        while time.monotonic() < deadline:
            moved = False
            if pending and channel.send_ready():
                pending = pending[channel.send(bytes(pending[:32768])) :]
                moved = True
            elif not pending and not channel.eof_sent:
                channel.shutdown_write()
            for ready, receive, kept in (
                (channel.recv_ready, channel.recv, out),
                (channel.recv_stderr_ready, channel.recv_stderr, err),
            ):
                while ready():
                    data = receive(65536)
                    moved = moved or bool(data)
                    truncated = truncated or len(kept) + len(data) > STREAM_LIMIT
                    kept += data[: max(0, STREAM_LIMIT - len(kept))]
                    if not data or time.monotonic() > deadline:
                        break
            if moved or not channel.exit_status_ready():
                quiet_since = time.monotonic()
            if moved:
                continue
            if not channel.exit_status_ready():
                channel.status_event.wait(0.01)  # set when the program ends; data is polled in between
                continue
            # A server may tell how a program ended before the last that it said (RFC 4254 leaves the order open). Its
            # streams end with it, unless the program has left another behind that holds them.
            over = channel.eof_received or channel.closed or time.monotonic() - quiet_since > _LAST_WORDS_S
            if over and not channel.recv_ready() and not channel.recv_stderr_ready():
                break
            time.sleep(0.01)
        return bytes(out), bytes(err), truncated


def _code(status: int, transport: paramiko.Transport) -> int | None:
    """paramiko says -1 of a program that a signal ended, and of a line that broke."""
    if status == -1 and not transport.is_active():
        raise EOFError("connection lost")
    return None if status == -1 else status
