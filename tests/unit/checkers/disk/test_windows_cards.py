"""Which connection in a Windows registry is which card of the lab."""

from __future__ import annotations

import pytest

from checkers.disk.plan import Card, Found, RegistryKey
from checkers.disk.twin import DiskTwin
from checkers.disk.twins.windows_addresses import AddressesTwin
from checkers.disk.twins.windows_cards import connections
from checkers.probe import Unreadable
from checkers.probes.addresses import Addresses, AddressesValue

CARDS = (Card(name="eth0", mac="52:54:00:00:00:01"), Card(name="eth1", mac="52:54:00:00:00:02"))
PLACE = "@System32\\drivers\\pci.sys,#65536;PCI bus %1, device %2, function %3;"


def key(**values: str) -> RegistryKey:
    return RegistryKey(values={name: ("REG_SZ", text) for name, text in values.items()})


def found(*listed: tuple[str, str, str, int], cards: tuple[Card, ...] = CARDS) -> Found:
    """A registry with these connections: name, device, place on the bus, flags of the device."""
    network: dict[str, RegistryKey] = {}
    devices: dict[str, RegistryKey] = {}
    settings: dict[str, RegistryKey] = {}
    for number, (name, device, place, flags) in enumerate(listed):
        connection = key(Name=name, PnPInstanceId=device)
        network[f"{{G{number}}}"] = RegistryKey(keys={"Connection": connection})
        settings[f"{{g{number}}}"] = key(IPAddress=f"192.168.50.{number}", SubnetMask="255.255.255.0")
        _, _, rest = device.partition("\\")
        model, _, instance = rest.partition("\\")
        one = key(LocationInformation=PLACE + place)
        one.values["ConfigFlags"] = ("REG_DWORD", str(flags))
        devices.setdefault(model, RegistryKey()).keys[instance] = one
    return Found(
        keys={
            "SYSTEM \\CurrentControlSet\\Control\\Network\\{4D36E972-E325-11CE-BFC1-08002BE10318}": RegistryKey(
                keys=network
            ),
            "SYSTEM \\CurrentControlSet\\Enum\\PCI": RegistryKey(keys=devices),
            "SYSTEM \\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces": RegistryKey(keys=settings),
        },
        cards=cards,
    )


def told(registry: Found) -> list[tuple[str, str]]:
    return [(one.name, one.mac) for one in connections(registry)]


SECOND = ("Ethernet 2", "PCI\\VIRTIO\\b", "(0,4,0)", 0)
FIRST = ("Réseau du lycée", "pci\\VIRTIO\\a", "(0,3,0)", 0)


def test_cards_are_named_by_their_place_on_the_bus() -> None:
    tunnel = ("Teredo", "SWD\\IP_TUNNEL_VBUS\\Teredo", "", 0)
    assert told(found(SECOND, tunnel, FIRST)) == [(card.name, card.mac) for card in CARDS]
    twin: DiskTwin[AddressesValue] = AddressesTwin()
    interfaces = twin.read(Addresses(), found(SECOND, tunnel, FIRST)).interfaces
    assert [(one.name, one.configurations[0].addresses) for one in interfaces] == [
        ("eth0", ("192.168.50.2/24",)),
        ("eth1", ("192.168.50.0/24",)),
    ]


@pytest.mark.parametrize(
    "listed",
    [
        (FIRST, SECOND, ("Ancienne", "PCI\\E1000\\c", "(0,5,0)", 0)),  # one that was taken out, and is still listed
        (FIRST,),
        (FIRST, ("Ethernet 2", "PCI\\VIRTIO\\b", "", 0)),  # of which nobody knows where it is
    ],
)
def test_where_no_card_is_told_from_another_names_are_those_of_windows(
    listed: tuple[tuple[str, str, str, int], ...],
) -> None:
    assert {mac for _, mac in told(found(*listed))} == {""}
    assert "Réseau du lycée" in [name for name, _ in told(found(*listed))]


def test_a_connection_that_is_called_like_a_card_does_not_stand_for_it() -> None:
    assert told(found(("eth0", "PCI\\VIRTIO\\a", "(0,3,0)", 0))) == [("eth0 (virtual)", "")]


def test_a_card_that_is_switched_off_is_given_nothing_at_a_start() -> None:
    registry = found(FIRST, ("Ethernet 2", "PCI\\VIRTIO\\b", "(0,4,0)", 1))
    interfaces = AddressesTwin().read(Addresses(), registry).interfaces
    assert [one.configurations[0].at_boot for one in interfaces] == [True, False]


def test_without_connections_nothing_is_told() -> None:
    with pytest.raises(Unreadable):
        connections(Found())
