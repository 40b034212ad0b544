"""Addresses of a Windows machine: MSFT_NetIPAddress, MSFT_NetIPInterface and MSFT_NetRoute, in both stores."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.probe import Probe
from checkers.probes.addresses import Address, Addresses, AddressesValue, Configuration, Interface, Route
from checkers.windows import cards
from checkers.windows.answer import number, rows, text, texts
from checkers.windows.twin import WindowsTwin

_MAX = 64
_DHCP = 3
"""PrefixOrigin."""
_IN_USE = (3, 4)
"""AddressState: deprecated and preferred; the others (tentative, duplicate) carry nothing."""
_FOREVER_S = 4294967295
_PROTOCOLS = {2: "kernel", 3: "static", 19: "dhcp"}
_DEFAULT = "0.0.0.0/0"
_NOWHERE = "0.0.0.0"  # noqa: S104 - no address to listen on: a route without a gateway


class AddressesTwin(WindowsTwin[AddressesValue]):
    """What each card has now, and what the persistent store will give it.

    A lease is told by the origin of the address: the registry keeps the last lease of a card that is fixed by now.
    """

    probe: ClassVar[type[Probe[Any]]] = Addresses
    script: ClassVar[str] = "addresses"
    timeout_s: ClassVar[int | None] = 40

    def read(self, probe: Addresses, answer: Any) -> AddressesValue:
        known = cards.names(answer["adapters"])
        interfaces = [_interface(one, known, answer) for one in rows(answer["adapters"], _MAX)]
        return AddressesValue(
            interfaces=tuple(sorted(interfaces, key=lambda one: one.name)),
            routes=tuple(
                Route(
                    destination="default" if one["destination"] == _DEFAULT else text(one["destination"], 60),
                    gateway=_hop(one),
                    interface=known[number(one["index"])],
                    protocol=_PROTOCOLS.get(number(one["protocol"]), str(number(one["protocol"]))),
                )
                for one in rows(answer["routes"]["active"], _MAX)
                if one["index"] in known
            ),
            resolvers=_resolvers(answer, known),
            leases=tuple(
                text(one["address"], 40)
                for one in _of(answer["addresses"]["active"], set(known))
                if number(one["prefix_origin"]) == _DHCP and number(one["state"]) in _IN_USE
            ),
        )


def _of(found: Any, indexes: set[int]) -> list[Any]:
    return [one for one in rows(found, 4 * _MAX) if one["index"] in indexes][:_MAX]


def _hop(route: Any) -> str:
    hop = text(route["next_hop"], 60)
    return "" if hop == _NOWHERE else hop


def _interface(adapter: Any, known: dict[int, str], answer: Any) -> Interface:
    index = {number(adapter["index"])}
    return Interface(
        name=known[number(adapter["index"])],
        mac=cards.mac(adapter),
        up=adapter["admin"] == 1,
        addresses=tuple(
            _address(one) for one in _of(answer["addresses"]["active"], index) if number(one["state"]) in _IN_USE
        ),
        configurations=_configured(adapter, answer, index),
    )


def _address(found: Any) -> Address:
    valid = number(found["valid_s"])
    return Address(
        address=f"{text(found['address'], 40)}/{number(found['prefix'])}",
        dynamic=number(found["prefix_origin"]) == _DHCP or valid < _FOREVER_S,
        valid_s=valid if 0 <= valid < _FOREVER_S else None,
    )


def _configured(adapter: Any, answer: Any, index: set[int]) -> tuple[Configuration, ...]:
    """What the persistent store says; where it says nothing of DHCP, what is in force. A disabled card stays so.

    Fixed addresses that are left there while DHCP is on are not used.
    """
    stores = answer["interfaces"]
    said = _of(stores["persistent"], index) or _of(stores["active"], index)
    addresses = [one for one in _of(answer["addresses"]["persistent"], index) if number(one["prefix_origin"]) != _DHCP]
    gateways = [
        _hop(one) for one in _of(answer["routes"]["persistent"], index) if one["destination"] == _DEFAULT and _hop(one)
    ]
    dhcp = bool(said) and number(said[0]["dhcp"]) == 1
    if not dhcp and not addresses:
        return ()
    return (
        Configuration(
            tool="Windows",
            method="dhcp" if dhcp else "static",
            addresses=() if dhcp else tuple(f"{text(one['address'], 40)}/{number(one['prefix'])}" for one in addresses),
            gateways=tuple(gateways),
            at_boot=adapter["admin"] == 1,
            source="PersistentStore",
        ),
    )


def _resolvers(answer: Any, known: dict[int, str]) -> tuple[str, ...]:
    """The servers of a policy when one sets them; else those of the connected cards, by their metric."""
    policy = text(answer["policy_name_servers"]).replace(",", " ").split()
    if policy:
        return tuple(policy[:_MAX])
    metric = {
        one["index"]: number(one["metric"]) for one in rows(answer["interfaces"]["active"]) if one["connected"] == 1
    }
    found = [one for one in rows(answer["name_servers"]) if one["index"] in metric and one["index"] in known]
    listed = [server for one in sorted(found, key=lambda one: metric[one["index"]]) for server in texts(one["servers"])]
    return tuple(dict.fromkeys(filter(None, listed)))[:_MAX]
