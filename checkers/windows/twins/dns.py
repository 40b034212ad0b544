"""The DNS server of Windows: what it answers on itself, and where it forwards.

It is asked as any DNS server is, by messages that are made and read here: PowerShell only carries them.
"""

from __future__ import annotations

import base64
from typing import Any, ClassVar, Literal

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from checkers.parsers.dig import MAX_RECORDS, Answer, Dig, Record, data, fqdn
from checkers.probe import Probe, Unreadable
from checkers.probes.dns import DnsForwarder, DnsLocal, ForwarderValue
from checkers.probes.dns_zones import DnsZone, DnsZones, DnsZonesValue
from checkers.windows.answer import number, rows, text, texts
from checkers.windows.twin import WindowsTwin
from labs.text import Text

_RUNNING = 4
_KINDS: dict[int, Literal["primary", "secondary", "stub", "forwarder"]] = {
    1: "primary",
    2: "secondary",
    3: "stub",
    4: "forwarder",
}
_UPDATES: dict[int, Literal["none", "any", "secure"]] = {0: "none", 1: "any", 2: "secure"}
_TRANSFERS: dict[int, Literal["any", "name-servers", "listed", "none"]] = {
    0: "any",
    1: "name-servers",
    2: "listed",
    3: "none",
}
_MESSAGE = 65_535


class DnsLocalTwin(WindowsTwin[Dig]):
    """The zone, the record, an alias: the very questions that are put to a Linux machine's server."""

    probe: ClassVar[type[Probe[Any]]] = DnsLocal
    script: ClassVar[str] = "dns-record"
    parameters: ClassVar[tuple[str, ...]] = ("Questions",)
    timeout_s: ClassVar[int | None] = 30

    def arguments(self, probe: DnsLocal) -> dict[str, Any]:
        return {"Questions": [base64.b64encode(_question(*one)).decode("ascii") for one in _asked(probe)]}

    def read(self, probe: DnsLocal, answer: Any) -> Dig:
        found: list[Answer] = []
        silences = []
        for (name, type_), one in zip(_asked(probe), rows(answer["answers"], 3), strict=True):
            silences.append(text(one["silence"]))
            if not silences[-1]:
                found.append(_answer(name, type_, text(one["answer"], _MESSAGE * 2)))
        if found:
            return Dig(answers=tuple(found))
        return Dig(silence="refused" if "refused" in silences else "timeout")


def _asked(probe: DnsLocal) -> list[tuple[str, str]]:
    alias = [(probe.fqdn, "A")] if probe.type == "CNAME" else []
    return [(probe.zone, "SOA"), (probe.fqdn, probe.type), *alias]


def _question(name: str, type_: str) -> bytes:
    # The same message for the same question, so that an observation's commands can be compared: nobody else listens.
    return dns.message.make_query(name, type_, flags=0, use_edns=0, payload=4096, id=1).to_wire()


def _answer(name: str, type_: str, packed: str) -> Answer:
    try:
        message = dns.message.from_wire(base64.b64decode(packed, validate=True), ignore_trailing=True)
    except (dns.exception.DNSException, ValueError) as error:
        raise Unreadable(Text("la réponse du serveur DNS est illisible", "the DNS answer cannot be read")) from error
    records = [
        Record(name=fqdn(set_.name.to_text()), type=kind, data=data(kind, item.to_text()))
        for set_ in message.answer
        for item in set_
        if (kind := dns.rdatatype.to_text(set_.rdtype))
    ]
    return Answer(
        name=fqdn(name),
        type=type_,
        status=dns.rcode.to_text(message.rcode()),
        authoritative=bool(message.flags & dns.flags.AA),
        records=tuple(records[:MAX_RECORDS]),
    )


class DnsForwarderTwin(WindowsTwin[ForwarderValue]):
    """Its forwarders, in order; without recursion it forwards nothing, whatever is in the list."""

    probe: ClassVar[type[Probe[Any]]] = DnsForwarder
    script: ClassVar[str] = "dns-forwarder"

    def read(self, probe: DnsForwarder, answer: Any) -> ForwarderValue:
        if answer["present"] is not True:
            return ForwarderValue(program="", forwarders=())
        return ForwarderValue(
            program="windows" if number(answer["status"]) == _RUNNING else "",
            forwarders=texts(answer["forwarders"], 50),
            off=answer["no_recursion"] is True,
        )


class DnsZonesTwin(WindowsTwin[DnsZonesValue]):
    """The zones by the server's own provider (MicrosoftDNS_Zone)."""

    probe: ClassVar[type[Probe[Any]]] = DnsZones
    script: ClassVar[str] = "dns-zones"

    def read(self, probe: DnsZones, answer: Any) -> DnsZonesValue:
        if answer["present"] is not True:
            return DnsZonesValue(present=False, running=False)
        if number(answer["status"]) != _RUNNING:
            return DnsZonesValue(present=True, running=False)
        return DnsZonesValue(
            present=True,
            running=True,
            zones=tuple(_zone(one) for one in rows(answer["zones"])),
            scavenging_hours=number(answer["scavenging"]),
        )


def _zone(one: Any) -> DnsZone:
    return DnsZone(
        name=text(one["name"]).rstrip(".").lower(),
        kind=_KINDS.get(number(one["type"]), "other"),
        in_directory=one["directory"] is True,
        reverse=one["reverse"] is True,
        updates=_UPDATES.get(number(one["update"]), "other"),
        masters=texts(one["masters"], 20),
        aging=one["aging"] is True,
        paused=one["paused"] is True,
        transfers=_TRANSFERS.get(number(one["transfer"]), "other"),
    )
