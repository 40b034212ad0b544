"""What an OpenWrt 23.05 device says, written from its documentation: files of uci, ubus, iwinfo."""

from __future__ import annotations

import json
from typing import Any

from checkers.secrets import token

SSID = "Kerbras-Atelier"
KEY = token("wifi")

NETWORK = """
config interface 'loopback'
\toption device 'lo'
\toption proto 'static'
\toption ipaddr '127.0.0.1'
\toption netmask '255.0.0.0'

config device
\toption name 'br-lan'
\toption type 'bridge'
\tlist ports 'lan1'
\tlist ports 'lan2'

config interface 'lan'
\toption device 'br-lan'
\toption proto 'static'
\toption ipaddr '192.168.50.2'
\toption netmask '255.255.255.0'
\toption gateway '192.168.50.254'

config interface 'wan'
\toption device 'wan'
\toption proto 'dhcp'
"""


def iface(section: str = "default_radio0", radio: str = "radio0", **options: str) -> dict[str, str]:
    """One wireless network, as its options are written; ``None`` as a text leaves one out."""
    given = {
        "device": radio, "network": "lan", "mode": "ap", "ssid": SSID, "encryption": "sae-mixed", "key": KEY,
        "isolate": "1", **options,
    }  # fmt: skip
    return {"section": section, **{key: value for key, value in given.items() if value != ""}}


def wireless(*ifaces: dict[str, str], **radios: dict[str, str]) -> str:
    """``/etc/config/wireless``."""
    lines = []
    every: dict[str, dict[str, str]] = {"radio0": {}, "radio1": {}, **radios}
    for name, more in every.items():
        own = {"radio0": {"band": "2g", "channel": "11"}, "radio1": {"band": "5g", "channel": "36"}}[name]
        options = {"type": "mac80211", "path": "platform/soc/18100000.wmac", "htmode": "HT20", **own, **more}
        lines += [f"config wifi-device '{name}'", *(f"\toption {key} '{value}'" for key, value in options.items()), ""]
    for one in ifaces:
        lines.append(f"config wifi-iface '{one['section']}'" if one["section"] else "config wifi-iface")
        lines += [f"\toption {key} '{value}'" for key, value in one.items() if key != "section"] + [""]
    return "\n".join(lines)


_AUTH = {
    "none": None, "psk2": ([2], ["psk"]), "sae": ([3], ["sae"]), "sae-mixed": ([2, 3], ["psk", "sae"]),
    "psk-mixed": ([1, 2], ["psk"]), "psk": ([1], ["psk"]), "wpa2": ([2], ["802.1x"]),
}  # fmt: skip


def said(
    *working: dict[str, str],
    saved: str | None = None,
    freq: dict[str, int] | None = None,
    down: tuple[str, ...] = (),
    changes: str = "",
    network: str = NETWORK,
    address: str = "192.168.50.2/24",
    iwinfo: bool = True,
) -> str:
    """The output of the access point's question. working: what is in service; saved: the same when nothing is said."""
    status: dict[str, Any] = {
        name: {"up": name not in down, "pending": False, "autostart": True, "disabled": name in down,
               "retry_setup_failed": False, "config": {"type": "mac80211"}, "interfaces": []}
        for name in ("radio0", "radio1")
    }  # fmt: skip
    parts: list[str] = []
    for number, one in enumerate(working):
        radio, name = one["device"], f"phy{one['device'][-1]}-ap{number}"
        options = {key: value for key, value in one.items() if key not in ("section", "device")}
        config = {key: value == "1" if key in ("isolate", "hidden") else value for key, value in options.items()}
        status[radio]["interfaces"].append(
            {"section": one["section"] or "cfg053579", "ifname": name, "config": config, "vlans": [], "stations": []}
        )
        if radio in down:
            continue
        mhz = {"radio0": 2462, "radio1": 5180, **(freq or {})}[radio]
        sends = {"status": "ENABLED", "bssid": "02:00:00:00:00:00", "ssid": one["ssid"], "freq": mhz, "channel": 11}
        auth = _AUTH[one.get("encryption", "none").split("+")[0]]
        encryption: dict[str, Any] = {"enabled": False}
        if auth is not None:
            encryption = {"enabled": True, "wpa": auth[0], "authentication": auth[1], "ciphers": ["ccmp"]}
        parts += [f"\n@@ hostapd {name}", json.dumps(sends, indent="\t")]
        heard = {"phy": f"phy{radio[-1]}", "ssid": one["ssid"], "mode": "Master", "encryption": encryption}
        parts += [f"\n@@ iwinfo {name}", json.dumps(heard, indent="\t") if iwinfo else ""]
    lan = f"5: br-lan    inet {address} brd 192.168.50.255 scope global br-lan\\       valid_lft forever"
    return "\n".join(
        [
            "\n@@ status", json.dumps(status, indent="\t"), *parts, "\n@@ address", lan,
            "\n@@ route", "default via 192.168.50.254 dev br-lan", "192.168.50.0/24 dev br-lan scope link",
            "\n@@ changes", changes, "\n@@ network", network,
            "\n@@ wireless", wireless(*working) if saved is None else saved, "\n@@ end", "",
        ]
    )  # fmt: skip
