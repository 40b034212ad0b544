"""What leads to physical devices: the room's network, which this host is on too; the benches' own stay apart from it.

``DialledNet`` really dials, over SSH or HTTPS. ``SimulatedNet`` sends no packet: simulated sessions use it, and both
keep the same promises (tests/unit/devices/test_net.py).
"""

from __future__ import annotations

import base64
import hashlib
import io
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import paramiko
from paramiko.ssh_exception import IncompatiblePeer

from checkers.channel import Agent, ChannelError, ExecResult, OtherKeyError
from checkers.channels.prompt import CISCO_LIKE, Kind, PromptAgent
from checkers.channels.prompt_lines import PromptLines
from checkers.channels.ssh import Dial, Login, SshAgent, offered_key
from checkers.channels.ubus import CERTIFICATE, UbusAgent, offered_certificate
from checkers.dialect import SHELL
from checkers.families import DIALECTS, HTTPS_DIALECTS
from checkers.observe import Channel
from checkers.prompt.dialect import CISCO
from labs.device import Device, Reach
from labs.text import Text
from orchestrator.exam.model import DeviceAt
from orchestrator.radio.adapter import radio_channel
from orchestrator.sessions import Session

LOOK_S = 10.0
"""How long a device may take to show its key, or to let somebody in."""

PORTS: Mapping[Reach, int] = {"ssh": 22, "https": 443}


class DeviceAgent(Agent, Protocol):
    """Asks a device, over a connection of its own."""

    def hello(self, timeout_s: float) -> None:
        """Connect and sign in. Raises ChannelError; OtherKeyError when another device is there, LoginRefusedError when
        the account is refused."""

    def close(self) -> None:
        """Close the connection."""


@dataclass(frozen=True)
class Way:
    """A way to a device: its name in the evidence, what asks, and what has to be done first and last."""

    channel: Channel
    agent: DeviceAgent


class DeviceNet(Protocol):
    """The network that the devices are on."""

    def shown_key(self, device: Device, address: str) -> str:
        """The key that a device shows now, as ``type data``; nobody has confirmed it. Raises ChannelError."""

    def ways(self, name: str, device: Device, known: DeviceAt, session: Session) -> Iterator[Way]:
        """The ways to a device whose key is confirmed, the one to be tried first first."""

    def beside(self, known: DeviceAt | None, asked: Sequence[Channel]) -> list[Channel]:
        """What is asked from beside a device (``radio:``). asked: what it is asked itself."""


@dataclass(frozen=True)
class DialledNet:
    """The real one. ports: other than the usual, for tests. radio: the wireless adapter that hears the devices."""

    ports: Mapping[Reach, int] = field(default_factory=lambda: PORTS)
    radio: str | None = None

    def shown_key(self, device: Device, address: str) -> str:
        offered = offered_key if device.reach == "ssh" else offered_certificate
        return offered(self._dial(device, address), where=address, timeout_s=LOOK_S)

    def ways(self, name: str, device: Device, known: DeviceAt, session: Session) -> Iterator[Way]:
        dial, where = self._dial(device, known.address), f"{device.reach} {name}"
        password = session.secrets[device.secret] if device.secret is not None else None
        if device.reach == "https":
            login = Login(device.user, password=password or "")
            _, _, fingerprint = known.host_key.partition(" ")
            page = UbusAgent(dial, login=login, fingerprint=fingerprint, host=known.address, where=where)
            yield Way(Channel("https", page, HTTPS_DIALECTS[device.family]), page)
            return
        if device.family == CISCO.name:
            yield self._prompt(dial, device, known, session, where)
            return
        # The session's key first: the password may be the candidate's by now.
        logins = [Login(device.user, key=_key(session))]
        if password is not None:
            logins.append(Login(device.user, password=password))
        for login in logins:
            agent = _SshDevice(dial, login=login, host_key=known.host_key, where=where)
            yield Way(Channel("ssh", agent, DIALECTS[device.family]), agent)

    def _prompt(self, dial: Dial, device: Device, known: DeviceAt, session: Session, where: str) -> Way:
        """One account only: some devices shut everybody out after a few that they refused."""
        enable = session.secrets[device.enable] if device.enable is not None else ""
        agent = _PromptDevice(
            dial, login=_login(device, session), host_key=known.host_key, where=where, kind=CISCO_LIKE,
            enable_secret=enable,
        )  # fmt: skip
        lines = PromptLines(agent)
        return Way(Channel("ssh", lines, CISCO), lines)

    def beside(self, known: DeviceAt | None, asked: Sequence[Channel]) -> list[Channel]:
        # A device with a shell would answer for the air as well; that is heard, never asked.
        said = [channel for channel in asked if channel.dialect is not SHELL]
        return [*said, radio_channel(self.radio, known.radios if known is not None else ())]

    def _dial(self, device: Device, address: str) -> Dial:
        port = self.ports[device.reach]
        return lambda timeout_s: socket.create_connection((address, port), timeout=timeout_s)


