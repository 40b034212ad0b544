"""A machine for tests that need one but no virtual one: this host's own shell."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence

import pytest

from checkers.channel import ExecResult


class LocalShell:
    """Runs programs here. ``calls`` counts them."""

    def __init__(self) -> None:
        self.calls = 0
        self.alive = True

    def ping(self, timeout_s: float = 5.0) -> bool:
        return self.alive

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        self.calls += 1
        began = time.monotonic()
        done = subprocess.run(argv, input=stdin, capture_output=True, timeout=timeout_s, check=False)
        return ExecResult(done.returncode, done.stdout, done.stderr, duration_s=time.monotonic() - began)


@pytest.fixture
def shell() -> LocalShell:
    return LocalShell()
