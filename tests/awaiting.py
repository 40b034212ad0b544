"""Waiting for what comes in its own time: only what never comes is an error, however slow the machine."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable
from typing import Any

LIMIT_S = 120.0


def await_(condition: Callable[[], Any], what: str) -> Any:
    """The condition's first value that is true."""
    until = time.monotonic() + LIMIT_S
    while not (value := condition()):
        assert time.monotonic() < until, f"not in time: {what}"
        time.sleep(0.02)  # between two looks at the condition
    return value


def await_port(address: str, port: int, process: subprocess.Popen[bytes], said: Callable[[], str]) -> None:
    """Until a server listens. said: what it wrote, for when it does not."""

    def listens() -> bool:
        assert process.poll() is None, said()
        try:
            socket.create_connection((address, port), timeout=LIMIT_S).close()
        except OSError:
            return False
        return True

    await_(listens, f"{address}:{port}")
