"""Programs that the witness runs on a bench's wire.

Each is one file that needs nothing but Python's standard library and a raw socket (``ldap`` and ``sysvol`` need the
libraries of their protocols), prints what it found and leaves nothing behind: they run side by side in one network
namespace, so each keeps to its own sockets and hardware address.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

INTERFACE = "eth0"
"""The witness's card in its namespace."""


def program(name: str, *arguments: object) -> str:
    """The shell command that runs a program of this package."""
    path = Path(__file__).with_name(f"{name}.py")
    words = [sys.executable, "-I", str(path), *(str(argument) for argument in arguments)]
    return " ".join(shlex.quote(word) for word in words)
