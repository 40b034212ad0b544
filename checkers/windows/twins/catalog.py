"""Every twin of a probe on Windows, under the class of the probe."""

from __future__ import annotations

from typing import Any, cast

from checkers.dialect import by_probe
from checkers.probe import Probe
from checkers.windows.twin import WindowsTwin
from checkers.windows.twins import hosts

_ALL: tuple[WindowsTwin[Any], ...] = (hosts.HostNameTwin(),)

TWINS = cast(dict[type[Probe[Any]], WindowsTwin[Any]], by_probe(_ALL))
