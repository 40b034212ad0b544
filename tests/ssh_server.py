"""A real SSH server (paramiko's own) on loopback, for tests of what speaks SSH."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import paramiko


@contextmanager
def ssh_server(user: paramiko.PKey, host: paramiko.PKey, instead: str = "") -> Iterator[int]:
    """The port of a server with this host key that lets this user's key in and runs what it is asked to.

    instead: what it runs whatever it is asked; ``exit``: it hangs up; ``status first``: it tells how a program ended
    before what it said; ``mute``: it lets in and never answers.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()
    transports = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                transport = paramiko.Transport(connection)
                transport.add_server_key(host)
                # OSError too: a client that refuses the host key may reset the connection, and the next is served.
                with suppress(paramiko.SSHException, EOFError, OSError):
                    transport.start_server(server=_Server(user, instead, over))
                transports.append(transport)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        listener.close()
        for transport in transports:
            transport.close()


class _Server(paramiko.ServerInterface):
    def __init__(self, key: paramiko.PKey, instead: str, over: threading.Event) -> None:
        self._key = key
        self._instead = instead
        self._over = over

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return paramiko.AUTH_SUCCESSFUL if key == self._key else paramiko.AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        if self._instead == "mute":
            self._over.wait()
        threading.Thread(target=self._run, args=(channel, command), daemon=True).start()
        return True

    def _run(self, channel: paramiko.Channel, command: bytes) -> None:
        with suppress(OSError, EOFError):
            given = b""
            while data := channel.recv(65536):
                given += data
            if self._instead == "exit":
                channel.get_transport().close()
            early = self._instead == "status first"
            line = command if early else self._instead or command
            done = subprocess.run(line, shell=True, input=given, capture_output=True, check=False)  # noqa: S602
            if early:
                channel.send_exit_status(done.returncode)
                threading.Event().wait(0.2)  # the other end has read it and finds nothing more
            channel.sendall(done.stdout)
            channel.sendall_stderr(done.stderr)
            if not early:
                channel.send_exit_status(done.returncode)
            channel.close()
