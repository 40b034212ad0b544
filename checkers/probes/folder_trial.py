"""What a user can really do in a folder, tried as that user with real files.

The trial happens in a mount namespace of its own: a layer of RAM lies over the folder, so that nothing is ever written
into it. The user's session is opened as a login does (groups, umask, profile), so that every way of giving rights
counts: modes, access lists, owners, groups, the umask. On Windows nothing can be tried as somebody without a password:
there the same is computed from the access lists and the groups.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from checkers.facts import Raw
from checkers.parsers import sections
from checkers.probe import Probe, Unreadable, Value
from checkers.witness.trial import trial_command
from labs.text import Text

_POSIX, _WINDOWS = r"/[A-Za-z0-9][A-Za-z0-9/_.-]{0,150}", r"[A-Za-z]:\\[^'\"<>|?*/`$\x00-\x1f]{0,150}"
Folder = Annotated[str, StringConstraints(pattern=rf"^({_POSIX}|{_WINDOWS})$")]
User = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9-]{1,15}\\)?[A-Za-z_][A-Za-z0-9_.-]{0,40}$")]


class FolderTrialValue(Value):
    """folder, account: they exist. enters: the user gets into the folder. reads: all in it, three levels deep, can be
    read; reads_some: one file at least. writes: a file could be made and removed. changes: all in it can be changed;
    changes_some: one thing in it at least. shared: the author could make a folder and files. reads_new, changes_new:
    the user could read them, could change them; none of the three without an author."""

    folder: bool
    account: bool
    enters: bool = False
    reads: bool = False
    reads_some: bool = False
    writes: bool = False
    changes: bool = False
    changes_some: bool = False
    shared: bool | None = None
    reads_new: bool | None = None
    changes_new: bool | None = None


class FolderTrial(Probe[FolderTrialValue]):
    """Tries to list, read, write and change in a folder as a user; with ``author``, what that one has just made too."""

    name: ClassVar[str] = "folder-trial"
    about: ClassVar[Text] = Text("accès réel d'une personne à un dossier", "real access of a person to a folder")
    value: ClassVar[type[Value]] = FolderTrialValue
    timeout_s: ClassVar[int] = 60

    path: Folder
    user: User
    author: User | None = None

    def command(self) -> str:
        names = {"FOLDER": self.path, "USER_": self.user, "AUTHOR": self.author or ""}
        return trial_command("folder", names)

    def parse(self, raw: Raw) -> FolderTrialValue:
        parts = sections.split(raw.stdout)
        if "no-folder" in parts or "no-user" in parts:
            return FolderTrialValue(folder="no-folder" not in parts, account="no-user" not in parts)
        said = dict(line.split(" ", 1) for line in parts.get("trial", "").split("\n") if line.count(" ") == 1)
        asked = _ALWAYS + (_SHARED if self.author is not None else ())
        if "end" not in parts or any(said.get(name) not in ("yes", "no") for name in asked):
            raise Unreadable(Text("l'essai d'accès n'a pas abouti", "the trial of access did not come to an end"))

        def maybe(name: str) -> bool | None:
            return said[name] == "yes" if self.author is not None else None

        return FolderTrialValue(
            folder=True,
            account=True,
            enters=said["enters"] == "yes",
            reads=said["reads"] == "yes",
            reads_some=said["reads-some"] == "yes",
            writes=said["writes"] == "yes",
            changes=said["changes"] == "yes",
            changes_some=said["changes-some"] == "yes",
            shared=maybe("shared"),
            reads_new=maybe("reads-new"),
            changes_new=maybe("changes-new"),
        )


_ALWAYS = ("enters", "reads", "reads-some", "writes", "changes", "changes-some")
_SHARED = ("shared", "reads-new", "changes-new")
