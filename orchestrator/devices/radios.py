"""Which radios a device has: by their hardware addresses its networks are told from a neighbour's."""

from __future__ import annotations

import re

from checkers.channel import ChannelError
from labs.model import Lab
from labs.text import Text
from orchestrator.devices.net import LOOK_S, DeviceNet
from orchestrator.devices.reach import reached
from orchestrator.exam.devices import ON_ITS_LABEL
from orchestrator.exam.model import DeviceAt
from orchestrator.sessions import Session

MAX_RADIOS = 8

_COMMAND = b"cat /sys/class/ieee80211/*/addresses\n"
_ADDRESS = re.compile(r"^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$", re.MULTILINE)


def radios_of(lab: Lab, machine: str, known: DeviceAt, session: Session, net: DeviceNet) -> tuple[str, ...]:
    """The hardware addresses of a device's radios, as it tells them now over SSH. Raises ChannelError."""
    with reached(lab, {machine: known}, session, net) as found:
        place = next(place for place in found.places if place.at == machine)
        for channel in place.channels:
            if channel.name == "ssh":
                told = channel.agent.run(["/bin/sh"], stdin=_COMMAND, timeout_s=LOOK_S).stdout.decode(
                    "ascii", "replace"
                )
                if addresses := _ADDRESS.findall(told):
                    return tuple(dict.fromkeys(addresses))[:MAX_RADIOS]
    raise ChannelError(
        place.trouble
        or Text("l'appareil ne dit pas quelles radios il a", "the device does not tell which radios it has"),
        where=f"{machine} {known.address}",
        do=ON_ITS_LABEL,
    )
