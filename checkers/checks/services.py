"""Checks about services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from checkers.check import Check, Unseen, View
from checkers.checks.wording import absent
from checkers.probe import Question
from checkers.probes.services import UnitState, UnitStateValue
from checkers.verdict import Finding, Tally
from labs.text import Text

_STATES = {
    "active": Text("en marche", "running"),
    "reloading": Text("en marche", "running"),
    "inactive": Text("arrêté", "stopped"),
    "failed": Text("en échec", "failed"),
    "activating": Text("en cours de démarrage", "starting"),
    "deactivating": Text("en cours d'arrêt", "stopping"),
}


class ServiceStateIs(Check):
    """A service runs or not, and starts with the machine or not. A service that its socket starts on demand counts; of
    one that Windows starts on an event nobody knows, but in a domain for the event that the machine is in one."""

    kind: ClassVar[str] = "service-state"
    about: ClassVar[Text] = Text("état et démarrage d'un service", "state of a service, now and at boot")
    minds_unseen: ClassVar[bool] = True

    on: str
    unit: str
    running: bool | None = True
    enabled: bool | None = True

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, UnitState(unit=self.unit))]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, UnitState(unit=self.unit))
        missing = found.load not in ("loaded", "masked")
        if missing and (self.running or self.enabled):
            return absent(Text(f"service {self.unit}", f"service {self.unit}"))
        if self.running is not None and "active" in found.not_seen():
            raise Unseen(_at_boot_only(found))
        tally = Tally()
        if self.running is not None:
            state = _STATES.get(found.active, Text(found.active, found.active))
            on_demand = found.active == "inactive" and any(trigger.active == "active" for trigger in found.triggers)
            if on_demand:
                state = Text("démarré à la demande", "started on demand")
            if self.running and found.active == "inactive" and not on_demand and _on_events(found):
                raise Unseen(_on_event(found))
            runs = found.active in ("active", "reloading") or on_demand
            wanted = _STATES["active" if self.running else "inactive"]
            stopped = found.active in ("inactive", "failed") and not on_demand
            tally.expect(
                runs if self.running else stopped,
                Text(f"{self.unit} : {state.fr}", f"{self.unit}: {state.en}"),
                Text(
                    f"{self.unit} : {state.fr}, attendu : {wanted.fr}",
                    f"{self.unit}: {state.en}, expected: {wanted.en}",
                ),
            )
        if self.enabled is not None:
            on, off = Text("démarre avec la machine", "starts at boot"), Text("ne démarre pas seul", "not at boot")
            enabled = starts_at_boot(found)
            if enabled is None and tally.bad:  # that it runs, or does not, is wrong whatever will start it
                return tally.finding()
            if enabled is None:
                raise Unseen(_on_event(found))
            state, wanted = (on, on if self.enabled else off) if enabled else (off, on if self.enabled else off)
            tally.expect(
                enabled == self.enabled,
                Text(f"{self.unit} : {state.fr}", f"{self.unit}: {state.en}"),
                Text(
                    f"{self.unit} : {state.fr} (« {found.file_state} »), attendu : {wanted.fr}",
                    f"{self.unit}: {state.en} (“{found.file_state}”), expected: {wanted.en}",
                ),
            )
        return tally.finding()


def _at_boot_only(found: UnitStateValue) -> Text:
    return Text(
        f"{found.id} : démarrage « {found.file_state} » ; son état en cours n'a pas pu être observé",
        f"{found.id}: at boot “{found.file_state}”; whether it runs could not be observed",
    )


def _on_events(found: UnitStateValue) -> bool:
    return any(trigger.file_state == "unknown" for trigger in found.triggers)


def _on_event(found: UnitStateValue) -> Text:
    return Text(
        f"{found.id} démarre sur un événement (déclencheur) : on ne sait pas s'il se produit",
        f"{found.id} is started by an event (a trigger): whether it happens is not known",
    )


def starts_at_boot(found: UnitStateValue) -> bool | None:
    """Enabled, pulled in by another unit, or started by an enabled socket, timer or path. None: not known."""
    if found.load == "masked" or found.file_state in ("masked", "masked-runtime"):
        return False
    if found.file_state in ("enabled", "alias"):
        return True
    if found.file_state in ("static", "indirect", "generated") and found.wanted:
        return True
    if any(trigger.file_state == "enabled" for trigger in found.triggers):
        return True
    return None if _on_events(found) else False
