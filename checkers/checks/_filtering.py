"""For whom a group policy is: security filtering (MS-GPOL 3.2.5.1.6)."""

from __future__ import annotations

from collections.abc import Iterable

from checkers.parsers import dn, well_known
from checkers.parsers.clean import fold
from checkers.probes.directory import Computer, DirectoryValue, Group, Policy, User

_EVERYBODY = ("S-1-1-0", "S-1-5-11")
"""Everyone, authenticated users: every account of the domain is in them."""


def left_out(policy: Policy, found: DirectoryValue, names: Iterable[str]) -> list[str]:
    """Those of these users, groups and computers who do not get a policy: without the right to apply it, or denied."""
    given = {fold(name) for name in policy.applies_to or ()}
    denied = {fold(name) for name in policy.denied}
    return [name for name in names if not (token := _token(found, name)) & given or token & denied]


def _token(found: DirectoryValue, name: str) -> set[str]:
    """Every name and SID that an account, or who is in a group, carries by whatever groups; none for a stranger."""
    known = well_known.sid(name, found.sid) or name
    if known in _EVERYBODY:
        return {known.lower()}
    entry = found.user(name) or found.group(name) or found.computer(name)
    if entry is None:
        return set()
    carried = {fold(one) for one in (*_EVERYBODY, entry.name, entry.sid)}
    waiting: list[User | Group | Computer] = [entry]
    if not isinstance(entry, Group):
        waiting += [group for group in found.groups if group.sid == f"{found.sid}-{entry.primary_group}"]
    seen: set[str] = set()
    while waiting:
        one = waiting.pop()
        if one.sid in seen:
            continue
        seen.add(one.sid)
        carried |= {fold(one.name), fold(one.sid)}
        here = dn.normal(one.dn)
        waiting += [group for group in found.groups if any(dn.normal(member) == here for member in group.members)]
    return carried
