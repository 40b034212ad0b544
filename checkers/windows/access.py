"""What somebody may do with files and folders of Windows, from access lists and group memberships.

Sources: MS-DTYP 2.5.3 (access checks and the lists of what is made inside), learn.microsoft.com "Security identifiers".
Traverse checking is bypassed, as the rights of users have it by default: the folders above say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from checkers.parsers.security_descriptor import (
    ADD,
    APPEND,
    CHANGE_RIGHTS,
    DELETE,
    DELETE_CHILD,
    FILES_INHERIT,
    FOLDERS_INHERIT,
    FULL,
    INHERIT_ONLY,
    LIST,
    NO_FURTHER,
    TAKE,
    granted,
)
from checkers.probes.shares import NtEntry

READ, WRITE = LIST, ADD
"""A file's reading and writing have the bits of a folder's listing and adding."""
ANY_CHANGE = ADD | APPEND | DELETE | DELETE_CHILD | CHANGE_RIGHTS | TAKE
_EVERYONE, _AUTHENTICATED, _LOCAL_ACCOUNT, _GUEST = "S-1-1-0", "S-1-5-11", "S-1-5-113", "501"
_AT_THE_CONSOLE = ("S-1-5-4", "S-1-2-0", "S-1-2-1", "S-1-5-15")
"""INTERACTIVE, LOCAL, CONSOLE LOGON, This Organization."""
_CREATOR, _OWNER_RIGHTS, _SYSTEM = "S-1-3-0", "S-1-3-4", "S-1-5-18"


@dataclass(frozen=True)
class Account:
    """Somebody, with the groups that the directory knows; local: an account of this computer."""

    sid: str
    local: bool
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """A file or folder, with its owner and its access list."""

    folder: bool
    owner: str
    entries: tuple[NtEntry, ...]

    def lets(self, held: frozenset[str], right: int) -> bool:
        """Whether who carries these identifiers has one of these rights."""
        return bool(granted(self.entries, held | {_OWNER_RIGHTS} if self.owner in held else held) & right)


def token(account: Account, groups: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Every identifier that somebody carries who is logged on at the machine; groups: those of this computer, with
    their members. An administrator is one: that Windows asks them before is no limit to what they may do."""
    held = {account.sid, *account.groups, _EVERYONE, *_AT_THE_CONSOLE}
    if account.sid.rpartition("-")[2] != _GUEST:
        held.add(_AUTHENTICATED)
    if account.local:
        held.add(_LOCAL_ACCOUNT)
    # A computer's groups are not members of one another.
    return frozenset(held | {sid for sid, members in groups.items() if held & set(members)})


def made_in(folder: Item, creator: str, *, of_kind: Literal["file", "folder"]) -> Item:
    """What somebody makes in a folder: its list is what it inherits; without any, that of a new token."""
    entries: list[NtEntry] = []
    for entry in folder.entries:
        if of_kind == "file":
            if entry.flags & FILES_INHERIT:
                entries.append(_entry(entry, 0, creator))
            continue
        further = 0 if entry.flags & NO_FURTHER else entry.flags & (FILES_INHERIT | FOLDERS_INHERIT)
        for_it, of_creator = entry.flags & FOLDERS_INHERIT, entry.sid == _CREATOR
        if for_it:
            entries.append(_entry(entry, 0 if of_creator else further, creator))
        if further and (not for_it or of_creator):
            entries.append(_entry(entry, further | INHERIT_ONLY, entry.sid))
    new = [NtEntry(allow=True, flags=0, mask=FULL, sid=sid) for sid in (creator, _SYSTEM)]
    return Item(of_kind == "folder", creator, tuple(entries or new))


def _entry(entry: NtEntry, flags: int, creator: str) -> NtEntry:
    return entry.model_copy(update={"flags": flags, "sid": creator if entry.sid == _CREATOR else entry.sid})
