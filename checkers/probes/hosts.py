"""Who a machine says it is."""

from __future__ import annotations

from typing import ClassVar

from checkers.facts import Raw
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text


class HostNameValue(Value):
    """static: what survives a reboot (/etc/hostname). running: what the kernel answers now; None: not seen."""

    static: str
    running: str | None

    def not_seen(self) -> frozenset[str]:
        return frozenset({"running"} if self.running is None else ())


class HostName(Probe[HostNameValue]):
    """The host name, as configured and as running."""

    name: ClassVar[str] = "host-name"
    about: ClassVar[Text] = Text("nom d'hôte, configuré et en cours", "host name, configured and running")
    value: ClassVar[type[Value]] = HostNameValue

    def command(self) -> str:
        return "cat /etc/hostname; echo; uname -n"

    def parse(self, raw: Raw) -> HostNameValue:
        lines = [line.strip() for line in raw.stdout.splitlines() if line.strip() and not line.startswith("#")]
        if raw.exit_code != 0 or len(lines) not in (1, 2):
            raise Unreadable(Text("le nom d'hôte n'a pas pu être lu", "the host name could not be read"))
        return HostNameValue(static=lines[0] if len(lines) == 2 else "", running=lines[-1])
