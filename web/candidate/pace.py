"""How often one login may ask: more than any page of ours does, and not so often that others would feel it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic

from flask import abort

from web.site import actor

BURST = 60
PER_SECOND = 4.0
_KEPT = 1000


class Pace:
    """A bucket of requests for each name, refilled all the time. Of this process alone. Safe for threads."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def allows(self, name: str) -> bool:
        """Whether one more is within bounds; it is counted then."""
        with self._lock:
            now = self._clock()
            if len(self._buckets) > _KEPT:  # those who have been away so long that theirs is full
                full = now - BURST / PER_SECOND
                self._buckets = {key: bucket for key, bucket in self._buckets.items() if bucket[1] > full}
            level, at = self._buckets.get(name, (float(BURST), now))
            level = min(float(BURST), level + (now - at) * PER_SECOND)
            self._buckets[name] = (max(level - 1, 0) if level >= 1 else level, now)
            return level >= 1


_pace = Pace()


def keep_pace() -> None:
    """Before each request of this part: 429 for whoever asks too often."""
    if not _pace.allows(actor().login or ""):
        abort(429)
