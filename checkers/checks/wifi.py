"""Checks about a wireless network: as it is set, and as it is heard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from checkers.check import Check, Unseen, View
from checkers.checks._air import TWICE, not_heard
from checkers.checks._silence import awake, need_awake
from checkers.checks._words import clause, listing, quoted
from checkers.checks.wording import OneOrMore
from checkers.parsers.wifi import Band, Security
from checkers.probe import Question
from checkers.probes.access_point import AccessPoint, AccessPointValue, Network, Wireless
from checkers.probes.wifi import Air, AirValue, Heard, SecretName, Ssid
from checkers.secrets import token
from checkers.verdict import Finding, Tally, failed
from labs.text import Text

Securities = OneOrMore[Security]
"""The accepted securities; one alone needs no list."""

BandName = Annotated[
    Band,
    BeforeValidator(
        lambda given: f"{given:g}" if isinstance(given, int | float) else given,
        json_schema_input_type=Band | Annotated[float, Field(json_schema_extra={"enum": [2.4, 5, 6]})],
    ),
]
"""A band, as text or as a number."""


def _yes(value: bool) -> Text:
    return Text("oui", "yes") if value else Text("non", "no")


def _band(value: Band) -> Text:
    return Text(f"{value.replace('.', ',')} GHz", f"{value} GHz")


def expect_radio(
    tally: Tally,
    found: Network | Heard,
    *,
    band: Band | None,
    channel: int | None,
    security: Securities | None,
    hidden: bool | None,
) -> None:
    """Count what settings and air have in common."""
    for what, value, wanted, holds in (
        (Text("bande", "band"), _band(found.band), _band(band or ""), band in (None, found.band)),
        (Text("canal", "channel"), found.channel, channel, channel in (None, found.channel)),
        (Text("sécurité", "security"), found.security, listing(security or ()),
         security is None or found.security in security),
        (Text("nom masqué", "hidden name"), _yes(found.hidden), _yes(bool(hidden)), hidden in (None, found.hidden)),
    ):  # fmt: skip
        if wanted is None:
            continue
        words = {"what": what, "found": value, "wanted": wanted}
        tally.expect(
            holds,
            clause("{what} : {found}", "{what}: {found}", **words),
            clause("{what} : {found}, attendu {wanted}", "{what}: {found}, expected {wanted}", **words),
        )


_STRENGTH: Sequence[Security] = ("open", "wep", "wpa", "wpa2", "wpa2-wpa3", "wpa3")
"""The weakest first; of ``other`` nobody knows."""


def _is_easier(found: Security, accepted: Securities) -> bool:
    if found in accepted:
        return False
    if "other" in (found, *accepted):
        return True
    return _STRENGTH.index(found) < min(map(_STRENGTH.index, accepted))


def easier_way_in(tally: Tally, other: Network | Heard, security: Securities | None) -> None:
    """Count another network of the device's, of the same name, when it is secured less than any that is accepted."""
    if security and _is_easier(other.security, security):
        words = {"band": _band(other.band), "found": other.security}
        why = clause(
            "un autre réseau du même nom ({band}) a la sécurité {found}",
            "another network of the same name ({band}) has security {found}",
            **words,
        )
        tally.expect(False, why, why)


