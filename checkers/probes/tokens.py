"""Who an account of a directory is to an access list: itself, and every group that it is in, by whatever groups."""

from __future__ import annotations

from checkers.parsers import dn
from checkers.probes.directory import Computer, DirectoryValue, Group, User

EVERYBODY = ("S-1-1-0", "S-1-5-11")
"""Everyone, authenticated users: every account of the domain is in them."""

Entry = User | Group | Computer


class Tokens:
    """The accounts and groups of one directory."""

    def __init__(self, found: DirectoryValue) -> None:
        self._of: dict[dn.Dn, list[Group]] = {}
        self._primary = {group.sid: group for group in found.groups}
        self._domain = found.sid
        self._everybodys: list[Group] = []
        for group in found.groups:
            for member in group.members:
                self._of.setdefault(dn.normal(member), []).append(group)
                if dn.leaf(member) in EVERYBODY:  # a foreign security principal
                    self._everybodys.append(group)

    def carried(self, entry: Entry) -> list[Entry]:
        """An account with the groups that it is in; of a group, itself with those that it is in."""
        waiting: list[Entry] = [entry, *self._everybodys]
        if not isinstance(entry, Group) and (primary := self._primary.get(f"{self._domain}-{entry.primary_group}")):
            waiting.append(primary)
        seen: dict[str, Entry] = {}
        while waiting:
            one = waiting.pop()
            if one.sid not in seen:
                seen[one.sid] = one
                waiting += self._of.get(dn.normal(one.dn), [])
        return list(seen.values())
