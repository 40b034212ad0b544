"""Who can do what in a folder with a Windows and a POSIX access list: the arithmetic behind ``share-acl``.

Samba checks the Windows list first (security.NTACL), then the kernel checks the POSIX one. A Windows list that does not
agree with the POSIX one any more is stale: Samba recognises it by a hash and goes by the POSIX list alone.
"""

from __future__ import annotations

from typing import NamedTuple

from checkers.checks._windows_rights import EVERY_LOGON, Held, held
from checkers.parsers import dn
from checkers.parsers.security_descriptor import (
    ADD,
    DELETE,
    DELETE_CHILD,
    FULL,
    LIST,
    granted,
)
from checkers.probes.directory import Computer, DirectoryValue, Group, User
from checkers.probes.shares import FolderRightsValue


class Access(NamedTuple):
    """What someone can do in a folder: list and read, add and change, delete, change the rights themselves.

    changes, enters: can change, or see or change, anything at all. narrow: less in what is made there than in the
    folder itself. On Windows the first four hold for what is made there, too.
    """

    read: bool
    write: bool
    delete: bool
    full: bool
    changes: bool
    enters: bool
    narrow: bool = False

    @property
    def nothing(self) -> bool:
        """Whether one does not get in at all."""
        return not self.enters


EVERYONE = ("S-1-1-0", "S-1-5-11", "S-1-5-2", "S-1-5-32-545")
"""Everyone, authenticated users, network users, BUILTIN\\Users: every user of the domain is in them."""

_BUILTIN_ADMINS = (
    "S-1-5-18",  # the system
    "S-1-5-32-544",  # administrators
    "S-1-5-32-549",  # server operators
    "S-1-5-32-551",  # backup operators
    "S-1-3-0",  # creator owner
    "S-1-3-1",  # creator group
    "S-1-3-4",  # owner rights
    "S-1-5-9",  # domain controllers
)
_DOMAIN_ADMINS = ("500", "502", "512", "516", "518", "519", "520")


