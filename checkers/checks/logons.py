"""Checks that a user's password is taken by the domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from checkers.check import Check, View
from checkers.probe import Question
from checkers.probes.smb_access import SmbAccess
from checkers.verdict import Finding, failed, passed
from labs.text import Text

_MUST_CHANGE = ("NT_STATUS_PASSWORD_MUST_CHANGE", "NT_STATUS_PASSWORD_EXPIRED")


class LogonIs(Check):
    """The domain takes a user's password, tried from the wire; or takes it once, to be changed at once.

    Each trial with a wrong password counts towards the lock-out of the account: ask it for few accounts.
    """

    kind: ClassVar[str] = "domain-logon"
    about: ClassVar[Text] = Text("le domaine accepte le mot de passe", "the domain takes the password")

    network: str
    server: str
    server_address: str
    user: str
    password_secret: str
    must_change: bool = False

    def _probe(self) -> SmbAccess:
        """``netlogon`` is on every domain controller, and every user of the domain may read it ([MS-NRPC] 1.3)."""
        return SmbAccess(
            server_address=self.server_address, share="netlogon", user=self.user, password_secret=self.password_secret
        )

    def questions(self) -> Sequence[Question]:
        return [Question(f"wire:{self.network}", self._probe())]

    def judge(self, view: View) -> Finding:
        found = view.see(f"wire:{self.network}", self._probe())
        who, who_en = f"« {self.user} »", f"“{self.user}”"
        if found.stage in ("silent", "refused"):
            view.need_link(self.server, self.network)
            return failed(
                Text(
                    f"le serveur {self.server_address} ne répond pas ({found.status})",
                    f"server {self.server_address} does not answer ({found.status})",
                )
            )
        to_change = found.stage == "logon" and found.status in _MUST_CHANGE
        if found.stage == "logon" and not to_change:
            return failed(
                Text(
                    f"l'ouverture de session de {who} est refusée ({found.status})",
                    f"the logon of {who_en} is refused ({found.status})",
                )
            )
        said = (
            Text(f"{who} doit changer de mot de passe à la connexion", f"{who_en} must change the password at logon")
            if to_change
            else Text(f"{who} ouvre une session", f"{who_en} logs on")
        )
        if to_change == self.must_change:
            return passed(said)
        wanted = (
            Text("mot de passe à changer à la connexion", "password to be changed at logon")
            if self.must_change
            else Text("ouverture de session sans rien changer", "a logon without changing anything")
        )
        return failed(Text(f"{said.fr}, attendu : {wanted.fr}", f"{said.en}, expected: {wanted.en}"))
