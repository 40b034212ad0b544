"""The check that a DHCP server really gives leases on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from checkers.check import Check, View
from checkers.checks._silence import awake, need_answer
from checkers.checks._words import clause, listing, span
from checkers.parsers.dhcp_config import domain
from checkers.parsers.dhcp_config import span as read_span
from checkers.probe import Question
from checkers.probes.lease import Lease, LeaseValue, Offer
from checkers.verdict import Finding, Tally, failed
from labs.text import Text


def _is_span(text: str) -> str:
    read_span(text)
    return text


SpanText = Annotated[str, AfterValidator(_is_span)]
"""``a-b``: first and last address."""


class DhcpOffer(Check):
    """A device on the wire really obtains a lease from the one server, with these properties.

    With ``mac`` the offer made to that device is looked at (a reservation), with no lease taken in its name.
    """

    kind: ClassVar[str] = "dhcp-offer"
    about: ClassVar[Text] = Text(
        "un bail DHCP est réellement obtenu depuis le réseau", "a DHCP lease is really obtained on the wire"
    )

    network: str
    server: str
    subnet: IPv4Network
    first: IPv4Address | None = None
    last: IPv4Address | None = None
    not_in: SpanText | None = None
    router: IPv4Address | None = None
    dns: IPv4Address | tuple[IPv4Address, ...] | None = None
    domain: str | None = None
    lease_seconds: int | None = None
    mac: str | None = None
    address: IPv4Address | None = None

    def _question(self) -> Question:
        return Question(f"wire:{self.network}", Lease(device=self.mac))

    def questions(self) -> Sequence[Question]:
        return [self._question(), awake(self.server)]

    def judge(self, view: View) -> Finding:
        found = view.see(self._question().at, Lease(device=self.mac))
        if not found.offers:
            need_answer(view, self.server, self.network)
            return failed(
                Text(
                    "aucun serveur DHCP ne répond sur le réseau (plusieurs demandes)",
                    "no DHCP server answers on the network (asked several times)",
                )
            )
        tally = Tally()
        self._served(tally, found)
        self._addressed(tally, found.ack or found.offers[0])
        self._told(tally, found.ack or found.offers[0])
        return tally.finding()

    def _served(self, tally: Tally, found: LeaseValue) -> None:
        servers = [f"{offer.server} ({offer.server_mac})" for offer in found.offers]
        tally.expect(
            len(found.offers) == 1,
            clause("un seul serveur répond : {s}", "one server answers: {s}", s=listing(servers)),
            clause(
                "{n} serveurs DHCP répondent sur le réseau : {s}",
                "{n} DHCP servers answer on the network: {s}",
                n=len(servers),
                s=listing(servers),
            ),
        )
        if self.mac is None:
            tally.expect(
                found.ack is not None,
                Text("bail obtenu", "lease obtained"),
                clause(
                    "adresse {a} proposée, mais le bail n'est pas accordé",
                    "address {a} offered, but the lease is not granted",
                    a=found.offers[0].address,
                ),
                required=True,
            )

    def _addressed(self, tally: Tally, offer: Offer) -> None:
        first = self.address or self.first or self.subnet[1]
        last = self.address or self.last or self.subnet[-2]
        words = {"found": offer.address, "wanted": span(first, last)}
        tally.expect(
            first <= offer.address <= last,
            clause("adresse {found}", "address {found}", **words),
            clause(
                "adresse obtenue {found}, attendue {wanted}", "address obtained {found}, expected {wanted}", **words
            ),
            required=True,
        )
        if self.not_in is not None:
            low, high = read_span(self.not_in)
            tally.expect(
                not low <= offer.address <= high,
                clause("hors de {range}", "outside {range}", range=span(low, high)),
                clause(
                    "adresse obtenue {found}, dans la plage exclue {range}",
                    "address obtained {found}, in the excluded range {range}",
                    found=offer.address,
                    range=span(low, high),
                ),
                required=True,
            )

    def _told(self, tally: Tally, offer: Offer) -> None:
        def same(what: Text, found: Sequence[object], wanted: Sequence[object]) -> None:
            words = {"what": what, "found": listing(found), "wanted": listing(wanted)}
            tally.expect(
                sorted(map(str, found)) == sorted(map(str, wanted)),
                clause("{what} {found}", "{what} {found}", **words),
                clause("{what} : {found}, attendu {wanted}", "{what}: {found}, expected {wanted}", **words),
            )

        mask = [offer.mask] if offer.mask else []
        same(Text("masque", "mask"), mask, [self.subnet.netmask])
        if self.router is not None:
            same(Text("passerelle", "router"), offer.routers, [self.router])
        if self.dns is not None:
            wanted = self.dns if isinstance(self.dns, tuple) else (self.dns,)
            same(Text("serveurs DNS", "name servers"), offer.dns, wanted)
        if self.domain is not None:
            same(Text("domaine", "domain"), [offer.domain] if offer.domain else [], [domain(self.domain)])
        if self.lease_seconds is not None:
            same(Text("durée du bail (s)", "lease time (s)"), [offer.lease_seconds], [self.lease_seconds])
