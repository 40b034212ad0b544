"""What a person can do in a folder of Windows, computed: nobody can be logged on without their password."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.parsers.security_descriptor import ADD, APPEND, DELETE, DELETE_CHILD, LIST
from checkers.probe import Probe, Unreadable
from checkers.probes.folder_trial import FolderTrial, FolderTrialValue
from checkers.probes.shares import entries
from checkers.windows.access import ANY_CHANGE, READ, WRITE, Account, Item, made_in, token
from checkers.windows.answer import rows, text, texts
from checkers.windows.twin import WindowsTwin
from checkers.windows.twins.shares import descriptor
from labs.text import Text

_MAX = 2100


class FolderTrialTwin(WindowsTwin[FolderTrialValue]):
    """Access lists of the folder and of what is in it, three levels deep, for who is logged on at the machine."""

    probe: ClassVar[type[Probe[Any]]] = FolderTrial
    script: ClassVar[str] = "folder-trial"
    parameters: ClassVar[tuple[str, ...]] = ("Path", "User", "Author")

    def arguments(self, probe: FolderTrial) -> dict[str, Any]:
        return {"Path": probe.path, "User": probe.user, "Author": probe.author or ""}

    def read(self, probe: FolderTrial, answer: Any) -> FolderTrialValue:
        if answer["folder"] is not True:
            return FolderTrialValue(folder=False, account=True)
        if answer["user"] is None or (probe.author and answer["author"] is None):
            return FolderTrialValue(folder=True, account=False)
        if answer["more"] is not False:
            raise Unreadable(
                Text(
                    "le dossier contient trop de fichiers pour être examiné",
                    "the folder holds too many files to look at",
                )
            )
        lists = [_item(one) for one in rows(answer["lists"], _MAX)]
        top, inside = lists[0], lists[1:]
        groups = {text(one["sid"]): texts(one["members"], _MAX) for one in rows(answer["groups"])}
        user = _account(answer["user"])
        held = token(user, groups)
        new = made_in(top, user.sid, of_kind="file")
        found = FolderTrialValue(
            folder=True,
            account=True,
            enters=top.lets(held, LIST),
            reads=all(one.lets(held, READ) for one in lists),
            reads_some=any(one.lets(held, READ) for one in inside if not one.folder),
            writes=top.lets(held, ADD) and (top.lets(held, DELETE_CHILD) or new.lets(held, DELETE)),
            changes=all(one.lets(held, WRITE) for one in lists),
            changes_some=any(one.lets(held, ANY_CHANGE) for one in lists),
        )
        if not probe.author:
            return found
        author = _account(answer["author"])
        return found.model_copy(update=_shared(top, held, author, token(author, groups)))


def _shared(top: Item, held: frozenset[str], author: Account, makes: frozenset[str]) -> dict[str, bool]:
    """What the user may do with a file that the author has just made, and with a folder and a file in it."""
    file, folder = made_in(top, author.sid, of_kind="file"), made_in(top, author.sid, of_kind="folder")
    deep = made_in(folder, author.sid, of_kind="file")
    return {
        "shared": top.lets(makes, ADD) and top.lets(makes, APPEND) and folder.lets(makes, ADD),
        "reads_new": file.lets(held, READ) and deep.lets(held, READ),
        "changes_new": file.lets(held, WRITE) and deep.lets(held, WRITE) and folder.lets(held, ADD),
    }


def _item(found: Any) -> Item:
    listed = descriptor(found["rights"])
    return Item(found["folder"] is True, listed.owner, entries(listed))


def _account(found: Any) -> Account:
    return Account(sid=text(found["sid"]), local=found["local"] is True, groups=texts(found["groups"], _MAX))
