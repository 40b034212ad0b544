"""The command that runs ``tunnel.sh``: the roaming end of a WireGuard tunnel."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path


def command(*, endpoint: str, address: str, target: str, key_variable: str, peer_variable: str) -> str:
    """The shell command; the keys are taken from the environment variables of these names and are never arguments."""
    script = Path(__file__).with_name("tunnel.sh")
    words = " ".join(shlex.quote(word) for word in ("/bin/sh", str(script), endpoint, address, target))
    return f'KEY="${key_variable}" PEER="${peer_variable}" PYTHON={shlex.quote(sys.executable)} {words}'
