"""The priority matrix: impact and urgency give the priority, as ITIL has it.

Impact (how many are hit) and urgency (how long it can wait) go from 1, high, to 3, low; priority goes from 1,
critical, to 5, planned.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Level = Annotated[int, Field(ge=1, le=3)]
"""An impact or an urgency: 1 high, 2 medium, 3 low."""

LEVELS = (1, 2, 3)

Priority = Annotated[int, Field(ge=1, le=5)]


def priority(impact: int, urgency: int) -> int:
    """From 1 (critical) to 5 (planned)."""
    return impact + urgency - 1
