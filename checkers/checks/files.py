"""Checks about files: what one holds, and the POSIX rights on a path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import StringConstraints, field_validator

from checkers.check import Check, View
from checkers.checks.wording import OneOrMore, absent, compare
from checkers.expect import patterns
from checkers.parsers import posix_acl
from checkers.parsers.clean import clip
from checkers.probe import Question
from checkers.probes.files import AclEntry, FileContent, FileDigest, PathRights, PathRightsValue
from checkers.verdict import Finding, Tally, failed, passed
from labs.text import Text


class FileContentIs(Check):
    """A file holds these texts, matches these expressions (line by line), and holds none of the unwanted ones."""

    kind: ClassVar[str] = "file-content"
    about: ClassVar[Text] = Text("le fichier contient ce qui est demandé", "the file holds what is asked")

    on: str
    path: str
    contains: OneOrMore[str] = ()
    matches: OneOrMore[str] = ()
    absent: OneOrMore[str] = ()

    @field_validator("matches")
    @classmethod
    def _compile(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for expression in value:
            if (why := patterns.fault(expression)) is not None:
                raise ValueError(f"bad regular expression: {why}")
        return value

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, FileContent(path=self.path))]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, FileContent(path=self.path))
        if not found.present:
            return absent(Text(f"fichier {self.path}", f"file {self.path}"))
        tally = Tally()
        for text in self.contains:
            tally.expect(
                text in found.text,
                Text(f"{self.path} contient « {text} »", f"{self.path} holds “{text}”"),
                Text(f"{self.path} ne contient pas « {text} »", f"{self.path} does not hold “{text}”"),
            )
        lines = [line[:1000] for line in found.text.split("\n")[:2000]]
        for expression in self.matches:
            tally.expect(
                any(patterns.somewhere(expression, line) for line in lines),
                Text(f"{self.path} a une ligne « {expression} »", f"{self.path} has a line “{expression}”"),
                Text(f"{self.path} n'a pas de ligne « {expression} »", f"{self.path} has no line “{expression}”"),
            )
        for text in self.absent:
            tally.expect(
                text not in found.text,
                Text(f"{self.path} ne contient pas « {text} »", f"{self.path} does not hold “{text}”"),
                Text(f"{self.path} contient encore « {text} »", f"{self.path} still holds “{text}”"),
            )
        if not (self.contains or self.matches or self.absent):
            tally.expect(True, Text(f"le fichier {self.path} existe", f"file {self.path} exists"), Text("", ""))
        return tally.finding()


class FileDigestIs(Check):
    """A file is bit for bit the one that is expected, known by its SHA-256."""

    kind: ClassVar[str] = "file-digest"
    about: ClassVar[Text] = Text("le fichier est exactement celui attendu", "the file is exactly the one expected")

    on: str
    path: str
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, FileDigest(path=self.path))]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, FileDigest(path=self.path))
        if not found.present:
            return absent(Text(f"fichier {self.path}", f"file {self.path}"))
        if found.sha256 == self.sha256:
            return passed(Text(f"{self.path} est le fichier attendu", f"{self.path} is the file expected"))
        return failed(
            Text(
                f"{self.path} n'est pas le fichier attendu ({found.size} octets)",
                f"{self.path} is not the file expected ({found.size} bytes)",
            )
        )


class PosixRightsAre(Check):
    """Owner, group, mode and access list of a path.

    With an access list, the group digit that ``stat`` shows is the mask: the owning group's own effective rights are
    compared instead. An entry that gives someone more than the mode says is a fault, unless it is asked for.
    """

    kind: ClassVar[str] = "posix-rights"
    about: ClassVar[Text] = Text("propriétaire, groupe et droits d'un chemin", "owner, group and rights of a path")

    on: str
    path: str
    owner: str | None = None
    group: str | None = None
    mode: Annotated[str, StringConstraints(pattern=r"^[0-7]{3,4}$")] | None = None
    acl: tuple[str, ...] = ()

    @field_validator("acl")
    @classmethod
    def _read(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            posix_acl.read(entry)
        return value

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, PathRights(path=self.path))]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, PathRights(path=self.path))
        if not found.present:
            return absent(Text(f"chemin {self.path}", f"path {self.path}"))
        tally = Tally()
        if self.owner is not None:
            compare(tally, Text("propriétaire", "owner"), found.owner, self.owner, same_name(found.owner, self.owner))
        if self.group is not None:
            compare(tally, Text("groupe", "group"), found.group, self.group, same_name(found.group, self.group))
        if self.mode is not None:
            real, wanted = effective_mode(found), self.mode.zfill(4)
            compare(tally, Text("droits", "mode"), real, wanted, real == wanted, weight=2, required=True)
            self._judge_extras(tally, found)
        for text in self.acl:
            self._judge_entry(tally, found, posix_acl.read(text), text)
        if self.owner is None and self.group is None and self.mode is None and not self.acl:
            return failed(Text("ce contrôle n'attend rien", "this check expects nothing"))
        return tally.finding()

    def _judge_entry(self, tally: Tally, found: PathRightsValue, wanted: posix_acl.Entry, text: str) -> None:
        match = next(
            (
                entry
                for entry in found.acl
                if entry.default == wanted.default and entry.kind == wanted.kind and _is_for(entry, wanted.who, found)
            ),
            None,
        )
        rights = match.effective.replace("X", "x") if match is not None else ""
        compare(tally, Text(f"entrée {text}", f"entry {text}"), rights, wanted.rights, rights == wanted.rights)

    def _judge_extras(self, tally: Tally, found: PathRightsValue) -> None:
        """Named entries that nobody asked for and that grant more than what others have."""
        asked = [posix_acl.read(text) for text in self.acl]
        other = next((entry.effective for entry in found.acl if entry.kind == "other" and not entry.default), "---")
        extras = [
            entry
            for entry in found.acl
            if not entry.default
            and entry.kind in ("user", "group")
            and entry.who not in ("", "root", "0")
            and not same_name(entry.who, found.owner if entry.kind == "user" else found.group)
            and any(letter not in ("-", other[index]) for index, letter in enumerate(entry.effective))
            and not any(entry.kind == want.kind and same_name(entry.who, want.who) for want in asked)
        ]
        if extras:
            names = ", ".join(f"{entry.kind}:{clip(entry.who, 60)}:{entry.effective}" for entry in extras[:5])
            tally.expect(
                False,
                Text("", ""),
                Text(f"droits donnés en plus : {names}", f"rights given besides: {names}"),
                weight=2,
                required=True,
            )


def _is_for(entry: AclEntry, who: str, found: PathRightsValue) -> bool:
    """Whether an entry is about someone: by name, or as the owner or owning group of the path."""
    if entry.who:
        return same_name(entry.who, who)
    owner = {"user": found.owner, "group": found.group}.get(entry.kind, "")
    return who == "" or (not entry.default and same_name(owner, who))


def effective_mode(found: PathRightsValue) -> str:
    """The mode as four octal digits, the group's digit being what the owning group can really do."""
    group = next((e.effective for e in found.acl if e.kind == "group" and e.who == "" and not e.default), "")
    if len(group) != 3:
        return found.mode
    digit = 4 * (group[0] == "r") + 2 * (group[1] == "w") + (group[2] in "xs")
    return found.mode[:2] + str(digit) + found.mode[3]


def same_name(found: str, expected: str) -> bool:
    """Local names exactly; a domain's names without case, with or without ``DOMAIN\\``."""
    if found == expected:
        return True
    domain, backslash, name = found.rpartition("\\")
    if not backslash:
        return False
    wanted_domain, _, wanted = expected.rpartition("\\")
    return name.casefold() == wanted.casefold() and wanted_domain.casefold() in ("", domain.casefold())
