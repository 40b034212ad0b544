"""A machine by its address, without a bench: a Windows machine over WinRM."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from checkers.channels.winrm_ import Account, Trust, WinRmAgent
from checkers.families import DIALECTS
from checkers.observe import Channel, Place
from checkers.probe import Question
from orchestrator.recorder.target import Target, target_of

PORT = 5986


@dataclass(frozen=True)
class WinRm:
    """Where a Windows machine is, who asks, and how it is known. host: as in its certificate."""

    host: str
    user: str
    password: str = field(repr=False)
    trust: Trust
    port: int = PORT


@contextmanager
def winrm_targets(name: str, way: WinRm, more: Sequence[Question]) -> Iterator[Iterator[Target]]:
    """The machine at an address, under its name in the lab; its shell is closed at the end of the ``with`` block."""
    agent = WinRmAgent(
        lambda timeout_s: socket.create_connection((way.host, way.port), timeout=timeout_s),
        login=Account(way.user, way.password),
        trust=way.trust,
        host=way.host,
        where=f"winrm {way.host}",
        port=way.port,
    )
    place = Place(name, [Channel("winrm", agent, DIALECTS["windows"])], secrets={"password": way.password})
    try:
        yield iter([target_of(place, "windows", more)])
    finally:
        agent.close()
