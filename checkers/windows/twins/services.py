"""Services of Windows, in the words of systemd that the check knows."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.probe import Probe
from checkers.probes.services import Trigger, UnitState, UnitStateValue
from checkers.windows.answer import number, rows, text
from checkers.windows.twin import WindowsTwin

_STATES = {
    1: "inactive",
    2: "activating",
    3: "deactivating",
    4: "active",
    5: "activating",
    6: "deactivating",
    7: "paused",
}
"""ServiceControllerStatus; a service that pauses is on its way to do nothing."""
_STARTS = {0: "enabled", 1: "enabled", 2: "enabled", 3: "disabled", 4: "disabled"}
"""Start type: boot, system, automatic, manual, disabled."""
_MANUAL, _DISABLED = 3, 4
_START = 1
_NEVER_STARTED = 1077
"""ERROR_SERVICE_NEVER_STARTED."""


class UnitStateTwin(WindowsTwin[UnitStateValue]):
    """A service by its own name (``W32Time``), which no language changes.

    What Windows starts on an event (a service "with trigger start") is started on demand, as by a unit's socket. A
    manual service without one starts for another program only, and so not with the machine.
    """

    probe: ClassVar[type[Probe[Any]]] = UnitState
    script: ClassVar[str] = "unit-state"
    parameters: ClassVar[tuple[str, ...]] = ("Unit",)

    def arguments(self, probe: UnitState) -> dict[str, Any]:
        return {"Unit": probe.unit}

    def read(self, probe: UnitState, answer: Any) -> UnitStateValue:
        if answer["present"] is not True:
            return UnitStateValue(
                id=text(probe.unit), load="not-found", active="inactive", sub="", file_state="", result="",
                wanted=False, triggers=(),
            )  # fmt: skip
        status, start, code = number(answer["status"]), number(answer["start"]), number(answer["exit_code"], 0)
        sound = code in (0, _NEVER_STARTED)
        state = _STATES.get(status, str(status))
        gone = number(answer["deleting"], 0) == 1
        name = text(answer["name"])
        starts = [one for one in rows(answer["triggers"], 20) if number(one["action"]) == _START]
        return UnitStateValue(
            id=name,
            load="loaded",
            active="failed" if state == "inactive" and not sound else state,
            sub=str(status),
            file_state="disabled" if gone else _STARTS.get(start, str(start)),
            result="success" if sound else f"exit-code {code}",
            wanted=False,
            triggers=tuple(
                Trigger(id=f"trigger {number(one['type'])}", active="active", file_state="enabled")
                for one in starts
                if start != _DISABLED and not gone
            ),
        )
