"""The channels after the guest agent: SSH and WinRM to a bench's machine, from the witness on the bench's own wire.

The machine is found by its hardware address, wherever the candidate has moved it; its host key and its certificate are
those it had when the bench was made. A firewall that the subject asks for may well close these ways: then there is
none, and what the agent could not see stays unseen.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import shlex
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, TypedDict, TypeVar

import paramiko

from checkers.channel import Agent
from checkers.channels.ssh import Login, SshAgent, known_key, windows_line
from checkers.channels.ssh_connection import Dial
from checkers.channels.winrm_ import Account, Trust, WinRmAgent
from checkers.witness.ports import card, sweep
from labs.model import Machine
from orchestrator.bench import Bench
from orchestrator.hypervisor.wire import Wire
from orchestrator.sessions import Session

HOST_KEYS = "host_keys.json"
"""In a bench's folder: each machine's SSH host key."""
CERTIFICATES = "certificates.json"
"""In a bench's folder: a ``WinRmPin`` of each Windows machine."""
SSH_PORT = 22
_NAMESPACES = Path("/run/netns")
_CLONE_NEWNET = 0x40000000
R = TypeVar("R")


class WinRmPin(TypedDict):
    """What a machine's WinRM is known by. sha256: of its certificate, in hexadecimal. port: where it listens."""

    sha256: str
    port: int


@dataclass(frozen=True)
class Ways:
    """The witnesses on the networks that a machine is on now, each with the machine's hardware address there."""

    machine: str
    wires: Sequence[tuple[Wire, str]]

    def dial(self, port: int) -> Dial:
        """Connections to this port of the machine, through the first witness that finds it. Its networks share the
        time: a firewall on one leaves some for the others."""

        def connect(timeout_s: float) -> socket.socket:
            refused: OSError = OSError(f"no address answers for {self.machine}")
            deadline = monotonic() + timeout_s
            for left, (wire, mac) in zip(range(len(self.wires), 0, -1), self.wires, strict=True):
                share_s = (deadline - monotonic()) / left
                try:
                    return in_namespace(_NAMESPACES / wire.namespace, partial(_connect, mac, port, share_s))
                except OSError as error:
                    refused = error
            raise refused

        return connect


def ways(name: str, machine: Machine, wires: Sequence[tuple[str, Agent]]) -> Ways:
    """The ways to a machine through the witnesses given (network, witness)."""
    macs = {nic.network: nic.mac for nic in machine.nics.values()}
    return Ways(name, [(wire, macs[network]) for network, wire in wires if isinstance(wire, Wire) and network in macs])


def ssh_channel(bench: Bench, machine: Machine, found: Ways, session: Session) -> SshAgent | None:
    """SSH to a machine; None when there is no way to try. Linux: root, by the session's key. Windows: its account."""
    host_key = _pinned(bench, HOST_KEYS, found.machine)
    if not isinstance(host_key, str) or not found.wires:
        return None
    line: Callable[[Sequence[str]], str] = shlex.join
    if machine.family == "windows":
        if machine.login is None:
            return None
        login, line = Login(machine.login.user, password=session.secrets[machine.login.secret]), windows_line
    else:
        login = Login("root", paramiko.Ed25519Key.from_private_key(io.StringIO(session.ssh_key)))
    try:
        known = known_key(host_key)
    except ValueError:
        return None
    return SshAgent(found.dial(SSH_PORT), login=login, host_key=known, where=f"ssh {found.machine}", line=line)


def winrm_channel(bench: Bench, machine: Machine, found: Ways, session: Session) -> WinRmAgent | None:
    """WinRM to a machine, by its account; None when there is no way to try."""
    pin = _pinned(bench, CERTIFICATES, found.machine)
    if not isinstance(pin, dict) or machine.login is None or not found.wires:
        return None
    return WinRmAgent(
        found.dial(pin["port"]),
        login=Account(machine.login.user, session.secrets[machine.login.secret]),
        trust=Trust(pin["sha256"]),
        host=found.machine,
        where=f"winrm {found.machine}",
        port=pin["port"],
    )


def _pinned(bench: Bench, file: str, machine: str) -> Any:
    """What was pinned of a machine when the bench was made; None when nothing was."""
    try:
        return json.loads((bench.dir / file).read_text(encoding="utf-8"))[machine]
    except (OSError, ValueError, LookupError, TypeError):
        return None


def in_namespace(namespace: Path, work: Callable[[], R]) -> R:
    """Do something in a network namespace: in a thread of its own, which ends with it. Sockets made there stay
    there."""

    def inside() -> R:
        libc = ctypes.CDLL(None, use_errno=True)
        descriptor = os.open(namespace, os.O_RDONLY)
        try:
            if libc.setns(descriptor, _CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), f"setns {namespace}")
        finally:
            os.close(descriptor)
        return work()

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(inside).result()


def _connect(mac: str, port: int, timeout_s: float) -> socket.socket:
    deadline = monotonic() + timeout_s
    _, own = card("eth0")
    found = sweep("eth0", bytes.fromhex(mac.replace(":", "")), [host for host in own.network.hosts() if host != own.ip])
    for left, address in zip(range(len(found), 0, -1), found, strict=True):
        share_s = max(0.1, (deadline - monotonic()) / left)
        try:
            return socket.create_connection((address, port), timeout=share_s)
        except OSError as error:
            refused = error
    raise refused if found else OSError(f"no address answers for {mac}")
