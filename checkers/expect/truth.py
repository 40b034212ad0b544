"""What a condition comes to, and how several come together."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum


class Truth(IntEnum):
    """From what decides against a candidate to what decides for them.

    ABSENT: the thing to compare is not there, so the condition fails, and turning it round (``none``) does not make it
    hold. UNSEEN: nobody can tell, either way.
    """

    FAILS = 0
    ABSENT = 1
    UNSEEN = 2
    HOLDS = 3


def every(truths: Sequence[Truth]) -> Truth:
    """All of them, and there is at least one."""
    return min(truths, default=Truth.FAILS)


def some(truths: Sequence[Truth]) -> Truth:
    """At least one of them."""
    return max(truths, default=Truth.FAILS)


def turned(truth: Truth) -> Truth:
    """Its contrary; what is absent or unseen stays so."""
    return {Truth.FAILS: Truth.HOLDS, Truth.HOLDS: Truth.FAILS}.get(truth, truth)
