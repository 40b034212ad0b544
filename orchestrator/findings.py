"""What is said of one thing that was looked at on a host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from labs.text import Text

State = Literal["ok", "warning", "failed"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    name: str
    state: State
    found: Text
    do: Text | None = None
