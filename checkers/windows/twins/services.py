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
_IN_DOMAIN = 3
"""SERVICE_TRIGGER_TYPE_DOMAIN_JOIN."""
_NEVER_STARTED = 1077
"""ERROR_SERVICE_NEVER_STARTED."""


class UnitStateTwin(WindowsTwin[UnitStateValue]):
    """A service by its own name (``W32Time``), which no language changes.

    What Windows starts on an event (a service "with trigger start") may or may not start with the machine: that is
    not known, but for the event that the computer is in a domain, which comes at each start, and never elsewhere. A
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
        starts = [number(one["type"]) for one in rows(answer["triggers"], 20) if number(one["action"]) == _START]
        joined = answer["joined"] is True
        return UnitStateValue(
            id=name,
            load="loaded",
            active="failed" if state == "inactive" and not sound else state,
            sub=str(status),
            file_state="disabled" if gone else _STARTS.get(start, str(start)),
            result="success" if sound else f"exit-code {code}",
            wanted=False,
            triggers=tuple(
                trigger(kind) for kind in starts if start != _DISABLED and not gone and (kind != _IN_DOMAIN or joined)
            ),
        )


def trigger(kind: int) -> Trigger:
    """An event that starts a service, on a machine that is in a domain."""
    if kind == _IN_DOMAIN:  # at the start, and not again for a service that was stopped
        return Trigger(id=f"trigger {kind}", active="inactive", file_state="enabled")
    return Trigger(id=f"trigger {kind}", active="unknown", file_state="unknown")
