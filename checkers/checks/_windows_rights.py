"""What somebody can do in a folder of Windows and in what others make there: the arithmetic behind ``share-acl``."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from checkers.parsers.security_descriptor import ADD, DELETE, DELETE_CHILD, FULL, LIST, granted
from checkers.probes.shares import NtEntry
from checkers.windows.access import ANY_CHANGE, Item, made_in

EVERY_LOGON = ("S-1-5-15", "S-1-18-1")
"""This Organization, and an identity that a controller asserted: every user of the domain carries them at a server."""
_SOMEBODY = ""
"""Another person than the one who is asked about: that they own what they make gives the first nothing."""


class Held(NamedTuple):
    """The rights on the folder itself, on a file and a folder that somebody makes in it, and on a file made in that."""

    top: int
    file: int
    folder: int
    deep: int

    def through(self, share: int) -> Held:
        """What is left through a share that gives these rights."""
        return Held(*(mask & share for mask in self))

    def all_have(self, right: int) -> bool:
        """Whether one has one of these rights everywhere."""
        return all(mask & right for mask in self)

    @property
    def reads(self) -> bool:
        return self.all_have(LIST)

    @property
    def writes(self) -> bool:
        return self.all_have(ADD)

    @property
    def deletes(self) -> bool:
        """What is in it; that the folder itself cannot be deleted is often wanted."""
        pairs = ((self.top, self.file), (self.top, self.folder), (self.folder, self.deep))
        return all(within & DELETE_CHILD or one & DELETE for within, one in pairs)

    @property
    def is_full(self) -> bool:
        return all(mask & FULL == FULL for mask in self)

    @property
    def changes_some(self) -> bool:
        return any(mask & ANY_CHANGE for mask in self)

    @property
    def reads_some(self) -> bool:
        return any(mask & LIST for mask in self)

    @property
    def is_narrow(self) -> bool:
        """Whether one has more in the folder than in what is made there."""
        return bool((self.top & LIST and not self.reads) or (self.top & ADD and not self.writes))


def held(entries: Sequence[NtEntry], token: Container[str]) -> Held:
    """The rights that a folder's list gives to who carries these identifiers."""
    top = Item(True, _SOMEBODY, tuple(entries))
    folder = made_in(top, _SOMEBODY, of_kind="folder")
    items = (top, made_in(top, _SOMEBODY, of_kind="file"), folder, made_in(folder, _SOMEBODY, of_kind="file"))
    return Held(*(granted(item.entries, token) for item in items))
