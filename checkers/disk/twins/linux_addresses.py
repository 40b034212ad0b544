"""What the files of a Linux machine give its interfaces at a boot, by its disk."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from checkers.disk.plan import Found, Tree, Wanted
from checkers.disk.twin import DiskTwin, unreadable
from checkers.disk.twins.linux_units import ETC, VENDOR, Units
from checkers.probe import Probe
from checkers.probes.addresses import Addresses, AddressesValue, Interface, configurations

_FOLDERS = (
    "/etc/systemd/network",
    "/usr/lib/systemd/network",
    "/etc/network",
    "/etc/NetworkManager/system-connections",
)
_NETPLAN = "/etc/netplan"
_UNITS = ("systemd-networkd.service", "networking.service", "NetworkManager.service")
_INTERFACES = re.compile(r"^interfaces(?:\.d/[^/]+)?$")


class AddressesTwin(DiskTwin[AddressesValue]):
    """The interfaces are the cards that the hypervisor gives the machine, by their names in the lab. What netplan says
    is turned into files of these tools at a start: they are not on the disk, so nothing is known with it."""

    probe: ClassVar[type[Probe[Any]]] = Addresses

    def wanted(self, probe: Addresses) -> Wanted:
        trees = [Tree(path=place, names=_UNITS) for place in (ETC, VENDOR)]
        trees += [Tree(path=path, discreet=True) for path in _FOLDERS]
        return Wanted(trees=(*trees, Tree(path=_NETPLAN, names=(".yaml",), discreet=True)), cards=True)

    def read(self, probe: Addresses, found: Found) -> AddressesValue:
        if not found.cards:
            raise unreadable("cards")
        if found.trees.get(_NETPLAN):
            raise unreadable(_NETPLAN)
        files = {
            f"{folder}/{path}": entry.text.split("\n")
            for folder in _FOLDERS
            for path, entry in (found.trees.get(folder) or {}).items()
            if entry.kind == "file" and (folder != "/etc/network" or _INTERFACES.match(path))
        }
        units = Units(found)
        states = {unit: units.state(unit)[1] for unit in _UNITS}
        return AddressesValue(
            interfaces=tuple(
                Interface(
                    name=card.name,
                    mac=card.mac,
                    up=None,
                    addresses=(),
                    configurations=configurations(files, states, card.name, card.mac),
                )
                for card in found.cards
            ),
            routes=(),
            resolvers=(),
            leases=(),
        )
