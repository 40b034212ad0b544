"""The addresses that a Windows machine's cards are given at a start, by the registry on its disk."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any, ClassVar

from checkers.disk.plan import Found, Key, RegistryKey, Wanted
from checkers.disk.twin import DiskTwin, key, unreadable
from checkers.disk.twins.windows_cards import KEYS, connections
from checkers.parsers.clean import clip
from checkers.probe import Probe
from checkers.probes.addresses import Addresses, AddressesValue, Configuration, Interface

_INTERFACES = "\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces"
_MAX = 64
SETTINGS = Key(
    hive="SYSTEM",
    path=_INTERFACES,
    depth=1,
    values=("EnableDHCP", "IPAddress", "SubnetMask", "DefaultGateway"),
)


class AddressesTwin(DiskTwin[AddressesValue]):
    """Each card's connection with its settings."""

    probe: ClassVar[type[Probe[Any]]] = Addresses

    def wanted(self, probe: Addresses) -> Wanted:
        return Wanted(keys=(SETTINGS, *KEYS), cards=True)

    def read(self, probe: Addresses, found: Found) -> AddressesValue:
        settings = key(found, "SYSTEM", _INTERFACES)
        if settings is None:
            raise unreadable(_INTERFACES)
        return AddressesValue(
            interfaces=tuple(
                Interface(
                    name=one.name,
                    mac=one.mac,
                    up=None,
                    addresses=(),
                    configurations=configured(settings.key(one.guid), at_boot=one.enabled),
                )
                for one in connections(found)
            ),
            routes=(),
            resolvers=(),
            leases=(),
        )


def configured(settings: RegistryKey | None, *, at_boot: bool) -> tuple[Configuration, ...]:
    """What a connection is given at a start. at_boot: whether its card is switched on."""
    if settings is None:
        return ()
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
            at_boot=at_boot,
            source="Tcpip\\Parameters\\Interfaces",
        ),
    )


def _length(mask: str) -> str:
    """A mask as the length of a prefix; as it is when it is no mask."""
    try:
        return str(IPv4Network(f"0.0.0.0/{mask}").prefixlen)
    except ValueError:
        return mask
