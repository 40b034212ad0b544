"""Who an OpenWrt device says it is, and how long it has been up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from checkers.dialect import Twin
from checkers.facts import Raw
from checkers.openwrt import uci
from checkers.parsers import parts
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable
from checkers.probes.awake import Awake, AwakeValue
from checkers.probes.hosts import HostName, HostNameValue
from labs.text import Text

STARTED_S = 90
"""Seconds after which the radios of a small device are in service: its ``procd`` says nothing of the whole."""


class AwakeTwin(Twin[AwakeValue]):
    """How long the device has been up."""

    probe: ClassVar[type[Probe[Any]]] = Awake

    def command(self, probe: Awake) -> str:
        return 'read -r up _ </proc/uptime; echo "up ${up%.*}"'

    def parse(self, probe: Awake, raw: Raw) -> AwakeValue:
        match = re.fullmatch(r"up ([0-9]{1,9})\n", raw.stdout)
        if match is None:
            raise Unreadable(Text("l'état de l'appareil n'a pas pu être lu", "the device's state was not read"))
        return awake(int(match[1]))


def awake(up_s: int) -> AwakeValue:
    """The value of a device that has been up for so many seconds."""
    return AwakeValue(uptime_s=up_s, state="starting" if up_s < STARTED_S else "")


class HostNameTwin(Twin[HostNameValue]):
    """The host name, as saved and in use."""

    probe: ClassVar[type[Probe[Any]]] = HostName

    def command(self, probe: HostName) -> str:
        return f"{parts.SHELL}\ns running; cat /proc/sys/kernel/hostname\ns saved; cat /etc/config/system\ns end"

    def parse(self, probe: HostName, raw: Raw) -> HostNameValue:
        found = parts.parts(raw.stdout)
        if "end" not in found or not found["running"].strip():
            raise Unreadable(Text("le nom de l'appareil n'a pas pu être lu", "the device's name could not be read"))
        return named(found["running"].strip(), uci.sections(found["saved"]))


def named(running: str, sections: Sequence[uci.Section]) -> HostNameValue:
    """The value of a name in use and the sections of ``/etc/config/system``."""
    saved = next((one.get("hostname") for one in sections if one.kind == "system"), "")
    return HostNameValue(static=clip(saved or "OpenWrt"), running=clip(running))
