"""A device with a prompt and nothing else, over SSH on loopback: what small switches and routers do to a terminal.

It cannot run a program (``exec`` is refused), echoes what is typed when it reads it, pages, greets, and knows an
administrator's mode. ``answers`` are what its commands print; ``manners`` say what is awkward about it.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import paramiko
from paramiko import common
from paramiko.server import InteractiveQuery

PASSWORD, ENABLE = "Tkhd=Rnfg=Gbjp", "Vxhd=Rnfg=Gbjp"
Answer = str | Sequence[str | float] | Callable[["Session"], None]
"""What a command prints: a text, pieces of one with pauses (seconds) between, or what it does itself."""


@dataclass(frozen=True)
class Manners:
    """banner: before the first prompt. enable: it begins as an ordinary user. rows: it pages after so many lines.
    pager: what it shows then. keyboard: the password is asked for by keyboard-interactive. silent: it never prompts."""

    banner: str = ""
    host: str = "Switch-1"
    enable: bool = False
    rows: int = 0
    pager: str = " --More-- "
    keyboard: bool = False
    silent: bool = False
    privileged: str = "#"


@dataclass
class Served:
    """A device that listens. ``said``: the lines it was told."""

    port: int
    host_key: str
    said: list[str] = field(default_factory=list)

    def dial(self, timeout_s: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout_s)


class Session:
    """One terminal."""

    def __init__(self, channel: paramiko.Channel, served: Served, answers: Mapping[str, Answer], manners: Manners):
        self._channel = channel
        self._served = served
        self._answers = answers
        self._manners = manners
        self._typed = b""
        self._sign = ">" if manners.enable else manners.privileged
        self._rows = manners.rows

    def run(self) -> None:
        """Until the other side goes."""
        self.write(self._manners.banner)
        while not self._manners.silent or self._channel.recv(1):
            self.write("" if self._manners.silent else self._manners.host + self._sign)
            line = self.read()
            self._served.said.append(line)
            self._obey(line)

    def write(self, text: str) -> None:
        """Print, with the line ends of a terminal."""
        self._channel.sendall(text.replace("\n", "\r\n").encode())

    def read(self, echo: bool = True) -> str:
        """What is typed up to Return; echoed as it is read, not as it comes."""
        line = ""
        while (key := self.key()) != "\r":
            line += key
            if echo:
                self.write(key)
        self.write("\n")
        return line

    def key(self) -> str:
        """One key."""
        while not self._typed:
            data = self._channel.recv(1024)
            if not data:
                raise EOFError
            self._typed += data
        key, self._typed = self._typed[:1], self._typed[1:]
        return key.decode("latin-1")

    def _obey(self, line: str) -> None:
        if line.strip().startswith(("!", "#")) or not line.strip():
            return
        if line == "enable" and self._sign == ">":
            self.write("Password: ")
            if self.read(echo=False) == ENABLE:
                self._sign = "#"
            else:
                self.write("% Access denied\n")
        elif line == "terminal length 0":
            self._rows = 0
        elif line.startswith("terminal width"):
            pass
        else:
            answer = self._answers.get(line, f"% Unknown command: {line}\n")
            if callable(answer):
                answer(self)
            elif isinstance(answer, str):
                self._page(answer)
            else:
                for piece in answer:
                    if isinstance(piece, str):
                        self.write(piece)
                    else:
                        time.sleep(piece)

    def _page(self, text: str) -> None:
        lines = text.splitlines(keepends=True)
        for number, line in enumerate(lines, 1):
            self.write(line)
            if self._rows and number % self._rows == 0 and number < len(lines):
                self.write(self._manners.pager)
                if self.key() == "q":
                    return
                self.write("\b" * 10 + " " * 10 + "\b" * 10)


@contextmanager
def device(answers: Mapping[str, Answer], manners: Manners | None = None) -> Iterator[Served]:
    """A device that answers so; user ``admin``."""
    host = paramiko.ECDSAKey.generate()
    listener = socket.create_server(("127.0.0.1", 0))
    served = Served(listener.getsockname()[1], f"{host.get_name()} {host.get_base64()}")
    transports: list[paramiko.Transport] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                transport = paramiko.Transport(connection)
                transport.add_server_key(host)
                transports.append(transport)
                with suppress(paramiko.SSHException, EOFError, OSError):
                    transport.start_server(server=_Server(served, answers, manners or Manners()))

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield served
    finally:
        listener.close()
        for transport in transports:
            transport.close()


class _Server(paramiko.ServerInterface):
    def __init__(self, served: Served, answers: Mapping[str, Answer], manners: Manners) -> None:
        self._given = served, answers, manners

    def get_allowed_auths(self, username: str) -> str:
        return "keyboard-interactive" if self._given[2].keyboard else "password"

    def check_auth_password(self, username: str, password: str) -> int:
        right = (username, password) == ("admin", PASSWORD) and not self._given[2].keyboard
        return common.AUTH_SUCCESSFUL if right else common.AUTH_FAILED

    def check_auth_interactive(self, username: str, submethods: str) -> InteractiveQuery:
        return InteractiveQuery("", "", ("Password: ", False))

    def check_auth_interactive_response(self, responses: list[str]) -> int:
        return common.AUTH_SUCCESSFUL if responses == [PASSWORD] else common.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return common.OPEN_SUCCEEDED

    def check_channel_pty_request(self, *_: object) -> bool:
        return True

    def check_channel_shell_request(self, channel: paramiko.Channel) -> bool:
        threading.Thread(target=self._serve, args=(channel,), daemon=True).start()
        return True

    def _serve(self, channel: paramiko.Channel) -> None:
        with suppress(OSError, EOFError):
            Session(channel, *self._given).run()
