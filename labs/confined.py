"""Running a program of ours on what somebody else wrote, with bounds that hold whatever it was made to do."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

_BOUNDED = 'ulimit -c 0; ulimit -t "$1"; ulimit -v "$2"; ulimit -f "$3"; shift 3; exec "$@"'
"""In a shell, and not between fork and exec of a process that has threads."""
_BLOCK = 512
"""Bytes in a unit of ``ulimit -f`` (POSIX)."""


@dataclass(frozen=True)
class Bounds:
    """What the program may take. cpu_s: seconds of processor; wall_s: seconds until it is killed all the same."""

    cpu_s: int
    memory_mib: int
    output_kib: int
    wall_s: float


def run_python(module: str, arguments: Sequence[str], given: bytes, bounds: Bounds) -> bytes | None:
    """What ``python -m module`` writes when it is given this on its input; None when it went out of bounds.

    Its exit code says nothing: what it answers does.
    """
    limits = (bounds.cpu_s, bounds.memory_mib * 1024, bounds.output_kib * 1024 // _BLOCK)
    argv = ["/bin/sh", "-c", _BOUNDED, "sh", *map(str, limits), sys.executable, "-m", module, *arguments]
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(
                argv, input=given, stdout=output, stderr=subprocess.DEVNULL, timeout=bounds.wall_s, check=False
            )
        except subprocess.TimeoutExpired:
            return None
        if done.returncode < 0 or output.tell() >= bounds.output_kib * 1024:
            return None
        output.seek(0)
        return output.read()
