"""For whom a group policy is: security filtering (MS-GPOL 3.2.5.1.6), and which computers may read it."""

from __future__ import annotations

from collections.abc import Iterable

from checkers.parsers import well_known
from checkers.parsers.clean import fold
from checkers.parsers.gpo import USER_PART_OFF
from checkers.probes.directory import DirectoryValue, Policy
from checkers.probes.tokens import EVERYBODY, Tokens


def left_out(policy: Policy, found: DirectoryValue, names: Iterable[str]) -> list[str]:
    """Those of these users, groups and computers who do not get a policy: without the right to apply it, or denied."""
    given = {fold(name) for name in policy.applies_to or ()}
    denied = {fold(name) for name in policy.denied}
    tokens = Tokens(found)
    return [name for name in names if not (token := _token(found, tokens, name)) & given or token & denied]


def _token(found: DirectoryValue, tokens: Tokens, name: str) -> set[str]:
    """Every name and SID that an account, or who is in a group, carries by whatever groups; none for a stranger."""
    known = well_known.sid(name, found.sid) or name
    if known in EVERYBODY:
        return {known.lower()}
    entry = found.user(name) or found.group(name) or found.computer(name)
    if entry is None:
        return set()
    carried = tokens.carried(entry)
    return {fold(text) for text in (*EVERYBODY, *(one.name for one in carried), *(one.sid for one in carried))}


def no_computer_reads(policy: Policy, found: DirectoryValue) -> bool:
    """Whether a policy sets something for users that no Windows of the domain applies: since MS16-072 the computer
    fetches it, with its own rights. False where that is not known, or where no computer has joined."""
    members = {computer.name for computer in found.computers if computer.is_member}
    sets = policy.version >> 16 > 0 and not policy.flags & USER_PART_OFF
    return sets and bool(members) and members <= set(policy.hidden_from)
