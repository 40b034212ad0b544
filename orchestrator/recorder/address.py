"""A machine by its address, without a bench: a Windows machine over WinRM."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from checkers.channels.winrm_ import Account, Trust, WinRmAgent
from checkers.families import DIALECTS
from checkers.observe import Channel, Place
from checkers.probe import Question
from orchestrator.recorder.target import Target, target_of

PORT = 5986


@dataclass(frozen=True)
class WinRm:
    """Where a Windows machine is and who asks. host: as in its certificate. authority: what signed that, in PEM."""

    host: str
    user: str
    password: str = field(repr=False)
    authority: Path


@contextmanager
def winrm_targets(name: str, way: WinRm, more: Sequence[Question]) -> Iterator[Iterator[Target]]:
    """The machine at an address, under its name in the lab; its shell is closed at the end of the ``with`` block."""
    agent = WinRmAgent(
        lambda timeout_s: socket.create_connection((way.host, PORT), timeout=timeout_s),
        login=Account(way.user, way.password),
        trust=Trust(authority=way.authority),
        host=way.host,
        where=f"winrm {way.host}",
        port=PORT,
    )
    place = Place(name, [Channel("winrm", agent, DIALECTS["windows"])], secrets={"password": way.password})
    try:
        yield iter([target_of(place, "windows", more)])
    finally:
        agent.close()
