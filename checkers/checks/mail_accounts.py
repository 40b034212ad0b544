"""The check of an account in a workstation's mail program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from checkers.check import Check, View
from checkers.checks.wording import compare
from checkers.parsers.clean import fold, listed
from checkers.probe import Question
from checkers.probes.mail import Address, MailAccount, MailAccounts
from checkers.verdict import Finding, Tally, failed
from labs.text import Text

_NAMES = {"none": "aucun / none", "tls": "TLS", "starttls": "STARTTLS", "other": "?"}


class MailAccountIs(Check):
    """Claws Mail has an account for this address, which receives and sends as asked.

    protected: receiving and sending are encrypted, by TLS or by STARTTLS. port, send_port: the ports really used.
    """

    kind: ClassVar[str] = "mail-account"
    about: ClassVar[Text] = Text(
        "le compte est réglé dans le logiciel de messagerie", "the account is set up in the mail program"
    )

    on: str
    login: str | None = None
    address: Address
    user: str
    full_name: str | None = None
    host: str
    port: int = 993
    send_host: str
    send_port: int = 587
    protected: bool = True

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, MailAccounts())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, MailAccounts())
        mine = [a for a in found.accounts if fold(a.address) == fold(self.address)]
        mine = [a for a in mine if self.login is None or a.login == self.login]
        if not mine:
            names = listed([f"{a.address} ({a.login})" for a in found.accounts], 4) or "—"
            return failed(
                Text(
                    f"aucun compte « {self.address} » dans Claws Mail (comptes : {names})",
                    f"no account “{self.address}” in Claws Mail (accounts: {names})",
                )
            )
        tallies = [self._tally(account) for account in mine]
        return max((tally.finding() for tally in tallies), key=lambda finding: finding.score)

    def _tally(self, account: MailAccount) -> Tally:
        tally = Tally()
        one = compare
        one(tally, Text("type", "kind"), account.protocol, "imap", account.protocol == "imap", required=True)
        self._host(tally, Text("réception", "receiving"), account.server, account.port, self.host, self.port)
        self._host(
            tally, Text("envoi", "sending"), account.send_server, account.send_port, self.send_host, self.send_port
        )
        one(tally, Text("identifiant", "logon name"), account.user, self.user, fold(account.user) == fold(self.user))
        if self.full_name is not None:
            name = account.full_name
            one(tally, Text("nom", "name"), name, self.full_name, fold(name) == fold(self.full_name))
        if self.protected:
            for what, kind in (
                (Text("chiffrement de la réception", "encryption of receiving"), account.receive_tls),
                (Text("chiffrement de l'envoi", "encryption of sending"), account.send_tls),
            ):
                one(tally, what, _NAMES[kind], "TLS, STARTTLS", kind in ("tls", "starttls"))
        tally.expect(
            account.send_logon,
            Text("l'envoi s'identifie", "sending logs on"),
            Text("l'envoi ne s'identifie pas auprès du serveur", "sending does not log on to the server"),
        )
        return tally

    @staticmethod
    def _host(tally: Tally, what: Text, host: str, port: int, wanted: str, wanted_port: int) -> None:
        same = fold(host).rstrip(".") == fold(wanted).rstrip(".") and port == wanted_port
        compare(tally, what, f"{host}:{port}", f"{wanted}:{wanted_port}", same)
