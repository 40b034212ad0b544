"""Checks about what people can really do in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from checkers.check import Check, View
from checkers.checks.wording import absent
from checkers.probe import Question
from checkers.probes.folder_trial import Folder, FolderTrial, FolderTrialValue, User
from checkers.verdict import Finding, Tally, failed
from labs.text import Text, tr


class FolderAccessIs(Check):
    """A person can really write in a folder, can only read it, or is denied, tried with real files as that person.

    write: reads and changes what is there, and makes files. read: reads all and changes nothing. denied: nothing.
    new: looked at is what ``author``, another person, has just made there, which the first can change (write) or only
    read (read). One trial serves both looks where user and author are the same.
    """

    kind: ClassVar[str] = "folder-access"
    about: ClassVar[Text] = Text(
        "ce qu'une personne peut vraiment faire dans un dossier", "what a person can do in a folder"
    )

    on: str
    path: Folder
    user: User
    expect: Literal["write", "read", "denied"]
    author: User | None = None
    new: bool = False

    @model_validator(mode="after")
    def _somebody_makes_it(self) -> Self:
        if self.new and (self.author is None or self.expect == "denied"):
            raise ValueError(
                tr("« new » demande « author », et write ou read", "“new” needs “author”, and write or read")
            )
        return self

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, FolderTrial(path=self.path, user=self.user, author=self.author))]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, FolderTrial(path=self.path, user=self.user, author=self.author))
        if not found.folder:
            return absent(Text(f"dossier {self.path}", f"folder {self.path}"))
        if not found.account:
            names = f"{self.user}{f', {self.author}' if self.author else ''}"
            return failed(Text(f"compte introuvable : {names}", f"no such account: {names}"))
        tally = Tally()
        if self.new:
            self._judge_new(tally, found)
        elif self.expect == "denied":
            for can, what in (
                (found.enters, Text("entrer dans le dossier", "enter the folder")),
                (found.reads_some, Text("lire des fichiers", "read files")),
                (found.writes or found.changes_some, Text("écrire", "write")),
            ):
                self._cannot(tally, can, what)
        else:
            self._can(tally, found.reads, Text("tout lire", "read everything"))
            if self.expect == "write":
                self._can(tally, found.writes, Text("créer un fichier", "make a file"))
                self._can(tally, found.changes, Text("modifier tout ce qui s'y trouve", "change all that is there"))
            else:
                self._cannot(tally, found.writes or found.changes_some, Text("écrire", "write"))
        return tally.finding()

    def _judge_new(self, tally: Tally, found: FolderTrialValue) -> None:
        tally.expect(
            found.shared is True,
            Text(f"{self.author} crée des fichiers", f"{self.author} makes files"),
            Text(f"{self.author} ne peut pas créer de fichier", f"{self.author} cannot make files"),
            required=True,
        )
        self._can(
            tally, found.reads_new is True, Text(f"lire ce que {self.author} crée", f"read what {self.author} makes")
        )
        change = Text(f"modifier ce que {self.author} crée", f"change what {self.author} makes")
        if self.expect == "write":
            self._can(tally, found.changes_new is True, change)
        else:
            self._cannot(tally, found.changes_new is True, change)

    def _can(self, tally: Tally, can: bool, what: Text) -> None:
        tally.expect(
            can,
            Text(f"{self.user} peut {what.fr}", f"{self.user} can {what.en}"),
            Text(f"{self.user} ne peut pas {what.fr}", f"{self.user} cannot {what.en}"),
            required=True,
        )

    def _cannot(self, tally: Tally, can: bool, what: Text) -> None:
        tally.expect(
            not can,
            Text(f"{self.user} ne peut pas {what.fr}", f"{self.user} cannot {what.en}"),
            Text(f"{self.user} peut {what.fr}", f"{self.user} can {what.en}"),
            required=True,
        )
