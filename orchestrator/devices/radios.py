"""Which radios a device has: by their hardware addresses its networks are told from a neighbour's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from checkers.channel import Agent, ChannelError
from checkers.openwrt.http.radios import addresses_sent
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
    """The hardware addresses of a device's radios, as it tells them now: over SSH all, over HTTPS those that it sends
    with. Raises ChannelError."""
    with reached(lab, {machine: known}, session, net) as found:
        place = next(place for place in found.places if place.at == machine)
        why = place.trouble
        for channel in place.channels:
            try:
                told = _READERS[channel.name](channel.agent, LOOK_S)
            except ChannelError as error:
                why = error.what
            else:
                if told:
                    return tuple(dict.fromkeys(told))[:MAX_RADIOS]
    raise ChannelError(
        why or Text("l'appareil ne dit pas quelles radios il a", "the device does not tell which radios it has"),
        where=f"{machine} {known.address}",
        do=ON_ITS_LABEL,
    )


def _addresses(agent: Agent, timeout_s: float) -> Sequence[str]:
    """All that the kernel knows of them, whether they send or not."""
    told = agent.run(["/bin/sh"], stdin=_COMMAND, timeout_s=timeout_s).stdout
    return _ADDRESS.findall(told.decode("ascii", "replace"))


_READERS: Mapping[str, Callable[[Agent, float], Sequence[str]]] = {"ssh": _addresses, "https": addresses_sent}
