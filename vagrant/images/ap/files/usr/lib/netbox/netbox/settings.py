"""The device's configuration: every setting, its rule, its message in French. Pure: no file, no command.

A configuration is a flat dict, "wifi.ssid" → value, as the command line shows it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Config = dict[str, Any]

CHANNELS = {"2.4": tuple(range(1, 14)), "5": (36, 40, 44, 48)}
SECURITIES = {
    "open": "ouvert (sans clé)",
    "wpa2": "WPA2-Personnel",
    "wpa2-wpa3": "WPA2/WPA3-Personnel (transition)",
    "wpa3": "WPA3-Personnel (SAE)",
}
TRUE, FALSE = ("oui", "on", "true", "1", "yes"), ("non", "off", "false", "0", "no")


class SettingError(ValueError):
    """A value the device refuses; the message is for the person who typed it."""


def _ssid(value: str) -> str:
    size = len(value.encode())
    if not 1 <= size <= 32:
        raise SettingError(f"le nom du réseau (SSID) doit faire de 1 à 32 octets, celui-ci en fait {size}")
    if any(ord(c) < 32 or ord(c) == 127 for c in value):
        raise SettingError("le nom du réseau (SSID) ne doit pas contenir de caractère de commande")
    return value


def _band(value: str) -> str:
    band = value.lower().replace(",", ".").removesuffix("ghz").strip()
    if band not in CHANNELS:
        raise SettingError(f"bande « {value} » inconnue : 2.4 ou 5 (GHz)")
    return band


def _channel(value: str) -> int:
    known = [c for channels in CHANNELS.values() for c in channels]
    if not value.isdecimal() or int(value) not in known:
        raise SettingError(f"canal « {value} » impossible : 1 à 13 (2,4 GHz), ou 36, 40, 44, 48 (5 GHz)")
    return int(value)


def _security(value: str) -> str:
    security = value.lower()
    if security not in SECURITIES:
        raise SettingError(f"sécurité « {value} » inconnue : {', '.join(SECURITIES)}")
    return security


def _key(value: str) -> str:
    if not 8 <= len(value) <= 63:
        raise SettingError(f"la clé Wi-Fi doit faire de 8 à 63 caractères, celle-ci en fait {len(value)}")
    if not all(32 <= ord(c) <= 126 for c in value):
        raise SettingError("la clé Wi-Fi n’accepte que les caractères ASCII imprimables (sans accent)")
    return value


def _switch(value: str) -> bool:
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise SettingError(f"« {value} » : répondez oui ou non")


def _address(value: str) -> str:
    try:
        address = ipaddress.IPv4Address(value)
    except ValueError:
        raise SettingError(f"« {value} » n’est pas une adresse IPv4") from None
    if address.is_loopback or address.is_multicast or address.is_unspecified or address.is_reserved:
        raise SettingError(f"l’adresse {value} ne peut pas être celle d’un équipement")
    return str(address)


def _optional_address(value: str) -> str:
    return _address(value) if value and value != "-" else ""


def _prefix(value: str) -> int:
    length = value.removeprefix("/")
    if "." in length:  # a mask, as many people write it
        try:
            return ipaddress.IPv4Network(f"0.0.0.0/{length}").prefixlen
        except ValueError:
            raise SettingError(f"« {value} » n’est pas un masque") from None
    if not length.isdecimal() or not 8 <= int(length) <= 30:
        raise SettingError(f"préfixe « {value} » impossible : de 8 à 30")
    return int(length)


def _hostname(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", value):
        raise SettingError("le nom de l’équipement : 1 à 63 lettres, chiffres ou tirets, sans tiret au bord")
    return value


@dataclass(frozen=True)
class Setting:
    """One setting: what it is called, how a typed text becomes a value, what the factory put there."""

    label: str
    parse: Callable[[str], Any]
    factory: Any
    secret: bool = False


SETTINGS: dict[str, Setting] = {
    "wifi.enabled": Setting("Wi-Fi en service", _switch, True),
    "wifi.ssid": Setting("Nom du réseau (SSID)", _ssid, "NETBOX-5A3F"),
    "wifi.band": Setting("Bande (GHz)", _band, "2.4"),
    "wifi.channel": Setting("Canal", _channel, 6),
    "wifi.security": Setting("Sécurité", _security, "wpa2"),
    "wifi.key": Setting("Clé Wi-Fi", _key, "5a3f-kd7m-w2xq", secret=True),
    "wifi.hidden": Setting("SSID masqué", _switch, False),
    "wifi.isolation": Setting("Isolation des clients", _switch, False),
    "lan.address": Setting("Adresse IP", _address, "192.168.1.1"),
    "lan.prefix": Setting("Préfixe du masque", _prefix, 24),
    "lan.gateway": Setting("Passerelle", _optional_address, ""),
    "system.hostname": Setting("Nom de l’équipement", _hostname, "netbox"),
}
COUNTRY = "FR"
ADMIN = "admin"
PASSWORD_HASH = "admin.password_hash"  # the name of the setting  # noqa: S105
FACTORY_PASSWORD = "admin"  # noqa: S105


def factory() -> Config:
    """The settings of a device just out of its box (the password aside: the store hashes it)."""
    return {name: setting.factory for name, setting in SETTINGS.items()}


def change(config: Config, name: str, text: str) -> tuple[Config, list[str]]:
    """The configuration with one setting changed, and remarks for the person. Raises SettingError."""
    if name not in SETTINGS:
        raise SettingError(f"réglage « {name} » inconnu (tapez « help »)")
    changed = {**config, name: SETTINGS[name].parse(text)}
    remarks = []
    allowed = CHANNELS[changed["wifi.band"]]
    if name == "wifi.band" and changed["wifi.channel"] not in allowed:
        changed["wifi.channel"] = 6 if changed["wifi.band"] == "2.4" else 36
        remarks.append(f"canal mis à {changed['wifi.channel']} pour la bande {changed['wifi.band']} GHz")
    return changed, remarks


def faults(config: Config) -> list[str]:
    """Everything wrong with a whole configuration: each value, then values together."""
    found = []
    for name, setting in SETTINGS.items():
        try:
            setting.parse(shown(config[name]))
        except KeyError:
            found.append(f"{name} : réglage absent")
        except SettingError as error:
            found.append(f"{name} : {error}")
    if found:
        return found
    if config["wifi.channel"] not in CHANNELS[config["wifi.band"]]:
        found.append(
            f"wifi.channel : le canal {config['wifi.channel']} n’existe pas dans la bande {config['wifi.band']} GHz"
        )
    network = ipaddress.IPv4Interface(f"{config['lan.address']}/{config['lan.prefix']}").network
    address = ipaddress.IPv4Address(config["lan.address"])
    if address in (network.network_address, network.broadcast_address):
        found.append(f"lan.address : {address} est l’adresse du réseau ou de diffusion de {network}")
    gateway = config["lan.gateway"]
    if gateway and (ipaddress.IPv4Address(gateway) not in network or gateway == str(address)):
        found.append(f"lan.gateway : la passerelle {gateway} doit être un autre équipement du réseau {network}")
    return found


def shown(value: Any) -> str:
    """A value as the interfaces write it."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value)
