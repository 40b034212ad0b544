"""Windows Update, in the terms of the check on automatic updates."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.probe import Probe
from checkers.probes.updates import Updates, UpdatesValue
from checkers.windows.answer import number, rows, text
from checkers.windows.twin import WindowsTwin

_DAY = 86400
_DISABLED = 4
_WORKSTATION = 1
_UNSET, _INSTALL = -1, 4
"""AUOptions: not set; download and install at a set time. All others wait for somebody."""


class UpdatesTwin(WindowsTwin[UpdatesValue]):
    """Without a policy a client installs by itself, and a server only downloads.

    Windows looks for updates every day; a policy may choose one day of the week to install them.
    """

    probe: ClassVar[type[Probe[Any]]] = Updates
    script: ClassVar[str] = "automatic-updates"

    def read(self, probe: Updates, answer: Any) -> UpdatesValue:
        options, day = number(answer["options"]), number(answer["scheduled_day"])
        installs = options == _INSTALL or (options == _UNSET and number(answer["product"]) == _WORKSTATION)
        own_server = number(answer["use_server"]) == 1 and bool(text(answer["server"]))
        off = 1 in (number(answer["no_auto_update"]), number(answer["no_access"])) or _paused(answer)
        return UpdatesValue(
            tool=True,
            enabled=not off,
            lists_s=_DAY,
            upgrade_s=(7 * _DAY if options == _INSTALL and 1 <= day <= 7 else _DAY) if installs else None,
            timers=tuple(
                text(one["name"], 40) for one in rows(answer["services"], 10) if number(one["start"]) != _DISABLED
            ),
            patterns=("origin=WSUS,suite=Windows" if own_server else "origin=Microsoft,suite=Windows",),
            system="windows",
        )


def _paused(answer: Any) -> bool:
    """Both moments are UTC in ISO 8601: as texts they are in the order of time."""
    return text(answer["paused_until"])[:19] > text(answer["now"])[:19]
