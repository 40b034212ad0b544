"""Wireless networks that a Windows machine knows. Their keys stay on it."""

from __future__ import annotations

from typing import ClassVar

from checkers.probe import Foreign, Value
from labs.text import Text


class WifiProfile(Value):
    """One network. security, cipher: in the words of its profile (``WPA2PSK``, ``AES``). automatic: the machine joins
    it by itself. key: one is stored, whichever."""

    name: str
    ssid: str
    security: str
    cipher: str
    automatic: bool
    hidden: bool
    enterprise: bool
    key: bool


class WifiProfilesValue(Value):
    """service: the machine has the WLAN service."""

    service: bool
    profiles: tuple[WifiProfile, ...]


class WifiProfiles(Foreign[WifiProfilesValue]):
    """The wireless networks that the machine may join."""

    name: ClassVar[str] = "wifi-profiles"
    about: ClassVar[Text] = Text("réseaux Wi-Fi connus de Windows", "Wi-Fi networks that Windows knows")
    value: ClassVar[type[Value]] = WifiProfilesValue
