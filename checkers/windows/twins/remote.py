"""Remote desktop and known wireless networks of a Windows machine."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.parsers.clean import clip
from checkers.probe import Probe
from checkers.probes.remote_desktop import RemoteDesktop, RemoteDesktopValue
from checkers.probes.wifi_profiles import WifiProfile, WifiProfiles, WifiProfilesValue
from checkers.windows.answer import number, rows, text
from checkers.windows.twin import WindowsTwin

_UNSET = -1
_DISABLED = 4


class RemoteDesktopTwin(WindowsTwin[RemoteDesktopValue]):
    """fDenyTSConnections and UserAuthentication: what a policy says is what counts."""

    probe: ClassVar[type[Probe[Any]]] = RemoteDesktop
    script: ClassVar[str] = "remote-desktop"

    def read(self, probe: RemoteDesktop, answer: Any) -> RemoteDesktopValue:
        def force(name: str) -> int:
            policy = number(answer[f"policy_{name}"])
            return number(answer[name]) if policy == _UNSET else policy

        return RemoteDesktopValue(
            enabled=force("denied") == 0,
            nla=force("nla") == 1,
            policy=number(answer["policy_denied"]) != _UNSET,
            port=number(answer["port"]),
            listening=None if answer["listening"] is None else answer["listening"] is True,
            service=number(answer["start"]) != _DISABLED,
        )


class WifiProfilesTwin(WindowsTwin[WifiProfilesValue]):
    """The profiles of the WLAN service (WLANProfile schema)."""

    probe: ClassVar[type[Probe[Any]]] = WifiProfiles
    script: ClassVar[str] = "wifi-profiles"

    def read(self, probe: WifiProfiles, answer: Any) -> WifiProfilesValue:
        return WifiProfilesValue(
            service=answer["service"] is True,
            profiles=tuple(_profile(one) for one in rows(answer["profiles"], 100)),
        )


def _profile(found: Any) -> WifiProfile:
    return WifiProfile(
        name=text(found["name"]),
        ssid=_ssid(text(found["hex"]), text(found["ssid"])),
        security=text(found["authentication"], 40),
        cipher=text(found["encryption"], 40),
        automatic=text(found["mode"]).lower() == "auto",
        hidden=text(found["hidden"]).lower() == "true",
        enterprise=text(found["one_x"]).lower() == "true",
        key=found["has_key"] is True,
    )


def _ssid(octets: str, name: str) -> str:
    """The name of a network: its bytes, when they are given, are what counts."""
    try:
        return clip(bytes.fromhex(octets).decode("utf-8", "replace")) if octets else name
    except ValueError:
        return name
