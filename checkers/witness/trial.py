"""The command that runs a trial in a machine: a script in a mount namespace of its own."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Literal


def trial_command(name: Literal["restore", "folder"], given: Mapping[str, str]) -> str:
    """The shell text. given: variables that the script takes. It answers on descriptor 3; all else is thrown away."""
    script = Path(__file__).with_name(f"{name}.sh").read_text("utf-8")
    values = " ".join(f"{key}={shlex.quote(value)}" for key, value in given.items())
    return f"{values} unshare --mount --propagation private sh -c {shlex.quote(script)} 3>&1 >/dev/null 2>&1"
