"""SSH by paramiko: the channel after the guest agent, and the one for physical devices.

paramiko has two traps that this adapter takes away: a command may never end, and a stream that is not drained blocks
the other. Both streams are read as they come, within bounds, until the deadline.
"""

from __future__ import annotations

import base64
import shlex
import socket
import threading
import time
from collections.abc import Callable, Sequence

import paramiko

from checkers.channel import ChannelError, ExecResult
from labs.text import Text

STREAM_LIMIT = 4 * 1024 * 1024
"""Bytes kept of each stream."""

Dial = Callable[[float], socket.socket]
"""Opens a TCP connection to the machine's SSH port within so many seconds. The witness' namespace gives one that leaves
from the bench's own network."""


class SshAgent:
    """Runs programs over SSH as root. One connection, opened at first use and opened again when it broke."""

    def __init__(self, dial: Dial, *, username: str, key: paramiko.PKey, host_key: str, where: str) -> None:
        """host_key: the machine's public key as ``type base64``, pinned: another one is refused."""
        self._dial = dial
        self._username = username
        self._key = key
        self._host_key = host_key
        self._where = where
        self._transport: paramiko.Transport | None = None
        self._connecting = threading.Lock()

    def ping(self, timeout_s: float = 20.0) -> bool:
        """Whether a session can be opened within the time limit: an emulated machine takes seconds for its keys."""
        try:
            self._connect(timeout_s)
        except ChannelError:
            return False
        return True

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        """Run one program. Raises ChannelError when the connection fails; a program that runs too long is
        ``timed_out``."""
        started = time.monotonic()
        deadline = started + timeout_s
        try:
            channel = self._connect(min(10.0, timeout_s)).open_session(timeout=min(10.0, timeout_s))
            channel.settimeout(min(10.0, timeout_s))
            channel.exec_command(shlex.join(argv))
            out, err, truncated = self._talk(channel, stdin, deadline)
            done = channel.exit_status_ready()
            code = channel.recv_exit_status() if done else None
            channel.close()
        except (paramiko.SSHException, OSError, EOFError) as error:
            self.close()
            raise self._failed(error) from error
        if not done:
            self.close()
        return ExecResult(code, out, err, truncated, timed_out=not done, duration_s=time.monotonic() - started)

    def close(self) -> None:
        """Close the connection; the next command opens another."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _talk(self, channel: paramiko.Channel, stdin: bytes, deadline: float) -> tuple[bytes, bytes, bool]:
        out, err = bytearray(), bytearray()
        truncated = False
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
            if not moved:
                if channel.exit_status_ready() and not channel.recv_ready() and not channel.recv_stderr_ready():
                    break
                channel.status_event.wait(0.01)  # set when the program ends; data is polled in between
        return bytes(out), bytes(err), truncated

    def _connect(self, timeout_s: float) -> paramiko.Transport:
        with self._connecting:  # a machine and the witness on its radio are asked at once, through one connection
            if self._transport is None or not self._transport.is_active():
                self._transport = self._connected(timeout_s)
            return self._transport

    def _connected(self, timeout_s: float) -> paramiko.Transport:
        try:
            transport = _greeted(self._dial, timeout_s)
            if _spelt(transport.get_remote_server_key()) != self._host_key.strip():
                transport.close()
                raise ChannelError(
                    Text(
                        "la clé d'hôte SSH de la machine n'est pas celle du poste",
                        "the machine's SSH host key is not the bench's",
                    ),
                    where=self._where,
                )
            transport.auth_publickey(self._username, self._key)
        except (paramiko.SSHException, OSError, EOFError) as error:
            raise self._failed(error) from error
        return transport

    def _failed(self, error: Exception) -> ChannelError:
        return _silent(error, self._where)


def offered_key(dial: Dial, *, where: str, timeout_s: float) -> str:
    """The host key that a machine offers, as ``type base64``, to be pinned. Raises ChannelError."""
    try:
        transport = _greeted(dial, timeout_s)
    except (paramiko.SSHException, OSError, EOFError) as error:
        raise _silent(error, where) from error
    key = _spelt(transport.get_remote_server_key())
    transport.close()
    return key


def _greeted(dial: Dial, timeout_s: float) -> paramiko.Transport:
    transport = paramiko.Transport(dial(timeout_s))
    transport.banner_timeout = transport.auth_timeout = timeout_s
    try:
        transport.start_client(timeout=timeout_s)
    except BaseException:
        transport.close()
        raise
    return transport


def _spelt(key: paramiko.PKey) -> str:
    return f"{key.get_name()} {key.get_base64()}"


def _silent(error: Exception, where: str) -> ChannelError:
    return ChannelError(
        Text("la machine ne répond pas par SSH ({error})", "the machine does not answer over SSH ({error})").format(
            error=str(error)[:120] or type(error).__name__
        ),
        where=where,
    )


def known_key(line: str) -> str:
    """``type base64`` of a public key line, without its comment. Raises ValueError when it is none."""
    kind, data, *_ = line.split()
    base64.b64decode(data, validate=True)
    return f"{kind} {data}"
