"""The questions that can be put to an OpenWrt device over HTTPS.

Shapes: https://openwrt.org/docs/guide-developer/ubus (``system``, ``network.interface``, ``uci``, ``session``); LuCI's
``rpcd-mod-luci`` for ``luci-rpc getWirelessDevices``: what ``network.wireless status`` says, with iwinfo's ``info``
inside each interface. Access: LuCI's ``luci-base.json`` and ``luci-mod-status.json``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Interface
from typing import Any, ClassVar

from checkers.channels.ubus import REFUSED, Call, Told
from checkers.dialect import by_probe
from checkers.openwrt.http.twin import UbusTwin, get, sections
from checkers.openwrt.twins import networks
from checkers.openwrt.twins.access_point import settings
from checkers.openwrt.twins.admin import NOT_CHECKED
from checkers.openwrt.twins.hosts import awake, named
from checkers.probe import Probe, Unreadable
from checkers.probes.access_point import AccessPoint, AccessPointAdmin, AccessPointValue, AdminValue, Lan
from checkers.probes.awake import Awake, AwakeValue
from checkers.probes.hosts import HostName, HostNameValue
from labs.text import Text

NOBODY = "NOBODY"
"""Names the word of nobody's, drawn anew for each batch."""

WIRELESS = Call(object="luci-rpc", method="getWirelessDevices")
"""What each radio sends."""


class AccessPointHttp(UbusTwin[AccessPointValue]):
    """Every wireless network, saved and in service, and the addresses. What is in service is what iwinfo tells of each
    interface (where it tells nothing of one, nothing is seen); what waits to be saved is not seen."""

    probe: ClassVar[type[Probe[Any]]] = AccessPoint

    def calls(self, probe: AccessPoint) -> tuple[Call, ...]:
        return (
            WIRELESS,
            get("wireless"),
            Call(object="network.interface", method="dump"),
            get("network"),
        )

    def value(self, probe: AccessPoint, told: Sequence[Told]) -> AccessPointValue:
        status, wireless, interfaces, network = (one.data for one in told)
        info = {name: one["iwinfo"] for one in _interfaces(status) if (name := one.get("ifname"))}
        up = [one for one in interfaces["interface"] if one.get("up")]
        return settings(
            networks.running(status, {name: _sent(one) for name, one in info.items()}, info),
            networks.saved(sections(wireless["values"])),
            pending=(),
            lan=Lan(addresses=tuple(_addresses(up)), gateways=tuple(_gateways(up))),
            saved_lan=networks.saved_lan(sections(network["values"])),
        )


def _interfaces(status: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for radio in status.values():
        yield from radio.get("interfaces", [])


def _sent(info: dict[str, Any]) -> dict[str, Any]:
    """What an interface sends, in hostapd's words: iwinfo gives an access point that sends a frequency."""
    sends = info.get("mode") == "Master" and info.get("frequency")
    return {"status": "ENABLED", "freq": info["frequency"], "ssid": info.get("ssid")} if sends else {}


def _addresses(up: Sequence[dict[str, Any]]) -> Iterator[str]:
    for one in up:
        for given in one.get("ipv4-address", []):
            address = IPv4Interface(f"{given['address']}/{given['mask']}")
            if not address.is_loopback:
                yield str(address)


def _gateways(up: Sequence[dict[str, Any]]) -> Iterator[str]:
    for one in up:
        for route in one.get("route", []):
            if route.get("mask") == 0 and "." in str(route["nexthop"]):  # the default route, of IPv4
                yield str(IPv4Address(route["nexthop"]))


class AccessPointAdminHttp(UbusTwin[AdminValue]):
    """root's password, by the page's own login. Over SSH it is the same, as long as nobody has parted the two: the page
    then names root's own (``$p$root``), and where root has none, any word lets one in."""

    probe: ClassVar[type[Probe[Any]]] = AccessPointAdmin

    def calls(self, probe: AccessPointAdmin) -> tuple[Call, ...]:
        wanted = (_login(f"SECRET_{probe.secret.upper()}"),) if probe.secret else ()
        return (get("rpcd", type="login"), _login(NOBODY), *wanted)

    def value(self, probe: AccessPointAdmin, told: Sequence[Told]) -> AdminValue:
        page, *tries = told
        roots = [one for one in sections(page.data["values"]) if one.get("username") == "root"]
        together = roots and all(one.get("password") == "$p$root" for one in roots)
        if not together or any(one.status not in (0, REFUSED) for one in tries):
            raise Unreadable(NOT_CHECKED)
        open_to_all, *right = (one.status == 0 for one in tries)
        expected = right[0] and not open_to_all if right else None
        return AdminValue(
            page_default=open_to_all,
            page_expected=expected,
            console_default=open_to_all,
            console_expected=expected,
        )


def _login(name: str) -> Call:
    return Call(object="session", method="login", args={"username": "root", "password": f"${{{name}}}", "timeout": 5})


class AwakeHttp(UbusTwin[AwakeValue]):
    """How long the device has been up."""

    probe: ClassVar[type[Probe[Any]]] = Awake

    def calls(self, probe: Awake) -> tuple[Call, ...]:
        return (Call(object="system", method="info"),)

    def value(self, probe: Awake, told: Sequence[Told]) -> AwakeValue:
        return awake(int(told[0].data["uptime"]))


class HostNameHttp(UbusTwin[HostNameValue]):
    """The host name, as saved and in use."""

    probe: ClassVar[type[Probe[Any]]] = HostName

    def calls(self, probe: HostName) -> tuple[Call, ...]:
        return (Call(object="system", method="board"), get("system"))

    def value(self, probe: HostName, told: Sequence[Told]) -> HostNameValue:
        running = told[0].data.get("hostname")
        if not isinstance(running, str) or not running.strip():
            raise Unreadable(Text("le nom de l'appareil n'a pas pu être lu", "the device's name could not be read"))
        return named(running.strip(), sections(told[1].data["values"]))


TWINS = by_probe((AccessPointHttp(), AccessPointAdminHttp(), AwakeHttp(), HostNameHttp()))
