"""A machine by its address, without a bench: over WinRM or SSH."""

from __future__ import annotations

import shlex
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from checkers.channels.ssh import Login, SshAgent, offered_key, windows_line
from checkers.channels.ssh_connection import Dial
from checkers.channels.winrm_ import Account, ClientCertificate, Trust, WinRmAgent
from checkers.families import DIALECTS
from checkers.observe import Channel, Place
from checkers.probe import Question
from orchestrator.recorder.target import Target, target_of

_LOOK_S = 20.0


@dataclass(frozen=True)
class WinRm:
    """Where a Windows machine is, who asks, and how it is known. host: as in its certificate, and in its realm."""

    host: str
    login: Account | ClientCertificate
    trust: Trust
    port: int

    @contextmanager
    def channel(self) -> Iterator[Channel]:
        """The way to it; its shell is closed at the end of the ``with`` block. Raises ChannelError, which tells why it
        cannot be asked: in an observation that is one of several ways, and the next is tried."""
        agent = WinRmAgent(
            _dial(self.host, self.port),
            login=self.login,
            trust=self.trust,
            host=self.host,
            where=f"winrm {self.host}",
            port=self.port,
        )
        try:
            agent.hello(_LOOK_S)
            yield Channel("winrm", agent, DIALECTS["windows"])
        finally:
            agent.close()

    @property
    def secrets(self) -> dict[str, str]:
        """What must not be written."""
        return {"password": self.login.password} if isinstance(self.login, Account) else {}


@dataclass(frozen=True)
class Ssh:
    """Where a machine is, who asks, its host key (``type base64``), and its family."""

    host: str
    login: Login
    host_key: str
    family: str
    port: int

    @contextmanager
    def channel(self) -> Iterator[Channel]:
        """The way to it; the connection is closed at the end of the ``with`` block. Raises ChannelError, as above."""
        agent = SshAgent(
            _dial(self.host, self.port),
            login=self.login,
            host_key=self.host_key,
            where=f"ssh {self.host}",
            line=windows_line if self.family == "windows" else shlex.join,
        )
        try:
            agent.hello(_LOOK_S)
            yield Channel("ssh", agent, DIALECTS[self.family])
        finally:
            agent.close()

    @property
    def secrets(self) -> dict[str, str]:
        """What must not be written."""
        return {"password": self.login.password} if self.login.password else {}


@contextmanager
def address_targets(name: str, way: WinRm | Ssh, more: Sequence[Question]) -> Iterator[Iterator[Target]]:
    """The machine at an address, under its name in the lab. Raises ChannelError."""
    with way.channel() as channel:
        place = Place(name, [channel], secrets=way.secrets)
        yield iter([target_of(place, channel.dialect.name, more)])


def host_key_at(host: str, port: int) -> str:
    """The host key that a machine shows now (``type base64``); nobody has confirmed it. Raises ChannelError."""
    return offered_key(_dial(host, port), where=f"ssh {host}", timeout_s=_LOOK_S)


def _dial(host: str, port: int) -> Dial:
    return partial(_connected, (host, port))


def _connected(address: tuple[str, int], timeout_s: float) -> socket.socket:
    return socket.create_connection(address, timeout=timeout_s)