class WifiNetwork(Check):
    """The access point is set as asked, and runs with it. ``security``: every accepted one."""

    kind: ClassVar[str] = "wifi-network"
    about: ClassVar[Text] = Text("réglage du réseau sans fil sur la borne", "wireless settings on the access point")

    on: str
    ssid: Ssid
    band: BandName | None = None
    channel: int | None = None
    security: Securities | None = None
    key_secret: SecretName | None = None
    hidden: bool | None = None
    isolation: bool | None = None

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, AccessPoint()), awake(self.on)]

    def judge(self, view: View) -> Finding:
        device = view.see(self.on, AccessPoint())
        found = self._meant(device)
        waits = Text("des changements attendent d'être enregistrés", "changes wait to be saved")
        if found.running is None:
            need_awake(view, self.on)
            right = found.saved is not None and found.saved.on_air and not self._tally(found.saved).bad
            return failed(
                Text(
                    "le Wi-Fi de la borne n'est pas en service" + (" (réglages enregistrés justes)" if right else ""),
                    "the access point's Wi-Fi is not in service" + (" (saved settings are right)" if right else ""),
                )
            )
        tally = self._tally(found.running)
        self._same_name(device, found, tally)
        if tally.bad and "wireless" in device.pending:
            tally.bad.append(waits)
        if found.saved is not None and found.saved != found.running:
            saved = self._tally(found.saved)
            off = Text("Wi-Fi désactivé", "Wi-Fi turned off")
            if not found.saved.on_air:
                saved.expect(False, off, off)
            if tally.bad and not saved.bad:
                tally.bad.append(
                    Text(
                        "les réglages enregistrés sont justes, mais n'ont pas été mis en service (« apply »)",
                        "the saved settings are right, but were not put into service (“apply”)",
                    )
                )
            elif saved.bad and not tally.bad:
                why = saved.finding().reason
                tally.expect(
                    False, why, clause("au redémarrage de la borne : {why}", "after a restart: {why}", why=why)
                )
        return tally.finding()

    def _meant(self, device: AccessPointValue) -> Wireless:
        """The network that this is about: of those of that name the one on the air, and that fits best."""
        wanted = self.ssid.encode().hex()

        def how_well(one: Wireless) -> tuple[bool, bool, int]:
            told = one.running or one.saved
            named = told is not None and told.ssid == wanted
            return not named, one.running is None, len(self._tally(told).bad) if told is not None else 0

        return min(device.wireless, key=how_well)

    def _same_name(self, device: AccessPointValue, found: Wireless, tally: Tally) -> None:
        """Another network of the same name must not be an easier way in."""
        for other in (one.running for one in device.wireless if one is not found):
            if other is not None and found.running is not None and other.ssid == found.running.ssid:
                easier_way_in(tally, other, self.security)

    def _tally(self, network: Network) -> Tally:
        tally = Tally()
        words = {"found": quoted(network.name), "wanted": quoted(self.ssid)}
        tally.expect(
            network.ssid == self.ssid.encode().hex(),
            clause("réseau {found}", "network {found}", **words),
            clause(
                "nom du réseau trouvé {found}, attendu {wanted}",
                "network name found {found}, expected {wanted}",
                **words,
            ),
            required=True,
        )
        expect_radio(
            tally, network, band=self.band, channel=self.channel, security=self.security, hidden=self.hidden
        )  # fmt: skip
        if self.key_secret is not None:
            tally.expect(
                network.key == token(self.key_secret),
                Text("clé attendue", "expected key"),
                Text("la clé Wi-Fi n'est pas celle du sujet", "the Wi-Fi key is not the one given")
                if network.key
                else Text("aucune clé Wi-Fi", "no Wi-Fi key"),
            )
        if self.isolation is not None:
            words = {"found": _yes(network.isolation), "wanted": _yes(self.isolation)}
            tally.expect(
                network.isolation is self.isolation,
                clause("isolation des clients : {found}", "client isolation: {found}", **words),
                clause(
                    "isolation des clients : {found}, attendu {wanted}",
                    "client isolation: {found}, expected {wanted}",
                    **words,
                ),
            )
        return tally


class WifiAir(Check):
    """The network is on the air as asked, heard by a station that shares nothing else with the access point."""

    kind: ClassVar[str] = "wifi-air"
    about: ClassVar[Text] = Text("réseau sans fil entendu par un témoin", "wireless network heard by a witness")

    on: str
    ssid: Ssid
    band: BandName | None = None
    channel: int | None = None
    security: Securities | None = None
    hidden: bool | None = None

    def questions(self) -> Sequence[Question]:
        return [Question(f"radio:{self.on}", Air(ssid=self.ssid)), Question(self.on, AccessPoint()), awake(self.on)]

    def judge(self, view: View) -> Finding:
        found = view.see(f"radio:{self.on}", Air(ssid=self.ssid))
        mine = self._mine(found)
        if not mine:
            return not_heard(view, self.on, self.ssid, found)
        if found.listened and len({one.bssid for one in mine}) < len(mine):  # of a real device
            raise Unseen(TWICE)
        best = min(mine, key=lambda one: len(self._tally(one).bad))
        tally = self._tally(best)
        for other in (one for one in mine if one is not best):
            easier_way_in(tally, other, self.security)
        return tally.finding()

    def _mine(self, found: AirValue) -> list[Heard]:
        """The device's networks of that name. One that hides its name answers to it, and is in the beacons without one.
        Raises Unseen where one has only answered: its beacon was missed, and nobody knows whether it names itself."""
        wanted = self.ssid.encode().hex()
        plain, answered = (
            [one for one in some if one.own and one.ssid == wanted] for some in (found.heard, found.asked)
        )
        nameless = {one.bssid for one in found.heard if one.hidden}
        hidden = [one.model_copy(update={"hidden": True}) for one in answered if one.bssid in nameless]
        known = plain + [one for one in hidden if one.bssid not in {other.bssid for other in plain}]
        if not known and answered and self.hidden is not None:
            raise Unseen(
                Text(
                    "le réseau répond à son nom, mais son annonce n'a pas été entendue : on ne sait pas s'il le masque",
                    "the network answers to its name, but its beacon was not heard: nobody knows whether it hides it",
                )
            )
        return known or answered

    def _tally(self, heard: Heard) -> Tally:
        tally = Tally()
        tally.expect(True, clause("réseau {n} entendu", "network {n} heard", n=quoted(heard.name)), Text("", ""))
        expect_radio(tally, heard, band=self.band, channel=self.channel, security=self.security, hidden=self.hidden)
        return tally
