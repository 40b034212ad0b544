"""Checks about groups of a directory."""

from __future__ import annotations

from typing import ClassVar, Literal

from checkers.checks.directory import DirectoryCheck, judge_place
from checkers.checks.wording import absent
from checkers.parsers import dn
from checkers.parsers.clean import clip, fold, listed
from checkers.probes.directory import Computer, DirectoryValue, Group, User
from checkers.verdict import Finding, Tally
from labs.text import Text

GLOBAL, DOMAIN_LOCAL, UNIVERSAL, SECURITY = 0x2, 0x4, 0x8, 0x80000000
"""Bits of groupType (MS-ADTS 2.2.12)."""

_SCOPES = {
    "global": (GLOBAL, Text("globale", "global")),
    "domain-local": (DOMAIN_LOCAL, Text("domaine local", "domain local")),
    "universal": (UNIVERSAL, Text("universelle", "universal")),
}


class GroupIs(DirectoryCheck):
    """A security group exists with its scope and its members.

    members: logon names of users, names of groups or computers. at_least: more members are allowed. nested: members of
    member groups count, at any depth.
    """

    kind: ClassVar[str] = "ad-group"
    about: ClassVar[Text] = Text("le groupe existe, avec ses membres", "the group exists, with its members")

    name: str
    ou: str | None = None
    scope: Literal["global", "domain-local", "universal"] | None = None
    members: tuple[str, ...] | None = None
    at_least: bool = False
    nested: bool = False

    def judge_directory(self, found: DirectoryValue) -> Finding:
        group = found.group(self.name)
        if group is None:
            return absent(Text(f"groupe « {self.name} »", f"group “{self.name}”"))
        tally = Tally()
        tally.expect(
            bool(group.type & SECURITY),
            Text("groupe de sécurité", "security group"),
            Text(
                "groupe de distribution, attendu un groupe de sécurité", "distribution group, expected a security one"
            ),
        )
        if self.ou is not None:
            judge_place(tally, found, group.dn, self.ou)
        if self.scope is not None:
            bit, wanted = _SCOPES[self.scope]
            got = next((text for mask, text in _SCOPES.values() if group.type & mask), Text("inconnue", "unknown"))
            tally.expect(
                bool(group.type & bit),
                Text(f"étendue {got.fr}", f"scope {got.en}"),
                Text(f"étendue {got.fr}, attendue {wanted.fr}", f"scope {got.en}, expected {wanted.en}"),
            )
        if self.members is not None:
            self._judge_members(tally, found, group, tuple(_called(found, name) for name in self.members))
        return tally.finding()

    def _judge_members(self, tally: Tally, found: DirectoryValue, group: Group, wanted: tuple[str, ...]) -> None:
        direct = {fold(name): name for name in member_names(found, group)}
        reached = {fold(name): name for name in member_names(found, group, nested=True)} if self.nested else direct
        asked = {fold(name) for name in wanted}
        # Groups that only carry nested members are no members of their own.
        extra = {} if self.at_least else {key: name for key, name in reached.items() if key not in asked}
        if self.nested:
            extra = {key: name for key, name in extra.items() if found.group(name) is None}
        missing = [name for name in wanted if fold(name) not in reached]
        got = listed(sorted(reached.values())) or "—"
        faults = [Text(f"manque {listed(missing)}", f"missing {listed(missing)}")] if missing else []
        if extra:
            more = listed(sorted(extra.values()))
            faults.append(Text(f"en trop {more}", f"not expected {more}"))
        tally.expect(
            not faults,
            Text(f"membres : {got}", f"members: {got}"),
            Text(
                f"membres trouvés : {got} ; {' ; '.join(f.fr for f in faults)}",
                f"members found: {got}; {'; '.join(f.en for f in faults)}",
            ),
            weight=2,
            required=True,
        )


def _called(found: DirectoryValue, name: str) -> str:
    """What a member has for a name here: a well-known one may have another than the lab says."""
    entry = found.group(name) or found.user(name)
    return name if entry is None or fold(entry.name) == fold(name) else entry.name


def member_names(found: DirectoryValue, group: Group, *, nested: bool = False) -> list[str]:
    """Names of a group's members: direct, by primary group, and through member groups when asked."""
    entries: list[User | Group | Computer] = [*found.users, *found.groups, *found.computers]
    by_dn = {dn.normal(entry.dn): entry for entry in entries}
    names: dict[str, None] = {}
    waiting, done = [group], {group.dn}
    while waiting:
        current = waiting.pop()
        rid = current.sid.rpartition("-")[2]
        for entry in entries:
            if not isinstance(entry, Group) and str(entry.primary_group) == rid and current.sid.startswith(found.sid):
                names.setdefault(entry.name, None)
        for member in current.members:
            known = by_dn.get(dn.normal(member))
            names.setdefault(known.name if known is not None else clip(dn.leaf(member)), None)
            if nested and isinstance(known, Group) and known.dn not in done:
                done.add(known.dn)
                waiting.append(known)
    return list(names)
