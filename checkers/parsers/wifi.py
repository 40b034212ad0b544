"""Words of 802.11: names of networks, channels and securities, from hostapd, iw and wpa_supplicant."""

from __future__ import annotations

import re
from typing import Literal

Security = Literal["open", "wep", "wpa", "wpa2", "wpa3", "wpa2-wpa3", "other"]
Band = Literal["2.4", "5", "6", ""]

_ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|([\\\"nrte]))")
_SIMPLE = {b"\\": b"\\", b'"': b'"', b"n": b"\n", b"r": b"\r", b"t": b"\t", b"e": b"\x1b"}


def ssid(text: str) -> bytes:
    """The bytes of a network's name printed by iw or wpa_supplicant (``\\xNN``, ``\\\\``)."""

    def one(match: re.Match[bytes]) -> bytes:
        return bytes([int(match[1], 16)]) if match[1] else _SIMPLE[match[2]]

    return _ESCAPE.sub(one, text.encode())


def name(raw: bytes) -> str:
    """A network's name for people: UTF-8 where it is, ``\\xNN`` where not, and where a space could not be seen."""
    text = raw.decode("utf-8", "backslashreplace")
    if text != text.strip():
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        text = "\\x20" * start + text[start:end] + "\\x20" * (len(text) - max(start, end))
    return text


def channel(frequency: int) -> tuple[Band, int]:
    """Band and channel of a centre frequency in MHz (IEEE 802.11, 17.3.8.4 and annex E); ("", 0) when unknown."""
    if frequency == 2484:
        return "2.4", 14
    if 2412 <= frequency <= 2472:
        return "2.4", (frequency - 2407) // 5
    if 5160 <= frequency <= 5885:
        return "5", (frequency - 5000) // 5
    if 5955 <= frequency <= 7115:
        return "6", (frequency - 5950) // 5
    return "", 0


def security(suites: str, *, protected: bool) -> Security:
    """The security of key management suites, as iw (``PSK SAE``) or hostapd (``WPA-PSK SAE``) writes them."""
    words = set(suites.upper().replace("FT/", "FT-").split())
    psk = any("PSK" in word for word in words)
    sae = any("SAE" in word for word in words)
    if psk or sae:
        return "wpa2-wpa3" if psk and sae else "wpa2" if psk else "wpa3"
    if words:
        return "other"
    return "wep" if protected else "open"
