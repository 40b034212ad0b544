"""A DHCP lease really obtained on a bench's wire."""

from __future__ import annotations

import hashlib
from ipaddress import IPv4Address
from typing import ClassVar

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers.dhcp_config import domain, mac
from checkers.parsers.loose_json import load
from checkers.probe import Probe, Unreadable, Value, Vantage
from checkers.witness import INTERFACE, program
from labs.text import Text


class Offer(Value):
    """What one server offered."""

    address: IPv4Address
    server: str
    server_mac: str
    mask: str | None = None
    routers: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()
    domain: str | None = None
    lease_seconds: int | None = None


class LeaseValue(Value):
    """offers: one per server that answered, first come first. ack: the lease that was taken (and given back).

    nak: the server took its offer back. Without ``ack`` on purpose when another device's address was asked for.
    """

    offers: tuple[Offer, ...] = Field(default=(), max_length=16)
    ack: Offer | None = None
    nak: bool = False


class Lease(Probe[LeaseValue]):
    """A lease asked for from the wire by a new device, or the offer that a given device would get."""

    name: ClassVar[str] = "dhcp-offer"
    about: ClassVar[Text] = Text("bail DHCP obtenu sur le réseau", "DHCP lease obtained on the wire")
    vantage: ClassVar[Vantage] = "wire"
    value: ClassVar[type[Value]] = LeaseValue
    timeout_s: ClassVar[int] = 25

    device: str | None = None
    """Hardware address on whose behalf to ask; None for a device that nobody knows."""

    def command(self) -> str:
        # A hardware address of its own for each question (locally administered): they are asked side by side.
        own = "02:e0:" + hashlib.sha256(str(self.device).encode()).digest()[:4].hex(":")
        return program("lease", INTERFACE, own, *(["--for", mac(self.device)] if self.device else []))

    def parse(self, raw: Raw) -> LeaseValue:
        if raw.exit_code != 0:
            raise Unreadable(
                Text("le témoin n'a pas pu demander de bail DHCP", "the witness could not ask for a DHCP lease")
            )
        found = LeaseValue.model_validate(load(raw.stdout))
        ack = _clean(found.ack) if found.ack else None
        return found.model_copy(update={"offers": tuple(_clean(offer) for offer in found.offers), "ack": ack})


def _clean(offer: Offer) -> Offer:
    return offer.model_copy(update={"domain": domain(offer.domain[:255]) if offer.domain else None})
