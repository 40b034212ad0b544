"""A physical device as pages show it, and the confirming of the key that it shows.

No page touches a network: the service looks for the devices, and a page shows what it has found.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request

from labs.text import Text
from orchestrator.devices.look import device_state
from orchestrator.exam import Refused, commands
from orchestrator.exam.devices import fingerprint, has_changed
from orchestrator.exam.model import DeviceAt
from web.site import actor, site


@dataclass(frozen=True)
class DeviceRow:
    """A device of a candidate's. kind: for the eyes, beside the words of ``state``."""

    candidate: str
    machine: str
    known: DeviceAt | None
    name: str = ""
    seat: str = ""
    tells: bool = False
    """Whether what it says of its radios is believed."""

    @property
    def state(self) -> Text:
        return device_state(self.known)

    @property
    def kind(self) -> str:
        known = self.known
        if known is None:
            return "quiet"
        return "bad" if known.refused or known.silent else "good" if known.host_key else "warn"

    @property
    def confirmed(self) -> str:
        return fingerprint(self.known.host_key) if self.known else ""

    @property
    def shown(self) -> str:
        """The fingerprint that waits to be confirmed; empty when there is none."""
        known = self.known
        return fingerprint(known.shown) if known and not known.silent and known.shown != known.host_key else ""

    @property
    def changed(self) -> bool:
        """Whether that is another key than the confirmed one."""
        return self.known is not None and has_changed(self.known, self.known.shown)


def confirm_shown(slug: str, candidate: str, machine: str) -> None:
    """Confirm the key that the form of a page was about, as somebody has compared it; 404 when there is no such device.

    Raises EpreuveError, also when the device shows another key by now.
    """
    sitting = site().desk.open(slug).exam.candidates.get(candidate) or abort(404)
    known = sitting.devices.get(machine) or abort(404)
    key, why = request.form.get("key", ""), " ".join(request.form.get("why", "").split())
    if key != known.shown:
        raise Refused(
            Text("L'appareil montre maintenant une autre clé.", "The device shows another key by now."),
            where=f"{slug}/{candidate}",
            do=Text("Comparez celle qui est affichée.", "Compare the one that is shown."),
        )
    order = commands.ConfirmDevice(who=actor().who, why=why, candidate=candidate, machine=machine, host_key=key)
    site().desk.do(slug, order)