class Rights:
    """The rights of a folder, with the directory that says who is who."""

    def __init__(self, folder: FolderRightsValue, directory: DirectoryValue) -> None:
        self._folder = folder
        self._directory = directory
        self._numbers: dict[int, str] = {identity.number: identity.sid for identity in folder.identities}
        # An RFC 2307 number in the directory goes before the one that the controller allotted.
        self._numbers |= {u.uid_number: u.sid for u in directory.users if u.uid_number is not None}
        self._numbers |= {g.gid_number: g.sid for g in directory.groups if g.gid_number is not None}
        entries: list[User | Group | Computer] = [*directory.users, *directory.groups, *directory.computers]
        self._by_sid = {entry.sid: entry for entry in entries}
        self._by_dn = {dn.normal(entry.dn): entry for entry in entries}
        self._parents: dict[str, set[str]] = {}
        for group in directory.groups:
            for member in group.members:
                entry = self._by_dn.get(dn.normal(member))
                if entry is not None:
                    self._parents.setdefault(entry.sid, set()).add(group.sid)
        self._domain_users = f"{directory.sid}-513"
        self._everyone = (*EVERYONE, *EVERY_LOGON) if folder.of_windows else EVERYONE

    def tokens(self, sid: str) -> set[str]:
        """Every identifier that a member of this group, or this user, carries."""
        found, waiting = {sid, self._domain_users, *self._everyone}, [sid, self._domain_users]
        while waiting:
            for parent in self._parents.get(waiting.pop(), ()):
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return found

    def access(self, tokens: set[str]) -> Access:
        """What someone with these identifiers can really do."""
        posix = self._posix(tokens)
        if self._folder.nt is None:
            return posix
        nt = self._nt(tokens)
        if self._folder.ignores_posix:
            return nt
        return nt if (nt.read, nt.write) == (posix.read, posix.write) else posix

    def _posix(self, tokens: set[str]) -> Access:
        entries = self._folder.posix
        matched = [
            entry.rights
            for entry in entries
            if entry.kind == "group"
            and self._numbers.get(self._folder.group if entry.id is None else entry.id) in tokens
        ]
        matched += [e.rights for e in entries if e.kind == "user" and e.id and self._numbers.get(e.id) in tokens]
        if not matched:
            matched = [entry.rights for entry in entries if entry.kind == "other"]
        # Without "x" a folder cannot be entered, whatever else is granted.
        usable = [rights for rights in matched if rights[2:3] in ("x", "s", "t")]
        reads, writes = any(r[0] == "r" for r in usable), any(r[1] == "w" for r in usable)
        return Access(reads, writes, writes, reads and writes, writes, reads or writes)

    def _nt(self, tokens: set[str]) -> Access:
        entries = self._folder.nt or ()
        if not self._folder.of_windows:
            return _access(granted(entries, tokens))
        inside = held(entries, tokens)
        if not self._folder.shares:
            return _windows_access(inside)
        # A share has a list of its own: what is left through the best way in.
        ways = [_windows_access(inside.through(granted(share.nt, tokens))) for share in self._folder.shares]
        return Access(*(any(can) for can in zip(*ways, strict=True)))

    def outsiders(self, allowed: list[Group | User]) -> list[str]:
        """Names of those who get in without being asked for: everyone, or a user or group that the lists name."""
        everyone = {self._domain_users, *self._everyone}
        names: list[str] = []
        if not self.access(everyone).nothing:
            names.append("*")
        asked = {entry.sid for entry in allowed}
        inside = self._people(asked)
        for sid in self._named():
            if sid in everyone or sid in asked or self._is_admin(sid) or sid not in self._by_sid:
                continue
            people = self._people({sid})
            if people and people <= inside:
                continue
            if not self.access(self.tokens(sid)).nothing:
                names.append(self._by_sid[sid].name)
        return names

    def strangers(self) -> set[str]:
        """Identifiers in the lists of Windows that are of no domain known here: accounts and groups of a machine. Its
        built-in groups, where it runs Windows, have the identifiers of those of the directory, and other members."""
        listed = [*(self._folder.nt or ()), *(entry for share in self._folder.shares for entry in share.nt)]
        named = {entry.sid for entry in listed}
        found = {sid for sid in named if sid.startswith("S-1-5-21-") and not sid.startswith(f"{self._directory.sid}-")}
        if self._folder.of_windows:
            found |= {sid for sid in named if sid.startswith("S-1-5-32-")} - {*EVERYONE, *_BUILTIN_ADMINS}
        return found

    def _named(self) -> list[str]:
        numbers = [self._folder.group, *(entry.id for entry in self._folder.posix if entry.id is not None)]
        sids = [self._numbers[number] for number in numbers if number in self._numbers]
        sids += [entry.sid for entry in self._folder.nt or () if entry.allow]
        return list(dict.fromkeys(sids))

    def _is_admin(self, sid: str) -> bool:
        head, _, rid = sid.rpartition("-")
        return sid in _BUILTIN_ADMINS or (head == self._directory.sid and rid in _DOMAIN_ADMINS)

    def _people(self, sids: set[str]) -> set[str]:
        """The users and computers among these and in these groups, at any depth."""
        found: set[str] = set()
        waiting, done = list(sids), set(sids)
        while waiting:
            entry = self._by_sid.get(waiting.pop())
            if isinstance(entry, User | Computer):
                found.add(entry.sid)
            elif entry is not None:
                for member in entry.members:
                    inner = self._by_dn.get(dn.normal(member))
                    if inner is not None and inner.sid not in done:
                        done.add(inner.sid)
                        waiting.append(inner.sid)
        return found


def _access(mask: int) -> Access:
    reads, writes = bool(mask & LIST), bool(mask & ADD)
    return Access(
        read=reads,
        write=writes,
        delete=bool(mask & (DELETE | DELETE_CHILD)),
        full=mask & FULL == FULL,
        changes=writes,
        enters=reads or writes,
    )


def _windows_access(mine: Held) -> Access:
    return Access(
        read=mine.reads,
        write=mine.writes,
        delete=mine.deletes,
        full=mine.is_full,
        changes=mine.changes_some,
        enters=mine.reads_some or mine.changes_some,
        narrow=mine.is_narrow,
    )
