"""The addresses that a Windows machine's cards are given at a start, by the registry on its disk."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any, ClassVar

from checkers.disk.plan import Found, Key, RegistryKey, Wanted
from checkers.disk.twin import DiskTwin, key, unreadable
from checkers.parsers.clean import clip
from checkers.probe import Probe
from checkers.probes.addresses import Addresses, AddressesValue, Configuration, Interface

_INTERFACES = "\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces"
_CONNECTIONS = "\\CurrentControlSet\\Control\\Network\\{4D36E972-E325-11CE-BFC1-08002BE10318}"
_MAX = 64


class AddressesTwin(DiskTwin[AddressesValue]):
    """Each network connection with its settings. The registry keeps connections of cards that were taken out, and no
    card's hardware address: only a machine with one of each can be told which card has which settings."""

    probe: ClassVar[type[Probe[Any]]] = Addresses

    def wanted(self, probe: Addresses) -> Wanted:
        keys = (Key(hive="SYSTEM", path=_INTERFACES, depth=1), Key(hive="SYSTEM", path=_CONNECTIONS, depth=2))
        return Wanted(keys=keys, cards=True)

    def read(self, probe: Addresses, found: Found) -> AddressesValue:
        settings, connections = key(found, "SYSTEM", _INTERFACES), key(found, "SYSTEM", _CONNECTIONS)
        if settings is None or connections is None:
            raise unreadable(_INTERFACES)
        named = {guid: one.text("Name") for guid, each in connections.keys.items() if (one := each.key("Connection"))}
        known = [(named[guid], settings.key(guid)) for guid in sorted(named)[:_MAX] if named[guid]]
        alone = found.cards[0] if len(found.cards) == 1 and len(known) == 1 else None
        return AddressesValue(
            interfaces=tuple(
                Interface(
                    name=clip(alone.name if alone else name),
                    mac=alone.mac if alone else "",
                    up=None,
                    addresses=(),
                    configurations=_configured(one) if one is not None else (),
                )
                for name, one in known
            ),
            routes=(),
            resolvers=(),
            leases=(),
        )


def _configured(settings: RegistryKey) -> tuple[Configuration, ...]:
    dhcp = settings.number("EnableDHCP") == 1
    lines = {name: settings.text(name).split("\n") for name in ("IPAddress", "SubnetMask", "DefaultGateway")}
    pairs = zip(lines["IPAddress"], lines["SubnetMask"], strict=False)
    addresses = [f"{address}/{_length(mask)}" for address, mask in pairs if address and address != "0.0.0.0"]  # noqa: S104
    if not dhcp and not addresses:
        return ()
    return (
        Configuration(
            tool="Windows",
            method="dhcp" if dhcp else "static",
            addresses=() if dhcp else tuple(clip(one, 60) for one in addresses[:_MAX]),
            gateways=tuple(clip(gateway, 60) for gateway in lines["DefaultGateway"][:_MAX] if gateway),
            at_boot=True,
            source="Tcpip\\Parameters\\Interfaces",
        ),
    )


def _length(mask: str) -> str:
    """A mask as the length of a prefix; as it is when it is no mask."""
    try:
        return str(IPv4Network(f"0.0.0.0/{mask}").prefixlen)
    except ValueError:
        return mask
