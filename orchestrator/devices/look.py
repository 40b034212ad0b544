"""Looking for the devices of a session: which key each shows now, and what the journal should know of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from checkers.channel import ChannelError
from labs.text import Text
from orchestrator.devices.net import DeviceNet
from orchestrator.engine.desk import Desk, Open
from orchestrator.engine.lab import session_lab
from orchestrator.exam.commands import DeviceLooked
from orchestrator.exam.model import DeviceAt, Sitting

AT_ONCE = 16
"""How many devices are asked at once."""


@dataclass(frozen=True)
class Found:
    """A device that has an address, as it was found last. state: in a word or two."""

    candidate: str
    machine: str
    known: DeviceAt

    @property
    def state(self) -> Text:
        return device_state(self.known)


def device_state(known: DeviceAt | None) -> Text:
    """How a device stands, in a word or two."""
    if known is None:
        return Text("sans adresse", "no address")
    if known.refused:
        return Text("AUTRE CLÉ", "OTHER KEY")
    if known.silent:
        return Text("ne répond pas", "does not answer")
    return Text("confirmée", "confirmed") if known.host_key else Text("à confirmer", "to be confirmed")


def placed(candidates: dict[str, Sitting]) -> list[Found]:
    """The devices that have an address, by candidate."""
    return [
        Found(name, machine, known)
        for name, sitting in candidates.items()
        if sitting.state != "withdrawn"
        for machine, known in sitting.devices.items()
    ]


def look_for_devices(desk: Desk, slug: str, net: DeviceNet) -> list[Found]:
    """Look for every device of a session, and tell the journal what is new. A device that is not there is silent.

    :raises EpreuveError: the session or its lab cannot be read.
    """
    opened = desk.open(slug)
    reports = list(_looked(opened, net))
    if reports:
        desk.do(slug, *reports)
    return placed(desk.open(slug).exam.candidates)


def _looked(opened: Open, net: DeviceNet) -> Iterator[DeviceLooked]:
    every = placed(opened.exam.candidates)
    devices = session_lab(opened.stored).lab.devices if every else {}

    def shown(one: Found) -> str:
        try:
            return net.shown_key(devices[one.machine], one.known.address)
        except ChannelError:
            return ""

    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="devices") as pool:
        for one, key in zip(every, pool.map(shown, every), strict=True):
            yield DeviceLooked(one.candidate, one.machine, one.known.address, key)
