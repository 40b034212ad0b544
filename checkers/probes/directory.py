"""The directory of a Samba domain controller, read from its own database: no server needs to answer.

The domain's partition is opened as a plain database: that takes half the time of ``sam.ldb``, whose modules load the
schema first. What the modules would have done is done here: deleted objects and links are left out, locks computed.

One question serves every check about units, users, groups, computers, links of group policies and passwords.
Attributes: MS-ADA1 to MS-ADA3; control bits: MS-ADTS 2.2.16.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers import dn, ldif, well_known
from checkers.parsers.clean import clip, fold, integer
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

MAX = 3000
_TICKS_PER_SECOND = 10_000_000
_EPOCH_SHIFT_S = 11_644_473_600
_GONE = re.compile(r"<RMD_FLAGS=[0-9]*[13579]>;")
"""A link that was removed: the database remembers it, with the lowest flag set."""
LOCKED = 0x10
_WORKSTATION = 0x1000
_NO_PASSWORD = 0x20
"""PASSWD_NOTREQD."""
_COMPUTED = "msDS-User-Account-Control-Computed"
"""Attribute that only a running server of Windows has (MS-ADTS 3.1.1.4.5.17)."""
FILTER = (
    "(|(objectClass=domainDNS)(objectClass=organizationalUnit)(objectClass=user)(objectClass=group)"
    "(objectClass=groupPolicyContainer))"
)
ATTRIBUTES = (
    "objectClass isDeleted sAMAccountName givenName sn displayName userPrincipalName userAccountControl "
    "pwdLastSet lockoutTime accountExpires primaryGroupID objectSid "
    "uidNumber gidNumber groupType member dNSHostName gPLink gPOptions flags versionNumber name "
    "minPwdLength pwdHistoryLength pwdProperties maxPwdAge minPwdAge lockoutThreshold lockoutDuration "
    "lockOutObservationWindow"
)


class Unit(Value):
    """An organisational unit, or the domain itself. links: its gPLink. blocks: nothing is inherited from above."""

    dn: str
    links: str
    blocks: bool


class User(Value):
    """A user. control: userAccountControl, with 0x10 when locked out now. Times: seconds since 1970, 0 when never.

    fine_grained: the name of the fine-grained policy that its password follows, "" for the domain's; None: not asked.
    """

    dn: str
    name: str
    given_name: str
    surname: str
    upn: str
    control: int
    password_set: int
    expires: int
    primary_group: int
    sid: str
    uid_number: int | None
    fine_grained: str | None = Field(default=None, exclude_if=lambda name: name is None)


class Group(Value):
    """A group. type: groupType. members: distinguished names."""

    dn: str
    name: str
    type: int
    members: tuple[str, ...]
    sid: str
    gid_number: int | None


class Computer(Value):
    """A computer. name: without the dollar."""

    dn: str
    name: str
    dns_name: str
    control: int
    primary_group: int
    sid: str

    @property
    def is_member(self) -> bool:
        """Whether it has joined the domain, and is no controller of it. An account that the console made beforehand
        needs no password, and has no name in DNS before a computer takes it."""
        beforehand = self.control & _NO_PASSWORD and not self.dns_name
        return bool(self.control & _WORKSTATION) and not beforehand


class Policy(Value):
    """A policy. guid: in braces. flags: 1 user part off, 2 computer part off. version: user × 65536 + computer.

    applies_to, denied: who has the right to apply it, and to whom that is denied, by their names in the directory, else
    by SID; None where that was not asked. hidden_from: the computers that have joined and may not read it. wmi_filter:
    the id of its WMI filter, which may leave computers out.
    """

    guid: str
    title: str
    flags: int
    version: int
    applies_to: tuple[str, ...] | None = Field(default=None, exclude_if=lambda names: names is None)
    denied: tuple[str, ...] = Field(default=(), exclude_if=lambda names: not names)
    hidden_from: tuple[str, ...] = Field(default=(), exclude_if=lambda names: not names)
    wmi_filter: str = Field(default="", exclude_if=lambda name: not name)

    def not_seen(self) -> frozenset[str]:
        return frozenset({"applies_to", "denied", "hidden_from", "wmi_filter"} if self.applies_to is None else ())


class PasswordPolicy(Value):
    """The domain's password policy. Durations in seconds; 0: no limit (for a lockout: until an administrator)."""

    min_length: int
    history: int
    complexity: bool
    max_age_s: int
    min_age_s: int
    lockout_threshold: int
    lockout_s: int
    lockout_window_s: int


