"""Whether a Windows machine is up, and what time it thinks it is."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.probe import Probe
from checkers.probes.awake import Awake, AwakeValue
from checkers.probes.clock import Clock, ClockValue
from checkers.windows.answer import number
from checkers.windows.twin import WindowsTwin


class AwakeTwin(WindowsTwin[AwakeValue]):
    """Starting, until the service manager has started all that starts with the machine."""

    probe: ClassVar[type[Probe[Any]]] = Awake
    script: ClassVar[str] = "awake"

    def read(self, probe: Awake, answer: Any) -> AwakeValue:
        ready = answer["ready"]
        return AwakeValue(
            uptime_s=min(max(number(answer["uptime_s"]), 0), 10**9),
            state="" if ready is None else "running" if ready else "starting",
        )


class ClockTwin(WindowsTwin[ClockValue]):
    """Seconds since 1970."""

    probe: ClassVar[type[Probe[Any]]] = Clock
    script: ClassVar[str] = "clock"

    def read(self, probe: Clock, answer: Any) -> ClockValue:
        return ClockValue(now=number(answer["now"]))
