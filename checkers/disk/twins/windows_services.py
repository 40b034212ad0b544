"""How the services of Windows start, by the registry on the disk."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.disk.plan import Found, Key, RegistryKey, Wanted
from checkers.disk.twin import DiskTwin, key, unreadable
from checkers.parsers.clean import clip
from checkers.probe import Probe
from checkers.probes.services import Trigger, UnitState, UnitStateValue

_SERVICES = "\\CurrentControlSet\\Services"
_STARTS = {0: "enabled", 1: "enabled", 2: "enabled", 3: "disabled", 4: "disabled"}
"""Start type: boot, system, automatic, manual, disabled."""
_DISABLED = 4
_START = 1
"""What a trigger does to its service."""


class UnitStateTwin(DiskTwin[UnitStateValue]):
    """A service by its own name: how it starts, in the words that the check knows."""

    probe: ClassVar[type[Probe[Any]]] = UnitState

    def wanted(self, probe: UnitState) -> Wanted:
        return Wanted(keys=(service_key(probe.unit, depth=2),))

    def read(self, probe: UnitState, found: Found) -> UnitStateValue:
        service = key(found, "SYSTEM", service_key(probe.unit).path)
        start = service.number("Start") if service is not None else None
        if service is None or service.number("DeleteFlag"):
            return _unit(probe, "not-found", "")
        if start not in _STARTS:
            raise unreadable(probe.unit, "Start")
        triggers = service.key("TriggerInfo") if start != _DISABLED else None
        starts = [one for one in (triggers.keys.values() if triggers else ()) if one.number("Action") == _START]
        return _unit(probe, "loaded", _STARTS[start], starts)


def _unit(probe: UnitState, load: str, file_state: str, starts: list[RegistryKey] | None = None) -> UnitStateValue:
    return UnitStateValue(
        id=clip(probe.unit),
        load=load,
        active="unknown",
        sub="unknown",
        file_state=file_state,
        result="unknown",
        wanted=False,
        triggers=tuple(
            # Whether the event comes at each start is not known: not even whether the machine is in a domain.
            Trigger(id=f"trigger {one.number('Type')}", active="unknown", file_state="unknown")
            for one in (starts or [])[:20]
        ),
    )


def service_key(name: str, depth: int = 0) -> Key:
    """The key of a service."""
    return Key(hive="SYSTEM", path=f"{_SERVICES}\\{name}", depth=depth)
