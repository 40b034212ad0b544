"""Exam time: the time by which candidates are measured, which no jump of the host's clock can alter.

While the host runs, it is counted by CLOCK_BOOTTIME (clock_gettime(2): never set, goes on during suspend). Across a
reboot only the wall clock can say how long the host was down; it is trusted for that length alone, never backwards.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Reading:
    """What the host's clocks show at one moment. boottime_ns: since boot, whole microseconds. wall: aware, UTC."""

    boot_id: str
    boottime_ns: int
    wall: datetime


@dataclass(frozen=True)
class Anchor:
    """A moment whose exam time is known. speed: exam seconds per second; not 1 only in simulated sessions."""

    boot_id: str
    boottime_ns: int
    wall: datetime
    exam_time: datetime
    speed: float = 1.0

    def __post_init__(self) -> None:
        if not self.speed > 0:
            raise ValueError("exam time goes forward")


class Clock(Protocol):
    """The host's clocks."""

    def read(self) -> Reading:
        """What they show now."""
        ...


def anchored(reading: Reading, *, speed: float = 1.0) -> Anchor:
    """Where the exam time of a new session begins: at the wall clock's."""
    return Anchor(reading.boot_id, reading.boottime_ns, reading.wall, reading.wall, speed)


def at(anchor: Anchor, reading: Reading) -> datetime:
    """The exam time at a reading; never before the anchor's."""
    return anchor.exam_time + _scaled(max(_elapsed(anchor, reading), timedelta(0)), anchor.speed)


def rebooted(anchor: Anchor, reading: Reading) -> bool:
    """Whether the host was rebooted since. Then ``at(anchor, reading) - anchor.exam_time`` is what the wall clock says
    has passed since the last anchor; anchor anew at once, for the wall clock may still be set."""
    return anchor.boot_id != reading.boot_id


def refreshed(anchor: Anchor, reading: Reading) -> Anchor:
    """The anchor moved on to a reading; the same exam time goes on.

    The service stores it every few seconds: what it holds is the last known exam time, should the host fail.
    """
    if not rebooted(anchor, reading) and reading.boottime_ns <= anchor.boottime_ns:
        return anchor  # a reading that came late: moving back would count the difference twice
    return replace(
        anchor,
        boot_id=reading.boot_id,
        boottime_ns=reading.boottime_ns,
        wall=reading.wall,
        exam_time=at(anchor, reading),
    )


def jump(anchor: Anchor, reading: Reading) -> timedelta:
    """How far the wall clock was set since the anchor: positive forwards. To explain in the journal, not to count with.

    A few milliseconds are the wall clock being steered (NTP), or the time between two readings. Across a reboot only a
    wall clock that went backwards can be seen.
    """
    passed = reading.wall - anchor.wall
    if rebooted(anchor, reading):
        return min(passed, timedelta(0))
    return passed - _elapsed(anchor, reading)


def _elapsed(anchor: Anchor, reading: Reading) -> timedelta:
    if rebooted(anchor, reading):
        return reading.wall - anchor.wall
    return timedelta(microseconds=(reading.boottime_ns - anchor.boottime_ns) // 1000)


def _scaled(duration: timedelta, speed: float) -> timedelta:
    return duration if speed == 1 else duration * speed


class HostClock:
    """The clocks of this host (Linux)."""

    def read(self) -> Reading:
        """What they show now."""
        nanoseconds = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        whole = nanoseconds - nanoseconds % 1000  # a finer count would be lost at each refresh of the anchor
        return Reading(_BOOT_ID.read_text(encoding="ascii").strip(), whole, datetime.now(UTC))


class ManualClock:
    """Clocks moved by hand, for tests and simulations."""

    def __init__(self, wall: datetime) -> None:
        """wall: what the wall clock shows at first."""
        self._now = Reading("boot-1", 0, wall.astimezone(UTC))
        self._boots = 1

    def read(self) -> Reading:
        """What they show now."""
        return self._now

    def advance(self, duration: timedelta) -> None:
        """Time passes."""
        self._now = replace(
            self._now,
            boottime_ns=self._now.boottime_ns + duration // timedelta(microseconds=1) * 1000,
            wall=self._now.wall + duration,
        )

    def set_wall(self, wall: datetime) -> None:
        """Someone, or NTP, sets the wall clock."""
        self._now = replace(self._now, wall=wall.astimezone(UTC))

    def reboot(self, down: timedelta) -> None:
        """The host goes down for a while."""
        self._boots += 1
        self._now = Reading(f"boot-{self._boots}", 0, self._now.wall + down)
