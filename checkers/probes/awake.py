"""Whether a machine is up and done starting: what a silence of one of its services must be read with."""

from __future__ import annotations

import re
from typing import ClassVar

from checkers.facts import Raw
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

YOUNG_S = 300
"""Seconds after which a machine has started, whatever its service manager still waits for."""


class AwakeValue(Value):
    """uptime_s: seconds since the machine started. state: what the service manager says while it is young, else ""."""

    uptime_s: int
    state: str

    @property
    def starting(self) -> bool:
        """Whether services may still be missing only because the machine has just started."""
        return self.state in ("initializing", "starting") and self.uptime_s < YOUNG_S


class Awake(Probe[AwakeValue]):
    """How long the machine has been up, and whether it is still starting its services."""

    name: ClassVar[str] = "awake"
    about: ClassVar[Text] = Text("machine démarrée et prête", "machine up and ready")
    value: ClassVar[type[Value]] = AwakeValue

    def command(self) -> str:
        return 'read -r up _ </proc/uptime; echo "up ${up%.*}"; systemctl is-system-running 2>/dev/null; echo end'

    def parse(self, raw: Raw) -> AwakeValue:
        match = re.fullmatch(r"up ([0-9]{1,9})\n(?:([a-z-]{1,40})\n)?end\n?", raw.stdout)
        if match is None:
            raise Unreadable(Text("l'état de la machine n'a pas pu être lu", "the machine's state was not read"))
        return AwakeValue(uptime_s=int(match[1]), state=match[2] or "")
