"""What can be asked at a Cisco-like prompt."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from checkers.dialect import Twin, by_probe
from checkers.facts import Raw
from checkers.probe import Probe, Unreadable
from checkers.probes.awake import Awake, AwakeValue
from checkers.probes.device_output import LIMIT, DeviceOutput, DeviceOutputValue
from labs.text import Text

_UNITS = {"year": 365 * 86400, "week": 7 * 86400, "day": 86400, "hour": 3600, "minute": 60, "second": 1}
_SPAN = rf"[0-9]{{1,5}} (?:{'|'.join(_UNITS)})s?"
_UPTIME = re.compile(rf"^\S{{1,100}} uptime is ({_SPAN}(?:, {_SPAN})*)[ ]*$", re.MULTILINE)
_STARTING_S = 120
"""Seconds after which ports have come up: what is plugged in is let through after half a minute of listening."""
_NOT_KNOWN = re.compile(
    r"""(?ix) (?: \^ \s+ )?
    (?: Translating[ ]"[^\n]* \n (?: [^%\n]* \n ){0,9} \s* )?  # a word that it takes for the name of a host
    (?: % [ ]? (?: invalid | incomplete | ambiguous | unknown | unrecognized | bad ) \b
    | (?: % [ ]? )? (?: command[ ] )? authorization[ ]failed \b )"""
)
"""What begins the answer to a line that the device does not know, or that the account may not say."""


class AwakeTwin(Twin[AwakeValue]):
    """How long the device has been up."""

    probe: ClassVar[type[Probe[Any]]] = Awake

    def command(self, probe: Awake) -> str:
        return "show version"

    def parse(self, probe: Awake, raw: Raw) -> AwakeValue:
        match = _UPTIME.search(raw.stdout)
        if match is None:
            raise Unreadable(Text("l'état de l'appareil n'a pas pu être lu", "the device's state was not read"))
        parts = (part.split() for part in match[1].split(", "))
        up_s = sum(int(count) * _UNITS[unit.removesuffix("s")] for count, unit in parts)
        return AwakeValue(uptime_s=up_s, state="starting" if up_s < _STARTING_S else "")


class DeviceOutputTwin(Twin[DeviceOutputValue]):
    """What a command shows."""

    probe: ClassVar[type[Probe[Any]]] = DeviceOutput

    def command(self, probe: DeviceOutput) -> str:
        return probe.show

    def parse(self, probe: DeviceOutput, raw: Raw) -> DeviceOutputValue:
        if _NOT_KNOWN.match(raw.stdout.lstrip()):
            raise Unreadable(
                Text(
                    f"l'appareil ne connaît pas « {probe.show} », ou ne le permet pas à ce compte",
                    f"the device does not know “{probe.show}”, or does not let this account say it",
                )
            )
        if len(raw.stdout) > LIMIT:
            raise Unreadable(Text("l'appareil en dit trop", "the device says too much"))
        return DeviceOutputValue(lines=tuple(line.rstrip() for line in raw.stdout.splitlines()))


TWINS = by_probe([AwakeTwin(), DeviceOutputTwin()])
