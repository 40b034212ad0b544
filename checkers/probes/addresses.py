"""Addresses of a machine: what its interfaces have now, and what its files will give them after a reboot."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from checkers.facts import Raw
from checkers.parsers import network_files, sections
from checkers.parsers.clean import clip, integer
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

_MAX = 64
_FOREVER = 4294967295
_LEASE = re.compile(r"^(?:ADDRESS=|\s*fixed-address )([0-9.]{7,15});?$")


# Lines that may hold a key of another kind of connection (Wi-Fi, VPN) are left in the machine.
_COMMAND = r"""
echo '== addr'; ip -j addr; echo
echo '== route'; ip -j -4 route; echo
echo '== resolv'; cat /etc/resolv.conf; echo
echo '== upstream'; cat /run/systemd/resolve/resolv.conf 2>/dev/null; echo
echo '== units'
systemctl show -p Id,ActiveState,UnitFileState systemd-networkd.service networking.service NetworkManager.service
echo '== config'
grep -rsHviE '(key|psk|password|passphrase)[a-z0-9-]*[ =]' /etc/systemd/network /run/systemd/network \
  /etc/network/interfaces /etc/network/interfaces.d /etc/NetworkManager/system-connections
echo '== leases'
grep -shE '^ADDRESS=|fixed-address ' /run/systemd/netif/leases/* /var/lib/dhcp/*.leases /var/lib/NetworkManager/*.lease
true
""".strip()


class Address(Value):
    """One IPv4 address, with its prefix. dynamic: the kernel was given a lifetime, as DHCP clients do."""

    address: str
    dynamic: bool
    valid_s: int | None


class Configuration(Value):
    """What the files of one tool say of an interface. at_boot: the tool runs at boot and brings the interface up."""

    tool: str
    method: str
    addresses: tuple[str, ...]
    gateways: tuple[str, ...]
    at_boot: bool
    source: str


class Interface(Value):
    """One interface. up: None where what it has now could not be seen; then ``addresses`` says nothing either."""

    name: str
    mac: str
    up: bool | None
    addresses: tuple[Address, ...]
    configurations: tuple[Configuration, ...]

    def not_seen(self) -> frozenset[str]:
        return frozenset({"up", "addresses"} if self.up is None else ())


class Route(Value):
    """One IPv4 route. destination: ``default`` or a prefix."""

    destination: str
    gateway: str
    interface: str
    protocol: str


class AddressesValue(Value):
    """leases: addresses for which a DHCP client keeps a lease. resolvers: name servers really asked."""

    interfaces: tuple[Interface, ...]
    routes: tuple[Route, ...]
    resolvers: tuple[str, ...]
    leases: tuple[str, ...]

    def not_seen(self) -> frozenset[str]:
        running = all(interface.up is not None for interface in self.interfaces)
        return frozenset(() if running else {"routes", "resolvers", "leases"})

    def interface(self, name: str) -> Interface | None:
        """The interface with this name."""
        return next((interface for interface in self.interfaces if interface.name == name), None)

    def routers(self, interface: str) -> list[str]:
        """The gateways of the default routes through an interface."""
        return [r.gateway for r in self.routes if r.destination == "default" and r.interface == interface]


class Addresses(Probe[AddressesValue]):
    """Addresses, routes, resolvers, leases, and the configuration that will survive a reboot."""

    name: ClassVar[str] = "addresses"
    about: ClassVar[Text] = Text(
        "adresses, routes et résolveurs, en cours et configurés", "addresses, routes and resolvers, now and configured"
    )
    value: ClassVar[type[Value]] = AddressesValue
    timeout_s: ClassVar[int] = 25

    def command(self) -> str:
        return _COMMAND

    def parse(self, raw: Raw) -> AddressesValue:
        parts = sections.split(raw.stdout)
        try:
            links, routes = (json.loads(parts[name]) for name in ("addr", "route"))
        except (KeyError, ValueError) as error:
            raise Unreadable(Text("la commande ip n'a pas répondu", "the ip command did not answer")) from error
        files = sections.files(parts.get("config", ""))
        units = {
            sections.one(b, "Id"): sections.one(b, "UnitFileState") for b in sections.blocks(parts.get("units", ""))
        }
        if not units:
            raise Unreadable(Text("systemd n'a pas répondu", "systemd did not answer"))
        return AddressesValue(
            interfaces=tuple(
                _interface(link, files, units) for link in links[:_MAX] if link.get("ifname") not in (None, "lo")
            ),
            routes=tuple(
                Route(
                    destination=clip(str(route.get("dst", ""))),
                    gateway=clip(str(route.get("gateway", ""))),
                    interface=clip(str(route.get("dev", ""))),
                    protocol=clip(str(route.get("protocol", ""))),
                )
                for route in routes[:_MAX]
            ),
            resolvers=_resolvers(parts.get("resolv", ""), parts.get("upstream", "")),
            leases=tuple(m[1] for m in map(_LEASE.match, parts.get("leases", "").split("\n")) if m is not None)[:_MAX],
        )


def _interface(link: dict[str, Any], files: network_files.Files, units: dict[str, str]) -> Interface:
    name, mac = clip(str(link.get("ifname", ""))), clip(str(link.get("address", "")))
    return Interface(
        name=name,
        mac=mac,
        up="UP" in link.get("flags", []),
        addresses=tuple(_address(info) for info in link.get("addr_info", [])[:_MAX] if info.get("family") == "inet"),
        configurations=configurations(files, units, name, mac),
    )


def configurations(
    files: network_files.Files, units: Mapping[str, str], name: str, mac: str
) -> tuple[Configuration, ...]:
    """What each tool's files say of an interface. units: how the unit file of each tool stands."""
    tools = (
        ("systemd-networkd.service", network_files.networkd(files, name, mac)),
        ("networking.service", network_files.ifupdown(files, name)),
        ("NetworkManager.service", network_files.network_manager(files, name, mac)),
    )
    return tuple(
        Configuration(
            tool=found.tool,
            method=found.method,
            addresses=tuple(clip(a, 60) for a in found.addresses[:_MAX]),
            gateways=tuple(clip(g, 60) for g in found.gateways[:_MAX]),
            at_boot=found.at_boot and units.get(unit, "") in ("enabled", "static", "alias"),
            source=clip(found.source),
        )
        for unit, found in tools
        if found.method != "none"
    )


def _address(info: dict[str, Any]) -> Address:
    valid = integer(str(info.get("valid_life_time", _FOREVER)), _FOREVER)
    return Address(
        address=f"{clip(str(info.get('local', '')), 40)}/{integer(str(info.get('prefixlen', '')), -1)}",
        dynamic=bool(info.get("dynamic", False)) or valid != _FOREVER,
        valid_s=None if valid == _FOREVER else valid,
    )


def _resolvers(resolv: str, upstream: str) -> tuple[str, ...]:
    """Name servers of resolv.conf(5); behind systemd-resolved's own address, the ones that it asks."""
    servers = _nameservers(resolv)
    if servers and all(server in ("127.0.0.53", "127.0.0.54") for server in servers):
        servers = _nameservers(upstream)
    return tuple(servers)


def _nameservers(text: str) -> list[str]:
    lines = [line.split() for line in text.split("\n")[:500]]
    return [clip(words[1], 60) for words in lines if len(words) >= 2 and words[0] == "nameserver"]
