"""What an OpenWrt device says over HTTPS, from what it says over SSH: the same device, asked another way.

So every case of the one is a case of the other. Shapes: tests/goldens/openwrt/README.md.
"""

from __future__ import annotations

import json
import re
from typing import Any

from checkers.openwrt import uci
from checkers.parsers import parts

ROUTE = {"target": "0.0.0.0", "mask": 0, "source": "0.0.0.0/0"}  # noqa: S104 - a route's target


def values(text: str) -> dict[str, Any]:
    """A file of ``/etc/config`` as ``uci get`` says it."""
    found = {}
    for number, one in enumerate(uci.sections(text)):
        name = one.name or f"cfg{number:02}3579"
        head = {".anonymous": not one.name, ".type": one.kind, ".name": name, ".index": number}
        found[name] = {**head, **one.options}
    return {"values": found}


def access_point(output: str) -> list[list[Any]]:
    """The answers to the four calls of the access point's question."""
    found = parts.parts(output)
    status = json.loads(found["status"])
    hostapd = {name: json.loads(text) for name, text in parts.starting(found, "hostapd").items()}
    iwinfo = {name: json.loads(text) for name, text in parts.starting(found, "iwinfo").items() if text.strip()}
    for radio in status.values():
        for one in radio["interfaces"]:
            sent = hostapd.get(one["ifname"])
            if sent is not None:
                seen = iwinfo.get(one["ifname"], {"mode": "Master"})
                one["iwinfo"] = {"frequency": sent["freq"], "channel": sent["channel"], "ssid": sent["ssid"], **seen}
            elif not radio["up"]:
                del one["ifname"]
            else:
                one["iwinfo"] = {"mode": "Client"}
    addresses = [word.split("/") for word in re.findall(r"inet (\S+)", found["address"])]
    routes = re.findall(r"default via (\S+)", found["route"])
    lan = {
        "interface": "lan", "up": True, "l3_device": "br-lan", "proto": "static",
        "ipv4-address": [{"address": address, "mask": int(mask)} for address, mask in addresses],
        "route": [{**ROUTE, "nexthop": nexthop} for nexthop in routes],
    }  # fmt: skip
    loopback = {
        "interface": "loopback", "up": True, "l3_device": "lo", "proto": "static",
        "ipv4-address": [{"address": "127.0.0.1", "mask": 8}], "route": [],
    }  # fmt: skip
    wan = {"interface": "wan", "up": False, "proto": "dhcp"}
    dump = {"interface": [lan, loopback, wan]}
    return [[0, status], [0, values(found["wireless"])], [0, dump], [0, values(found["network"])]]


def lines(answers: list[list[Any]]) -> str:
    """Answers as the dialect keeps them."""
    return "\n".join(
        json.dumps({"status": status, "data": data[0] if data else {}}, ensure_ascii=False) for status, *data in answers
    )


def roots(*passwords: str) -> list[Any]:
    """``uci get rpcd``: accounts of the page for root with these."""
    text = "".join(f"config login\n option username root\n option password '{one}'\n" for one in passwords)
    return [0, values(text)]
