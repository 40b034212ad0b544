"""Who a Linux machine says it is, by its disk."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.disk.plan import Found, Wanted
from checkers.disk.twin import DiskTwin, file_text
from checkers.parsers.clean import clip
from checkers.probe import Probe
from checkers.probes.hosts import HostName, HostNameValue

_FILE = "/etc/hostname"


class HostNameTwin(DiskTwin[HostNameValue]):
    """hostname(5): the first line that is no comment."""

    probe: ClassVar[type[Probe[Any]]] = HostName

    def wanted(self, probe: HostName) -> Wanted:
        return Wanted(files=(_FILE,))

    def read(self, probe: HostName, found: Found) -> HostNameValue:
        lines = (line.strip() for line in (file_text(found, _FILE) or "").splitlines())
        return HostNameValue(static=clip(next((line for line in lines if line and line[0] != "#"), "")), running=None)
