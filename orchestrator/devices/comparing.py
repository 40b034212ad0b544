"""Looking for a session's devices, and confirming those that show the key that somebody has given."""

from __future__ import annotations

from collections.abc import Mapping

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.devices.known import require_fingerprint
from orchestrator.devices.look import Found, look_for_devices
from orchestrator.devices.nets import net_for
from orchestrator.devices.together import together
from orchestrator.engine.desk import Desk
from orchestrator.exam.commands import ConfirmDevice

_SILENT = Text("L'appareil ne répond pas à cette adresse.", "The device does not answer at this address.")
_DO = Text("Vérifiez le câble, l'alimentation, l'adresse.", "Check the cable, the power, the address.")
_OTHERS = Text("Des appareils n'ont pas montré la clé donnée.", "Devices did not show the key that was given.")


def compare_keys(desk: Desk, slug: str, keys: Mapping[str, str], *, who: str, why: str, simulated: bool) -> None:
    """Look for all devices of a session, and confirm those of these names whose key has the fingerprint given.

    Raises EpreuveError at the end, which names those that did not show it.
    """
    net = net_for(simulated=simulated or desk.open(slug).stored.simulated)
    failed = list[tuple[str, EpreuveError]]()
    for one in look_for_devices(desk, slug, net):
        if one.machine in keys:
            try:
                _require_shown(one, keys[one.machine])
                about = {"candidate": one.candidate, "machine": one.machine, "host_key": one.known.shown}
                desk.do(slug, ConfirmDevice(who=who, why=why, **about))
            except EpreuveError as error:
                failed.append((one.machine, error))
    if failed:
        raise together(_OTHERS, failed)


def _require_shown(one: Found, key: str) -> None:
    if one.known.silent:
        raise EpreuveError(_SILENT, do=_DO)
    require_fingerprint(key, one.known.shown, where=one.known.address)
