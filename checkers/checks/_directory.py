"""Checks about a domain: its directory, its policies, its members, its shares."""

from __future__ import annotations

from checkers.check import Check
from checkers.checks.directory import AccountIs, ComputerIs, OuExists, PasswordPolicyIs, UserIs
from checkers.checks.groups import GroupIs
from checkers.checks.logons import LogonIs
from checkers.checks.members import IsDomainMember
from checkers.checks.on_wire import DirectoryIsServed, PoliciesAreServed
from checkers.checks.policies import PolicyHolds, PolicyIsApplied, PolicyIsLinked
from checkers.checks.share_rights import ShareRightsAre
from checkers.checks.shares import ShareGives, ShareIs

DIRECTORY: tuple[type[Check], ...] = (
    OuExists,
    UserIs,
    GroupIs,
    AccountIs,
    PasswordPolicyIs,
    ComputerIs,
    IsDomainMember,
    PolicyIsLinked,
    PolicyHolds,
    PolicyIsApplied,
    DirectoryIsServed,
    PoliciesAreServed,
    ShareIs,
    ShareRightsAre,
    ShareGives,
    LogonIs,
)
