"""The network cards of a Windows machine and their connections, by the registry on its disk.

The registry keeps some fifteen connections (of miniports, tunnels, cards that were taken out) and no hardware address.
Those of cards name a device of the PCI bus, and that device its place there: the order of the lab's cards, as
``checkers.windows.cards`` has it for a machine that runs.
"""

from __future__ import annotations

from dataclasses import dataclass

from checkers.disk.plan import Found, Key, RegistryKey
from checkers.disk.twin import key, unreadable
from checkers.parsers.clean import clip
from checkers.windows.cards import apart, place

_CONNECTIONS = "\\CurrentControlSet\\Control\\Network\\{4D36E972-E325-11CE-BFC1-08002BE10318}"
_DEVICES = "\\CurrentControlSet\\Enum\\PCI"
_DISABLED = 1
"""CONFIGFLAG_DISABLED: somebody has switched the device off."""
_MAX = 64
KEYS = (
    Key(hive="SYSTEM", path=_CONNECTIONS, depth=2, values=("Name", "PnPInstanceId")),
    Key(hive="SYSTEM", path=_DEVICES, depth=2, values=("LocationInformation", "ConfigFlags")),
)


@dataclass(frozen=True)
class Connection:
    """A network connection. guid: as its settings are filed. name: its card's in the lab, else its own; mac: empty
    where nobody knows which card it is."""

    guid: str
    alias: str
    name: str
    mac: str
    enabled: bool


def connections(found: Found) -> list[Connection]:
    """The connections of the cards. Raises Unreadable without any."""
    listed, devices = key(found, "SYSTEM", _CONNECTIONS), key(found, "SYSTEM", _DEVICES)
    if listed is None or devices is None:
        raise unreadable(_CONNECTIONS)
    known = sorted(_of_cards(listed, devices), key=lambda one: place(one[2].text("LocationInformation")))[:_MAX]
    # A card that was taken out is still listed, and nothing says that it is gone: then no card is told from another.
    same = len(known) == len(found.cards) and all(place(one[2].text("LocationInformation")) for one in known)
    cards = sorted(found.cards, key=lambda card: card.name)
    return [
        Connection(
            guid=guid,
            alias=alias,
            name=clip(cards[rank].name if same else apart(alias)),
            mac=cards[rank].mac if same else "",
            enabled=not (device.number("ConfigFlags") or 0) & _DISABLED,
        )
        for rank, (guid, alias, device) in enumerate(known)
    ]


def _of_cards(listed: RegistryKey, devices: RegistryKey) -> list[tuple[str, str, RegistryKey]]:
    """Identifier, name and device of each connection that is a card's."""
    found = []
    for guid, each in listed.keys.items():
        connection = each.key("Connection")
        bus, _, rest = (connection.text("PnPInstanceId") if connection else "").partition("\\")
        model, _, instance = rest.partition("\\")
        device = devices.key(model)
        one = device.key(instance) if device is not None and bus.upper() == "PCI" else None
        if connection is not None and one is not None:
            found.append((guid, connection.text("Name"), one))
    return found
