"""The channel after the guest agent: SSH to a bench's machine, from the witness on the bench's own wire.

The machine is found by its hardware address, wherever the candidate has moved it; its host key is the one it had when
the bench was made. A firewall that the subject asks for may well close this way: then there is none, and what the agent
could not see stays unseen.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import paramiko

from checkers.channel import Agent
from checkers.channels.ssh import SshAgent, known_key
from checkers.witness.ports import card, sweep
from labs.model import Machine
from orchestrator.bench import Bench
from orchestrator.hypervisor.wire import Wire
from orchestrator.sessions import Session

HOST_KEYS = "host_keys.json"
_CLONE_NEWNET = 0x40000000
R = TypeVar("R")


def second_channel(
    bench: Bench, machine: Machine, name: str, wires: Sequence[tuple[str, Agent]], session: Session
) -> SshAgent | None:
    """SSH to a machine through the witnesses given (network, witness); None when there is no way to try."""
    try:
        host_key = known_key(json.loads((bench.dir / HOST_KEYS).read_text(encoding="utf-8"))[name])
    except (OSError, ValueError, KeyError):
        return None
    ways = [
        (wire, nic.mac)
        for network, wire in wires
        if isinstance(wire, Wire)
        for nic in machine.nics.values()
        if nic.network == network
    ]
    if not ways:
        return None

    def dial(timeout_s: float) -> socket.socket:
        refused: OSError = OSError(f"no address answers for {name}")
        for wire, mac in ways:
            try:
                return in_namespace(Path("/run/netns") / wire.namespace, lambda w=wire, m=mac: _connect(m, timeout_s))  # type: ignore[misc]
            except OSError as error:
                refused = error
        raise refused

    key = paramiko.Ed25519Key.from_private_key(io.StringIO(session.ssh_key))
    return SshAgent(dial, username="root", key=key, host_key=host_key, where=f"ssh {name}")


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


def _connect(mac: str, timeout_s: float) -> socket.socket:
    _, own = card("eth0")
    found = sweep("eth0", bytes.fromhex(mac.replace(":", "")), [host for host in own.network.hosts() if host != own.ip])
    for address in found:
        try:
            return socket.create_connection((address, 22), timeout=timeout_s)
        except OSError as error:
            refused = error
    raise refused if found else OSError(f"no address answers for {mac}")
