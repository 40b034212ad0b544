"""hostapd.conf for a configuration (pure)."""

from __future__ import annotations

from .settings import COUNTRY, Config


def render(config: Config, interface: str = "wlan0", bridge: str = "br-lan") -> str:
    """The text of hostapd.conf (see hostapd.conf(5)); the configuration has passed settings.faults()."""
    five = config["wifi.band"] == "5"
    lines = [
        f"interface={interface}",
        f"bridge={bridge}",
        "driver=nl80211",
        "ctrl_interface=/run/hostapd",
        f"ssid2={config['wifi.ssid'].encode().hex()}",
        "utf8_ssid=1",
        f"country_code={COUNTRY}",
        "ieee80211d=1",
        f"hw_mode={'a' if five else 'g'}",
        f"channel={config['wifi.channel']}",
        "ieee80211n=1",
        *(["ieee80211ac=1"] if five else []),
        "wmm_enabled=1",
        "auth_algs=1",
        f"ignore_broadcast_ssid={int(config['wifi.hidden'])}",
        f"ap_isolate={int(config['wifi.isolation'])}",
        *_security(config["wifi.security"], config["wifi.key"]),
    ]
    return "\n".join(lines) + "\n"


def _security(security: str, key: str) -> list[str]:
    if security == "open":
        return []
    lines = ["wpa=2", "rsn_pairwise=CCMP"]
    if security == "wpa2":
        return [*lines, "wpa_key_mgmt=WPA-PSK", f"wpa_passphrase={key}"]
    if security == "wpa3":  # SAE only, management frames always protected (WPA3 specification, 2.3)
        return [*lines, "wpa_key_mgmt=SAE", "ieee80211w=2", "sae_require_mfp=1", f"sae_password={key}"]
    return [
        *lines,
        "wpa_key_mgmt=WPA-PSK SAE",
        "ieee80211w=1",
        "sae_require_mfp=1",
        f"wpa_passphrase={key}",
        f"sae_password={key}",
    ]