class FineGrainedPolicy(Value):
    """A fine-grained password policy. precedence: the lowest goes first. applies_to: names of users and groups."""

    name: str
    precedence: int
    applies_to: tuple[str, ...]
    passwords: PasswordPolicy


class DirectoryValue(Value):
    """present: there is a directory on this machine. domain: its name as a DN. now: the machine's clock. member:
    without one, whether the machine belongs to a domain whose directory is elsewhere; None where that was not asked.

    fine_grained: None where it was not asked for, or not shown.
    """

    present: bool
    now: int = 0
    domain: str = ""
    sid: str = ""
    passwords: PasswordPolicy | None = None
    units: tuple[Unit, ...] = ()
    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()
    computers: tuple[Computer, ...] = ()
    policies: tuple[Policy, ...] = ()
    fine_grained: tuple[FineGrainedPolicy, ...] | None = Field(default=None, exclude_if=lambda found: found is None)
    member: bool | None = Field(default=None, exclude_if=lambda member: member is None)

    def not_seen(self) -> frozenset[str]:
        unasked = frozenset({"member"} if self.member is None else ())
        return unasked | ({"fine_grained"} if self.present and self.fine_grained is None else set())

    def user(self, name: str) -> User | None:
        """The user with this logon name, compared without case; or the well-known one that has it elsewhere."""
        named = next((user for user in self.users if fold(user.name) == fold(name)), None)
        known = well_known.sid(name, self.sid) if named is None else None
        return named or next((user for user in self.users if user.sid == known), None)

    def group(self, name: str) -> Group | None:
        """The group with this name, compared without case; or the well-known one that has it elsewhere."""
        named = next((group for group in self.groups if fold(group.name) == fold(name)), None)
        known = well_known.sid(name, self.sid) if named is None else None
        return named or next((group for group in self.groups if group.sid == known), None)

    def passwords_of(self, user: User) -> PasswordPolicy | None:
        """The policy that this user's password follows: a fine-grained one, or the domain's. None: not known."""
        if not user.fine_grained:
            return self.passwords if user.fine_grained == "" else None
        return next((one.passwords for one in self.fine_grained or () if one.name == user.fine_grained), None)

    def computer(self, name: str) -> Computer | None:
        """The computer with this name, compared without case, with or without its dollar or its domain."""
        short = fold(name).rstrip("$").split(".")[0]
        return next((computer for computer in self.computers if fold(computer.name) == short), None)


class Directory(Probe[DirectoryValue]):
    """What the directory of a domain controller holds."""

    name: ClassVar[str] = "directory"
    about: ClassVar[Text] = Text(
        "annuaire : unités, comptes, groupes, ordinateurs, stratégies", "directory: units, accounts, groups, policies"
    )
    value: ClassVar[type[Value]] = DirectoryValue
    timeout_s: ClassVar[int] = 45

    def command(self) -> str:
        return f"""
cd /var/lib/samba/private 2>/dev/null && [ -e sam.ldb ] || {{ echo '# no directory'; exit 0; }}
date '+# now %s'
db=sam.ldb
for f in sam.ldb.d/DC=*.ldb; do case $f in *DNSZONES,*) ;; *) [ ! -e "$f" ] || db=$f ;; esac; done
ldbsearch -H "$PWD/$db" '{FILTER}' {ATTRIBUTES}
""".strip()

    def parse(self, raw: Raw) -> DirectoryValue:
        first = raw.stdout.partition("\n")[0]
        if first == "# no directory":
            return DirectoryValue(present=False)
        if raw.exit_code != 0 or not first.startswith("# now ") or not ldif.is_complete(raw.stdout):
            raise Unreadable(Text("l'annuaire n'a pas pu être lu", "the directory could not be read"))
        return held(ldif.parse(raw.stdout), integer(first.removeprefix("# now ")))


def held(found: Iterable[ldif.Record], now: int) -> DirectoryValue:
    """The value in the records of a directory. now: the machine's clock. Raises Unreadable without a domain's."""
    records = [record for record in list(found)[:MAX] if record.first("isDeleted").upper() != "TRUE"]
    kinds = [(_kind(record), record) for record in records]
    domain = next((record for kind, record in kinds if kind == "domain"), None)
    if domain is None:
        raise Unreadable(Text("le domaine n'a pas été trouvé", "the domain was not found"))
    passwords = _passwords(domain)
    return DirectoryValue(
        present=True,
        now=now,
        domain=domain.dn,
        sid=domain.first("objectSid"),
        passwords=passwords,
        units=tuple(
            Unit(dn=r.dn, links=r.first("gPLink")[:8192], blocks=r.first("gPOptions") == "1")
            for kind, r in kinds
            if kind in ("domain", "unit")
        ),
        users=tuple(_user(r, now, passwords) for kind, r in kinds if kind == "user"),
        groups=tuple(_group(r) for kind, r in kinds if kind == "group"),
        computers=tuple(_computer(r) for kind, r in kinds if kind == "computer"),
        policies=tuple(_policy(r) for kind, r in kinds if kind == "policy"),
    )


