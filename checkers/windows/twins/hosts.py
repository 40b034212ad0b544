"""Who a Windows machine says it is."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.parsers.clean import clip
from checkers.probe import Probe
from checkers.probes.hosts import HostName, HostNameValue
from checkers.windows.twin import WindowsTwin


class HostNameTwin(WindowsTwin[HostNameValue]):
    """The name in use and the one after a restart; the host name may be longer than the fifteen letters of these."""

    probe: ClassVar[type[Probe[Any]]] = HostName
    script: ClassVar[str] = "host-name"

    def read(self, probe: HostName, answer: Any) -> HostNameValue:
        running, pending, host = (clip(str(answer[key] or "")) for key in ("running", "pending", "host_name"))
        # The long name belongs to the one that is coming when it begins like it.
        return HostNameValue(static=host if host[:15].lower() == pending.lower() else pending, running=running)
