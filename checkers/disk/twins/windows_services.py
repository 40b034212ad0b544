"""Services of Windows and its firewall's profiles, by the registry on the disk."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.disk.plan import Found, Key, RegistryKey, Wanted
from checkers.disk.twin import DiskTwin, key, unreadable
from checkers.parsers.clean import clip
from checkers.probe import Probe
from checkers.probes.firewall import BaseChain, Firewall, FirewallValue
from checkers.probes.services import Trigger, UnitState, UnitStateValue

_SERVICES = "\\CurrentControlSet\\Services"
_STARTS = {0: "enabled", 1: "enabled", 2: "enabled", 3: "disabled", 4: "disabled"}
"""Start type: boot, system, automatic, manual, disabled."""
_AUTOMATIC, _DISABLED = 2, 4
_START = 1
"""What a trigger does to its service."""
_PROFILES = {"domain": "DomainProfile", "private": "StandardProfile", "public": "PublicProfile"}
_LOCAL = f"{_SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy"
_POLICY = "\\Policies\\Microsoft\\WindowsFirewall"


class UnitStateTwin(DiskTwin[UnitStateValue]):
    """A service by its own name: how it starts, in the words that the check knows."""

    probe: ClassVar[type[Probe[Any]]] = UnitState

    def wanted(self, probe: UnitState) -> Wanted:
        return Wanted(keys=(_service(probe.unit, depth=2),))

    def read(self, probe: UnitState, found: Found) -> UnitStateValue:
        service = key(found, "SYSTEM", _service(probe.unit).path)
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
            Trigger(id=f"trigger {one.number('Type')}", active="unknown", file_state="enabled")
            for one in (starts or [])[:20]
        ),
    )


def _service(name: str, depth: int = 0) -> Key:
    return Key(hive="SYSTEM", path=f"{_SERVICES}\\{name}", depth=depth)


class FirewallTwin(DiskTwin[FirewallValue]):
    """The profiles as they are configured, a policy before the machine's own settings. Which profile a card is in, and
    so what happens to a packet, is known to a running machine alone."""

    probe: ClassVar[type[Probe[Any]]] = Firewall

    def wanted(self, probe: Firewall) -> Wanted:
        policies = [Key(hive="SOFTWARE", path=f"{_POLICY}\\{name}") for name in _PROFILES.values()]
        local = [Key(hive="SYSTEM", path=f"{_LOCAL}\\{name}") for name in _PROFILES.values()]
        return Wanted(keys=(*local, *policies, _service("MpsSvc")))

    def read(self, probe: Firewall, found: Found) -> FirewallValue:
        service = key(found, "SYSTEM", _service("MpsSvc").path)
        chains = []
        for title, name in _PROFILES.items():
            places = [key(found, "SOFTWARE", f"{_POLICY}\\{name}"), key(found, "SYSTEM", f"{_LOCAL}\\{name}")]
            if places[1] is None:
                raise unreadable(f"{_LOCAL}\\{name}")
            if _first(places, "EnableFirewall") == 1:
                allows = _first(places, "DefaultInboundAction") == 0
                policy = "accept" if allows else "drop"
                chains.append(BaseChain(family="windows", table="profile", name=title, hook="input", policy=policy))
        starts = service is not None and service.number("Start") == _AUTOMATIC
        return FirewallValue(chains=tuple(chains), trials=None, enabled=("MpsSvc",) if starts else ())


def _first(places: list[RegistryKey | None], name: str) -> int | None:
    found = [place.number(name) for place in places if place is not None]
    return next((number for number in found if number is not None), None)
