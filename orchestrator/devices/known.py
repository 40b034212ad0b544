"""Devices that are looked at without the engine: those of a trainer's bench, in the folder of its session, and those of
a candidate in an exam."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from labs.errors import EpreuveError
from labs.files import write_atomic
from labs.model import Lab
from labs.text import Text
from orchestrator.devices.given import read_given
from orchestrator.devices.net import DeviceNet
from orchestrator.devices.reach import Devices
from orchestrator.engine.desk import Desk
from orchestrator.exam.devices import fingerprint, same_fingerprint
from orchestrator.exam.model import DeviceAt
from orchestrator.settings import Settings
from orchestrator.store import open_store
from orchestrator.store.errors import RecordError

_KNOWN = TypeAdapter(dict[str, DeviceAt])


def known_devices(session: Path) -> dict[str, DeviceAt]:
    """Those of a session, by machine. session: its folder."""
    try:
        return _KNOWN.validate_json((session / "devices.json").read_bytes())
    except (OSError, ValidationError):
        return {}


def exam_devices(settings: Settings, session: str, candidate: str) -> Devices:
    """Those of a candidate in an exam, as the supervisor has placed them; none when there is no such session."""
    if not settings.database.exists():
        return {}
    with open_store(settings.database) as store, suppress(RecordError):
        sitting = Desk(store).open(session).exam.candidates.get(candidate)
        return sitting.devices if sitting is not None else {}
    return {}


def require_fingerprint(expected: str, host_key: str, *, where: str) -> None:
    """Raises EpreuveError unless that is the fingerprint of this key."""
    if not same_fingerprint(expected, host_key):
        shown = fingerprint(host_key)
        raise EpreuveError(
            Text(f"L'appareil montre une autre clé : {shown}", f"The device shows another key: {shown}"),
            where=where,
            do=Text("Vérifiez quel appareil est à cette adresse.", "Look which device is at this address."),
        )


def know_devices(
    session: Path, lab: Lab, given: Mapping[str, str], net: DeviceNet, confirm: Callable[[str, DeviceAt], object]
) -> Devices:
    """Those of a session with what is given: an address, or an address and a fingerprint (``192.168.1.11,SHA256:…``),
    by machine. What shows a key that was confirmed before, or the fingerprint, is not asked about.

    confirm: is shown a device and its key, and raises when it is not the one. Raises EpreuveError.
    """
    known = known_devices(session)
    for name, one in read_given(lab, given).items():
        found = DeviceAt(address=one.address, host_key=net.shown_key(lab.devices[name], one.address))
        if one.key:
            require_fingerprint(one.key, found.host_key, where=f"{name}: {found.address}")
        if not one.key and known.get(name) != found:
            confirm(name, found)
        known[name] = found
    if given:
        write_atomic(session / "devices.json", _KNOWN.dump_json(known), mode=0o600)
    return known
