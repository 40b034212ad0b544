"""The wireless networks of an OpenWrt device, in its files' words and in those of its services."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Interface
from typing import Any

from checkers.openwrt import uci
from checkers.parsers import wifi
from checkers.parsers.clean import integer
from checkers.parsers.wifi import Band, Security
from checkers.probes.access_point import Lan, Network

_BANDS: dict[str, Band] = {"2g": "2.4", "5g": "5", "6g": "6", "11g": "2.4", "11b": "2.4", "11a": "5"}
_SECURITIES: dict[str, Security] = {
    "none": "open",
    "psk": "wpa",
    "psk-mixed": "wpa",
    "psk2": "wpa2",
    "sae": "wpa3",
    "sae-mixed": "wpa2-wpa3",
}


@dataclass(frozen=True)
class Told:
    """A network with the section and the radio that it comes from. section: empty when it has no name."""

    section: str
    radio: str
    network: Network


def saved(found: Sequence[uci.Section]) -> list[Told]:
    """The access points in the sections of ``/etc/config/wireless``, in order."""
    radios = {one.name: one for one in found if one.kind == "wifi-device"}
    told = []
    for one in found:
        if one.kind != "wifi-iface" or one.get("mode") != "ap":
            continue
        for name in one.get("device").split():
            radio = radios.get(name) or uci.Section("wifi-device", name, {"disabled": "1"})
            band = _BANDS.get(radio.get("band") or radio.get("hwmode"), "")
            on_air = not (radio.is_on("disabled") or one.is_on("disabled"))
            channel = integer(radio.get("channel"), 0)
            told.append(Told(one.name, name, _network(one.options, on_air=on_air, band=band, channel=channel)))
    return told


def running(status: Mapping[str, Any], hostapd: Mapping[str, Any], iwinfo: Mapping[str, Any]) -> list[Told]:
    """The access points that are on the air.

    status: what ``network.wireless status`` says of each radio. hostapd, iwinfo: what ``get_status`` and ``info`` say,
    by interface.
    """
    told = []
    for radio, given in status.items():
        for one in given.get("interfaces", []) if given.get("up") and not given.get("disabled") else []:
            name, config = str(one.get("ifname", "")), one["config"]
            sent = hostapd.get(name, {})
            if config.get("mode") != "ap" or sent.get("status") != "ENABLED":
                continue
            band, channel = wifi.channel(int(sent["freq"]))
            options = {key: str(int(value)) if isinstance(value, bool) else value for key, value in config.items()}
            options["ssid"] = sent.get("ssid") or config.get("ssid")
            network = _network(options, on_air=True, band=band, channel=channel)
            seen = _security_seen(iwinfo.get(name, {}).get("encryption"))
            told.append(
                Told(
                    str(one.get("section", "")),
                    str(radio),
                    network.model_copy(update={"security": seen}) if seen is not None else network,
                )
            )
    return told


def _network(options: Mapping[str, Any], *, on_air: bool, band: Band, channel: int) -> Network:
    security = _security(str(options.get("encryption") or "none"))
    section = uci.Section("wifi-iface", "", {key: str(value) for key, value in options.items()})
    return Network(
        on_air=on_air,
        ssid=str(options.get("ssid") or "").encode()[:32].hex(),
        band=band,
        channel=channel,
        security=security,
        key=section.get("key")[:200] if security != "open" else "",
        hidden=section.is_on("hidden"),
        isolation=section.is_on("isolate"),
    )


def _security(word: str) -> Security:
    """The security of an ``encryption`` option; what follows ``+`` is the cipher."""
    word = word.partition("+")[0].lower()
    return "wep" if word.startswith("wep") else _SECURITIES.get(word, "other")


def _security_seen(given: Any) -> Security | None:
    """The security of a network in iwinfo's words; None when it says nothing."""
    if not isinstance(given, dict) or "enabled" not in given:
        return None
    if not given["enabled"]:
        return "open"
    if given.get("wep"):
        return "wep"
    ways = {str(one).lower() for one in given.get("authentication", [])}
    if not ways <= {"psk", "sae"} or not ways:
        return "other"
    security = wifi.security(" ".join(ways), protected=True)
    return "wpa" if security == "wpa2" and 1 in given.get("wpa", []) else security


def saved_lan(sections: Sequence[uci.Section]) -> Lan:
    """The fixed addresses and routers in the sections of ``/etc/config/network``."""
    found = [one for one in sections if one.kind == "interface" and _is_fixed(one)]
    return Lan(
        addresses=tuple(address for one in found for address in _addresses(one)),
        gateways=tuple(one.get("gateway")[:40] for one in found if one.get("gateway")),
    )


def _is_fixed(one: uci.Section) -> bool:
    unused = one.is_on("disabled") or one.get("auto") == "0" or one.name == "loopback"
    return one.get("proto") == "static" and not unused


def _addresses(one: uci.Section) -> Iterator[str]:
    for address in re.split(r"\s+", one.get("ipaddr")):
        try:
            yield str(IPv4Interface(address if "/" in address else f"{address}/{one.get('netmask')}"))
        except ValueError:
            continue