def _kind(record: ldif.Record) -> str:
    classes = {value.lower() for value in record.all("objectClass")}
    for name, kind in (
        ("computer", "computer"),
        ("user", "user"),
        ("group", "group"),
        ("grouppolicycontainer", "policy"),
        ("organizationalunit", "unit"),
        ("domaindns", "domain"),
    ):
        if name in classes:
            return kind
    return ""


def _number(record: ldif.Record, name: str) -> int:
    return integer(record.first(name), 0)


def _moment(ticks: int) -> int:
    """A time of Windows (100 ns since 1601) in seconds since 1970; 0 and "never" are 0."""
    if ticks <= 0 or ticks >= 0x7FFFFFFFFFFFFFFF:
        return 0
    return max(1, ticks // _TICKS_PER_SECOND - _EPOCH_SHIFT_S)


def span(ticks: int) -> int:
    """A duration (negative, 100 ns) in seconds; "never" (the smallest number) is 0."""
    return 0 if ticks <= -0x8000000000000000 else abs(ticks) // _TICKS_PER_SECOND


def _user(record: ldif.Record, now: int, passwords: PasswordPolicy) -> User:
    number = record.first("uidNumber")
    since = _moment(_number(record, "lockoutTime"))
    locked = since != 0 and (passwords.lockout_s == 0 or now < since + passwords.lockout_s)
    if computed := record.first(_COMPUTED):  # the server's own word, which knows the fine-grained policies
        locked = bool(integer(computed, 0) & LOCKED)
    return User(
        dn=record.dn,
        name=clip(record.first("sAMAccountName")),
        given_name=clip(record.first("givenName")),
        surname=clip(record.first("sn")),
        upn=clip(record.first("userPrincipalName")),
        control=_number(record, "userAccountControl") & ~LOCKED | (LOCKED if locked else 0),
        password_set=_moment(_number(record, "pwdLastSet")),
        expires=_moment(_number(record, "accountExpires")),
        primary_group=_number(record, "primaryGroupID"),
        sid=clip(record.first("objectSid")),
        uid_number=integer(number) if number else None,
    )


def _group(record: ldif.Record) -> Group:
    number = record.first("gidNumber")
    return Group(
        dn=record.dn,
        name=clip(record.first("sAMAccountName")),
        type=_number(record, "groupType") & 0xFFFFFFFF,
        members=tuple(_target(link) for link in record.all("member")[:MAX] if not _GONE.search(link)),
        sid=clip(record.first("objectSid")),
        gid_number=integer(number) if number else None,
    )


def _target(link: str) -> str:
    """The name at the end of a link, which the database keeps after ``<GUID=…>;<RMD_FLAGS=…>;<SID=…>;``."""
    return link.rpartition(">;")[2]


def _computer(record: ldif.Record) -> Computer:
    return Computer(
        dn=record.dn,
        name=clip(record.first("sAMAccountName").removesuffix("$")),
        dns_name=clip(record.first("dNSHostName")),
        control=_number(record, "userAccountControl"),
        primary_group=_number(record, "primaryGroupID"),
        sid=clip(record.first("objectSid")),
    )


def _policy(record: ldif.Record) -> Policy:
    return Policy(
        guid=clip(record.first("name") or dn.leaf(record.dn)).upper(),
        title=clip(record.first("displayName")),
        flags=_number(record, "flags"),
        version=_number(record, "versionNumber"),
    )


def _passwords(record: ldif.Record) -> PasswordPolicy:
    return PasswordPolicy(
        min_length=_number(record, "minPwdLength"),
        history=_number(record, "pwdHistoryLength"),
        complexity=bool(_number(record, "pwdProperties") & 1),
        max_age_s=span(_number(record, "maxPwdAge")),
        min_age_s=span(_number(record, "minPwdAge")),
        lockout_threshold=_number(record, "lockoutThreshold"),
        lockout_s=span(_number(record, "lockoutDuration")),
        lockout_window_s=span(_number(record, "lockOutObservationWindow")),
    )
