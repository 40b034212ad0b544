"""A real ``epreuve serve``, with what it says."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.awaiting import LIMIT_S, await_

ROOT = Path(__file__).parents[1]
_EPREUVE = (sys.executable, "-m", "orchestrator")


class Served:
    """A running site on free ports of loopback; its service runs until ``stop``."""

    def __init__(self, data: Path, *options: str, simulated: bool = True) -> None:
        self.port, self.console_port = _free_ports()
        self._options = options
        self._kind = ["--simulated"] if simulated else []
        self.environment = {**os.environ, "EPREUVE_DATA": str(data), "PYTHONPATH": str(ROOT), "EPREUVE_LANG": "fr"}
        self.log = data.parent / "serve.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                self.argv(), cwd=ROOT, env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )

    def argv(self) -> list[str]:
        """The command."""
        ports = ["--port", str(self.port), "--console-port", str(self.console_port)]
        return [*_EPREUVE, "serve", *self._kind, "--workers", "1", *ports, *self._options]

    def epreuve(self, *command: str) -> str:
        """What another command says, of the same installation."""
        done = subprocess.run(
            [*_EPREUVE, *command], cwd=ROOT, env=self.environment, check=True, capture_output=True, timeout=LIMIT_S
        )
        return done.stdout.decode()

    def said(self, pattern: str) -> re.Match[str]:
        """Wait until it has said this."""
        found: re.Match[str] = await_(lambda: re.search(pattern, self.log.read_text(encoding="utf-8")), pattern)
        return found

    def stop(self) -> None:
        """End the site, then its service."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(LIMIT_S)
        self.epreuve("service", "stop", *self._kind)


@contextmanager
def serving(data: Path, *options: str, simulated: bool = True) -> Iterator[Served]:
    """A site that answers, until the block ends."""
    running = Served(data, *options, simulated=simulated)
    try:
        running.said("Le site :")
        yield running
    finally:
        running.stop()


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
