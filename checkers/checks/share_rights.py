"""Checks about the rights on a shared folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from checkers.check import Check, Unseen, View
from checkers.checks._rights import Access, Rights
from checkers.checks.directory import NO_DIRECTORY
from checkers.checks.wording import absent
from checkers.parsers.clean import listed
from checkers.probe import Question
from checkers.probes.directory import Directory, Group, User
from checkers.probes.shares import FolderRights
from checkers.verdict import Finding, Tally, failed
from labs.text import Text

Wanted = Literal["read", "modify", "full"]

_WANTED = {
    "read": Text("lecture seule", "read only"),
    "modify": Text("modification", "modify"),
    "full": Text("contrôle total", "full control"),
}

_ELSEWHERE = Text(
    "l'annuaire n'est pas sur cette machine, membre d'un domaine : le sujet doit nommer le contrôleur (server)",
    "the directory is not on this machine, a member of a domain: the lab must name the controller (server)",
)
_LOCAL_GROUPS = Text(
    "des droits sont donnés à des groupes ou comptes que l'annuaire ne connaît pas (ceux du serveur de fichiers ?) : "
    "qui en est membre n'a pas été observé",
    "rights are given to groups or accounts that the directory does not know (the file server's own?): who is in them "
    "was not observed",
)


class ShareRightsAre(Check):
    """Groups have these rights on a folder, by Windows or POSIX access lists, directly or through a group they are in.

    allow: ``read`` (and no writing), ``modify`` (read, write, delete) or ``full`` by group, or by user. On Windows the
    shares that lead to the folder count too, the right must reach what others make inside, and who may only read may
    change nothing at all (folders, rights). server: the machine with the directory, where the file server is only a
    member. deny_others: nobody else gets in, but for administrators and the system.
    """

    kind: ClassVar[str] = "share-acl"
    about: ClassVar[Text] = Text("les droits effectifs sur un dossier partagé", "effective rights on a shared folder")

    on: str
    path: str
    allow: Annotated[dict[str, Wanted], Field(min_length=1)]
    server: str | None = None
    deny_others: bool = True

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, FolderRights(path=self.path)), Question(self.server or self.on, Directory())]

    def judge(self, view: View) -> Finding:
        folder = view.see(self.on, FolderRights(path=self.path))
        if not folder.present:
            return absent(Text(f"dossier {self.path}", f"folder {self.path}"))
        directory = view.see(self.server or self.on, Directory())
        if not directory.present:
            if self.server is None and folder.of_windows and directory.member is not False:
                raise Unseen(_ELSEWHERE)
            return failed(NO_DIRECTORY)
        rights = Rights(folder, directory)
        if self.server not in (None, self.on) and rights.strangers():
            raise Unseen(_LOCAL_GROUPS)
        tally = Tally()
        allowed: list[Group | User] = []
        held = 0
        for name, wanted in self.allow.items():
            entry = directory.group(name) or directory.user(name)
            if entry is None:
                tally.expect(
                    False,
                    Text("", ""),
                    Text(f"le groupe « {name} » n'existe pas", f"group “{name}” does not exist"),
                    weight=2,
                )
                continue
            allowed.append(entry)
            access = rights.access(rights.tokens(entry.sid))
            got, want = say(access), _WANTED[wanted]
            held += tally.expect(
                enough(access, wanted),
                Text(f"« {name} » : {got.fr}", f"“{name}”: {got.en}"),
                Text(f"« {name} » : {got.fr}, attendu : {want.fr}", f"“{name}”: {got.en}, expected: {want.en}"),
                weight=2,
            )
        if self.deny_others:
            names = rights.outsiders(allowed)
            fr = listed([name if name != "*" else "tous les utilisateurs" for name in names], 4)
            en = listed([name if name != "*" else "every user" for name in names], 4)
            tally.expect(
                not names,
                Text("personne d'autre n'y entre", "nobody else gets in"),
                Text(f"y entrent aussi : {fr}", f"these get in too: {en}"),
                weight=2,
            )
        # A folder closed to everyone is no achievement when nobody was let in.
        finding = tally.finding()
        return finding if held else failed(finding.reason)


def enough(access: Access, wanted: Wanted) -> bool:
    """Whether rights are those asked for. Full control is enough for ``modify``; ``read`` excludes writing."""
    if wanted == "read":
        return access.read and not access.changes
    if wanted == "modify":
        return access.read and access.write and access.delete
    return access.full


def say(access: Access) -> Text:
    """Rights in words."""
    if access.nothing:
        return Text("aucun droit", "no right")
    if access.full:
        return Text("lecture, écriture et suppression (contrôle total)", "read, write and delete (full control)")
    words = [
        (access.read, Text("lecture", "read")),
        (access.write, Text("écriture", "write")),
        (access.delete, Text("suppression", "delete")),
        (
            access.changes and not (access.write or access.delete),
            Text("quelques changements (dossiers, suppression, droits…)", "some changes (folders, deleting, rights…)"),
        ),
    ]
    can = [text for holds, text in words if holds] or [Text("un accès partiel", "some access")]
    limit = Text(" (moins dans ce qui y est créé)", " (less in what is made inside)") if access.narrow else Text("", "")
    return Text(", ".join(t.fr for t in can) + limit.fr, ", ".join(t.en for t in can) + limit.en)
