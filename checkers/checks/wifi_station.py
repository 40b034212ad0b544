"""Checks about a wireless network as a station lives it."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import ClassVar

from checkers.check import Check, Unseen, View
from checkers.checks._air import TWICE, not_heard
from checkers.checks._silence import awake, need_answer
from checkers.checks._words import clause, listing, quoted
from checkers.checks.wifi import Securities
from checkers.parsers import wifi
from checkers.probe import Question
from checkers.probes.access_point import AccessPoint
from checkers.probes.wifi import Isolation, SecretName, Ssid, Station
from checkers.verdict import Finding, Tally, failed
from labs.text import Text

WHY = {
    "wrong key": Text("clé refusée", "key refused"),
    "refused by the access point": Text("refusée par la borne", "refused by the access point"),
    "network not found": Text("réseau introuvable", "network not found"),
}
NOT_HEARD = "not heard"
"""Of a real device: nothing of that name comes from its radios. Only its own word can tell why (``_air``)."""
UNSURE = {
    "heard twice": TWICE,
    "another security": Text(
        "le réseau de ce nom n'a pas une sécurité à essayer avec cette clé",
        "the network's security is none to try this key on",
    ),
}


class WifiAssociates(Check):
    """A station really joins the network with the key, and is given an address.

    subnet, router: what the lease must say. network, server: the lab network of the DHCP server and its machine, so
    that a missing lease can be told from a cut; without them a missing lease concludes nothing.
    """

    kind: ClassVar[str] = "wifi-associates"
    about: ClassVar[Text] = Text(
        "un appareil se connecte réellement au Wi-Fi", "a device really connects to the wireless network"
    )

    on: str
    ssid: Ssid
    key_secret: SecretName | None = None
    security: Securities | None = None
    subnet: IPv4Network | None = None
    router: IPv4Address | None = None
    network: str | None = None
    server: str | None = None

    def _probe(self) -> Station:
        return Station(ssid=self.ssid, secret=self.key_secret, dhcp=bool(self.subnet or self.router))

    def questions(self) -> Sequence[Question]:
        asked = [Question(f"radio:{self.on}", self._probe()), *([awake(self.server)] if self.server else [])]
        return [*asked, Question(self.on, AccessPoint()), awake(self.on)]

    def judge(self, view: View) -> Finding:
        found = view.see(f"radio:{self.on}", self._probe())
        if not found.associated:
            if found.why == NOT_HEARD:
                return not_heard(view, self.on, self.ssid)
            return failed(
                clause(
                    "un appareil ne peut pas se connecter à {ssid} avec la clé du sujet : {why}",
                    "a device cannot connect to {ssid} with the given key: {why}",
                    ssid=quoted(self.ssid),
                    why=known_reason(found.why),
                )
            )
        tally = Tally()
        words = {"ssid": quoted(self.ssid), "suite": found.suite or "—"}
        tally.expect(
            True, clause("connecté à {ssid} ({suite})", "connected to {ssid} ({suite})", **words), Text("", "")
        )
        if self.security is not None:
            used = wifi.security("" if found.suite == "NONE" else found.suite, protected=False)
            # A station chooses the better of a mixed network: what it chose must be part of what is accepted.
            tally.expect(
                used in self.security or (used in ("wpa2", "wpa3") and "wpa2-wpa3" in self.security),
                clause("sécurité {suite}", "security {suite}", **words),
                clause(
                    "sécurité {suite}, attendu {w}", "security {suite}, expected {w}", w=listing(self.security), **words
                ),
            )
        if self.subnet is not None or self.router is not None:
            self._addressed(view, tally, found.lease is True, found.address, found.router)
        return tally.finding()

    def _addressed(self, view: View, tally: Tally, lease: bool, address: str, routers: Sequence[str]) -> None:
        if not lease:
            if self.network is None or self.server is None:
                raise Unseen(
                    Text(
                        "connecté, mais aucune adresse reçue, et le sujet ne dit pas de quel réseau elle devait venir",
                        "connected, but no address came, and the lab does not say from which network it should have",
                    )
                )
            view.need_link(self.on, self.network)
            need_answer(view, self.server, self.network)
        words = {"found": address or "—", "wanted": self.subnet}
        if self.subnet is not None:
            tally.expect(
                lease and IPv4Address(address) in self.subnet,
                clause("adresse reçue {found}", "address received {found}", **words),
                clause(
                    "adresse reçue {found}, attendue dans {wanted}",
                    "address received {found}, expected in {wanted}",
                    **words,
                )
                if lease
                else Text("connecté, mais aucune adresse reçue", "connected, but no address received"),
            )
        if self.router is not None and lease:
            tally.expect(
                str(self.router) in routers,
                clause("passerelle {r}", "router {r}", r=listing(routers)),
                clause("passerelle {r}, attendue {w}", "router {r}, expected {w}", r=listing(routers), w=self.router),
            )


def known_reason(why: str) -> Text:
    """The reason of a refusal for people. Raises Unseen when the witness could not tell: that concludes nothing."""
    if why not in WHY:
        raise Unseen(
            UNSURE.get(why.partition(":")[0])
            or Text(
                "le témoin radio n'a pas pu se connecter à temps, sans qu'on sache pourquoi",
                "the radio witness could not connect in time, for a reason unknown",
            )
        )
    return WHY[why]


class WifiIsolation(Check):
    """Two stations on the network cannot (or can) reach each other."""

    kind: ClassVar[str] = "wifi-isolation"
    about: ClassVar[Text] = Text("isolation réelle entre appareils du Wi-Fi", "real isolation between wireless devices")

    on: str
    ssid: Ssid
    key_secret: SecretName | None = None
    isolated: bool = True

    def _probe(self) -> Isolation:
        return Isolation(ssid=self.ssid, secret=self.key_secret)

    def questions(self) -> Sequence[Question]:
        return [Question(f"radio:{self.on}", self._probe()), Question(self.on, AccessPoint()), awake(self.on)]

    def judge(self, view: View) -> Finding:
        found = view.see(f"radio:{self.on}", self._probe())
        if found.reach == "unknown":
            outside = next((why for why in found.stations if why != "associated"), "")
            if outside == NOT_HEARD:
                return not_heard(view, self.on, self.ssid)
            return failed(
                clause(
                    "les deux appareils témoins ne peuvent pas se connecter à {ssid} : {why}",
                    "the two witness devices cannot connect to {ssid}: {why}",
                    ssid=quoted(self.ssid),
                    why=known_reason(outside),
                )
            )
        tally = Tally()
        apart = Text("deux appareils connectés ne se joignent pas", "two connected devices do not reach each other")
        joined = Text("deux appareils connectés se joignent", "two connected devices reach each other")
        good, bad = (apart, joined) if self.isolated else (joined, apart)
        tally.expect((found.reach == "no") is self.isolated, good, bad)
        return tally.finding()
