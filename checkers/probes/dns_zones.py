"""The zones of a machine's DNS server, and what becomes of the records in them."""

from __future__ import annotations

from typing import ClassVar, Literal

from checkers.probe import Foreign, Value
from labs.text import Text


class DnsZone(Value):
    """A zone. name: without its last dot. kind: ``forwarder``: a conditional one. in_directory: the directory keeps it.

    updates: who may register a name. masters: whom a secondary or stub zone copies, or who is asked. aging: old records
    are removed, if the server scavenges. transfers: who may copy the whole of it.
    """

    name: str
    kind: Literal["primary", "secondary", "stub", "forwarder", "other"]
    in_directory: bool
    reverse: bool
    updates: Literal["none", "any", "secure", "other"]
    masters: tuple[str, ...]
    aging: bool
    paused: bool
    transfers: Literal["any", "name-servers", "listed", "none", "other"]


class DnsZonesValue(Value):
    """present: there is a DNS server. running: it runs; one that is stopped does not say which zones it has.
    scavenging_hours: how often it removes old records, 0 for never."""

    present: bool
    running: bool
    zones: tuple[DnsZone, ...] = ()
    scavenging_hours: int = 0

    def not_seen(self) -> frozenset[str]:
        return frozenset({"zones", "scavenging_hours"} if self.present and not self.running else ())


class DnsZones(Foreign[DnsZonesValue]):
    """The zones that the machine's DNS server holds, with conditional forwarders; those that every server has are left
    out."""

    name: ClassVar[str] = "dns-zones"
    about: ClassVar[Text] = Text("zones du serveur DNS", "zones of the DNS server")
    value: ClassVar[type[Value]] = DnsZonesValue
    timeout_s: ClassVar[int] = 20
