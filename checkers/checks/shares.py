"""Checks about file shares: their definition, and what a user of the network can really do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from checkers.check import Check, Unseen, View
from checkers.checks.wording import compare, yes_no
from checkers.parsers import folders
from checkers.parsers.clean import fold, listed
from checkers.probe import Question
from checkers.probes.shares import Shares
from checkers.probes.smb_access import SmbAccess, SmbAccessValue
from checkers.verdict import Finding, Tally, failed, passed
from labs.text import Text


class ShareIs(Check):
    """A share exists, serves a folder that exists, and has these options. Its name is compared without case."""

    kind: ClassVar[str] = "smb-share"
    about: ClassVar[Text] = Text("le partage est déclaré comme demandé", "the share is declared as asked")

    on: str
    share: str
    path: str
    read_only: bool | None = None
    browseable: bool | None = None
    guest: bool | None = None

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Shares())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Shares())
        share = next((s for s in found.shares if fold(s.name) == fold(self.share)), None)
        if share is None:
            names = listed([s.name for s in found.shares], 6) or "—"
            return failed(
                Text(
                    f"partage « {self.share} » introuvable (partages : {names})",
                    f"share “{self.share}” not found (shares: {names})",
                )
            )
        tally = Tally()
        path = folders.plain(share.path)
        compare(
            tally,
            Text("dossier partagé", "shared folder"),
            share.path if "\\" in share.path else path,
            self.path,
            path == folders.plain(self.path),
            required=True,
        )
        tally.expect(
            share.available and share.folder,
            Text("le dossier existe", "the folder exists"),
            Text("le partage est désactivé", "the share is switched off")
            if not share.available
            else Text(f"le dossier {share.path} n'existe pas", f"folder {share.path} does not exist"),
            required=True,
        )
        # A share that is read-only but for a list of writers is open to writing.
        read_only = share.read_only and not share.write_list
        for what, value, wanted in (
            (Text("lecture seule", "read only"), read_only, self.read_only),
            (Text("visible dans le réseau", "browseable"), share.browseable, self.browseable),
            (Text("accès anonyme", "guest access"), share.guest, self.guest),
        ):
            if wanted is not None:
                got, want = yes_no(value), yes_no(wanted)
                tally.expect(
                    value == wanted,
                    Text(f"{what.fr} : {got.fr}", f"{what.en}: {got.en}"),
                    Text(f"{what.fr} : {got.fr}, attendu {want.fr}", f"{what.en}: {got.en}, expected {want.en}"),
                )
        return tally.finding()


class ShareGives(Check):
    """A user logs on to a share from the wire and can write, can only read, or is denied.

    ``denied`` needs a good logon and an existing share: a wrong password or a missing share proves nothing.
    """

    kind: ClassVar[str] = "share-access"
    about: ClassVar[Text] = Text("un utilisateur accède (ou non) au partage", "a user gets (or not) into the share")

    network: str
    server: str
    server_address: str
    share: str
    user: str
    password_secret: str
    expect: Literal["write", "read", "denied"]

    def _probe(self) -> SmbAccess:
        return SmbAccess(
            server_address=self.server_address,
            share=self.share,
            user=self.user,
            password_secret=self.password_secret,
        )

    def questions(self) -> Sequence[Question]:
        return [Question(f"wire:{self.network}", self._probe())]

    def judge(self, view: View) -> Finding:
        found = view.see(f"wire:{self.network}", self._probe())
        if found.stage == "silent":
            view.need_link(self.server, self.network)
            return failed(
                Text(
                    f"le serveur {self.server_address} ne répond pas au partage de fichiers ({found.status})",
                    f"server {self.server_address} does not answer file sharing ({found.status})",
                )
            )
        if found.stage == "refused":
            return failed(
                Text(
                    f"le serveur {self.server_address} refuse la connexion : le service de partage ne tourne pas",
                    f"server {self.server_address} refuses the connection: the sharing service does not run",
                )
            )
        if found.stage == "logon":
            return self._logon(found.status)
        return self._inside(found)

    def _logon(self, status: str) -> Finding:
        if status in ("NT_STATUS_PASSWORD_MUST_CHANGE", "NT_STATUS_PASSWORD_EXPIRED"):
            raise Unseen(
                Text(
                    f"« {self.user} » doit d'abord changer de mot de passe : l'accès n'a pas pu être essayé",
                    f"“{self.user}” must change the password first: access could not be tried",
                )
            )
        return failed(
            Text(
                f"l'ouverture de session de « {self.user} » est refusée ({status})",
                f"the logon of “{self.user}” is refused ({status})",
            )
        )

    def _inside(self, found: SmbAccessValue) -> Finding:
        user, share = f"« {self.user} »", f"« {self.share} »"
        user_en, share_en = f"“{self.user}”", f"“{self.share}”"
        if found.stage == "share" and found.status != "NT_STATUS_ACCESS_DENIED":
            return failed(
                Text(
                    f"le partage {share} n'existe pas ou n'est pas servi ({found.status})",
                    f"share {share_en} does not exist or is not served ({found.status})",
                )
            )
        got = _level(found)
        words = {
            "write": Text("lit et écrit", "reads and writes"),
            "read": Text("lit sans pouvoir écrire", "reads but cannot write"),
            "drop": Text("écrit sans pouvoir lire", "writes but cannot read"),
            "keep": Text("écrit sans pouvoir supprimer", "writes but cannot delete"),
            "denied": Text("n'entre pas", "does not get in"),
        }
        said = Text(f"{user} {words[got].fr} dans le partage {share}", f"{user_en} {words[got].en} in share {share_en}")
        if got == self.expect:
            return passed(said)
        want = words[self.expect]
        return failed(Text(f"{said.fr}, attendu : {want.fr}", f"{said.en}, expected: {want.en}"))


def _level(found: SmbAccessValue) -> str:
    if found.stage != "inside" or not (found.read or found.write):
        return "denied"
    if not found.write:
        return "read"
    if not found.read:
        return "drop"
    return "write" if found.delete else "keep"
