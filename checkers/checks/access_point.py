"""Checks about the access point as a device: its address and its administrator's password."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Interface
from typing import ClassVar

from checkers.check import Check, View
from checkers.checks._words import clause, listing
from checkers.probe import Question
from checkers.probes.access_point import AccessPoint, AccessPointAdmin
from checkers.probes.wifi import SecretName
from checkers.verdict import Finding, Tally
from labs.text import Text


class AccessPointAdminIs(Check):
    """The administrator's password is no longer the factory's; with ``password_secret`` it is the one given."""

    kind: ClassVar[str] = "ap-admin"
    about: ClassVar[Text] = Text("mot de passe administrateur de la borne", "administrator's password of the device")

    on: str
    password_secret: SecretName | None = None
    not_default: bool = True

    def _probe(self) -> AccessPointAdmin:
        return AccessPointAdmin(secret=self.password_secret)

    def questions(self) -> Sequence[Question]:
        return [Question(f"radio:{self.on}", self._probe())]

    def judge(self, view: View) -> Finding:
        found = view.see(f"radio:{self.on}", self._probe())
        tally = Tally()
        if self.not_default:
            where = [
                place
                for place, default in (
                    (Text("page web", "web page"), found.page_default),
                    (Text("console", "console"), found.console_default),
                )
                if default
            ]
            tally.expect(
                not where,
                Text("le mot de passe d'usine ne fonctionne plus", "the factory password no longer works"),
                clause(
                    "le mot de passe d'usine fonctionne encore ({w})",
                    "the factory password still works ({w})",
                    w=Text(", ".join(w.fr for w in where), ", ".join(w.en for w in where)),
                ),
                required=True,
            )
        if self.password_secret is not None:
            tally.expect(
                bool(found.page_expected) and bool(found.console_expected),
                Text("le mot de passe est celui du sujet", "the password is the one given"),
                Text("le mot de passe n'est pas celui du sujet", "the password is not the one given"),
            )
        return tally.finding()


class AccessPointAddressIs(Check):
    """The access point has this address (with prefix) and router, now and after a restart."""

    kind: ClassVar[str] = "ap-address"
    about: ClassVar[Text] = Text("adresse de la borne", "address of the access point")

    on: str
    address: IPv4Interface
    gateway: IPv4Address | None = None

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, AccessPoint())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, AccessPoint())
        now = found.lan
        saved = found.saved_lan or now
        tally = Tally()
        self._expect(
            tally, Text("adresse", "address"), now.addresses, saved.addresses, str(self.address), required=True
        )
        if self.gateway is not None:
            self._expect(tally, Text("passerelle", "router"), now.gateways, saved.gateways, str(self.gateway))
        return tally.finding()

    def _expect(
        self,
        tally: Tally,
        what: Text,
        now: Sequence[str],
        saved: Sequence[str],
        wanted: str,
        *,
        required: bool = False,
    ) -> None:
        """Count one value in service; and one that a restart would lose."""
        words = {"what": what, "found": listing(now), "wanted": wanted, "saved": listing(saved)}
        if wanted in saved:
            bad = clause(
                "{what} {wanted} enregistrée mais pas en service (« apply ») : trouvée {found}",
                "{what} {wanted} saved but not in service (“apply”): found {found}",
                **words,
            )
        else:
            bad = clause(
                "{what} trouvée {found}, attendue {wanted}", "{what} found {found}, expected {wanted}", **words
            )
        running = tally.expect(
            wanted in now, clause("{what} {found}", "{what} {found}", **words), bad, required=required
        )
        if running and wanted not in saved:
            lost = clause("au redémarrage de la borne, {what} {saved}", "after a restart, {what} {saved}", **words)
            tally.expect(False, lost, lost)