class _SshDevice(SshAgent):
    """SSH to a device whose key may be of another kind by now: after a reset it has made new ones."""

    def __init__(self, dial: Dial, *, login: Login, host_key: str, where: str) -> None:
        super().__init__(dial, login=login, host_key=host_key, where=where)
        self._asked = (dial, where)

    def hello(self, timeout_s: float) -> None:
        with _same_kind(*self._asked, timeout_s):
            super().hello(timeout_s)


class _PromptDevice(PromptAgent):
    """The same, to a device that has only a prompt."""

    def __init__(
        self, dial: Dial, *, login: Login, host_key: str, where: str, kind: Kind, enable_secret: str = ""
    ) -> None:
        super().__init__(dial, login=login, host_key=host_key, where=where, kind=kind, enable_secret=enable_secret)
        self._asked = (dial, where)

    def hello(self, timeout_s: float) -> None:
        with _same_kind(*self._asked, timeout_s):
            super().hello(timeout_s)


@contextmanager
def _same_kind(dial: Dial, where: str, timeout_s: float) -> Iterator[None]:
    """Tells a device that has no key of the confirmed kind any more from one that is silent."""
    try:
        yield
    except ChannelError as error:
        if isinstance(error.__cause__, IncompatiblePeer):
            raise OtherKeyError(offered_key(dial, where=where, timeout_s=timeout_s), where=where) from error
        raise


def _key(session: Session) -> paramiko.PKey:
    return paramiko.Ed25519Key.from_private_key(io.StringIO(session.ssh_key))


def _login(device: Device, session: Session) -> Login:
    """By the password, where the lab names one; else by the session's key."""
    if device.secret is not None:
        return Login(device.user, password=session.secrets[device.secret])
    return Login(device.user, key=_key(session))


_GONE = Text("l'appareil (simulé) ne répond pas", "the (simulated) device does not answer")


@dataclass
class SimulatedNet:
    """Devices that nobody has plugged in: each address shows a key of its own.

    answer: what a device says when it is asked, by its name; none: nothing. silent, reset: addresses of devices that
    answer nothing, and of those that show another key than before.
    """

    answer: Callable[[str], Agent | None] = lambda _: None
    silent: set[str] = field(default_factory=set)
    reset: set[str] = field(default_factory=set)

    def shown_key(self, device: Device, address: str) -> str:
        if address in self.silent:
            raise ChannelError(_GONE, where=address)
        seed = hashlib.sha256(f"{address} {address in self.reset}".encode()).digest()
        if device.reach == "https":
            return f"{CERTIFICATE} {seed.hex()}"
        blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + seed
        return f"ssh-ed25519 {base64.b64encode(blob).decode()}"

    def ways(self, name: str, device: Device, known: DeviceAt, session: Session) -> Iterator[Way]:
        agent = _SimulatedDevice(self, device, known, self.answer(name))
        # What machines were recorded with, real or emulated, is answered by question, in the form of Linux machines.
        yield Way(Channel(device.reach, agent, SHELL), agent)

    def beside(self, known: DeviceAt | None, asked: Sequence[Channel]) -> list[Channel]:
        return list(asked)  # what was recorded of an emulated one was heard there too


@dataclass
class _SimulatedDevice:
    net: SimulatedNet
    device: Device
    known: DeviceAt
    agent: Agent | None

    def hello(self, timeout_s: float) -> None:
        shown = self.net.shown_key(self.device, self.known.address)
        if shown != self.known.host_key:
            raise OtherKeyError(shown, where=self.known.address)

    def ping(self, timeout_s: float = 5.0) -> bool:
        return self.agent is not None and self.known.address not in self.net.silent

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        if self.agent is None:
            raise ChannelError(_GONE, where=self.known.address)
        return self.agent.run(argv, stdin=stdin, timeout_s=timeout_s)

    def close(self) -> None:
        """Nothing is open."""
