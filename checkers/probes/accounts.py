"""The local accounts and groups of a machine: passwd(5), group(5), and the state (never the hash) in shadow(5)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers import sections
from checkers.parsers.clean import clip, integer
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

_MAX = 2000


class LocalAccount(Value):
    """One line of passwd. password: ``set``, ``locked``, ``none``, ``open`` (not locked; whether there is one is not
    known) or ``unknown``. expires: day since 1970, or None."""

    name: str
    uid: int
    gid: int
    comment: str
    shell: str
    password: str
    expires: int | None = None

    def not_seen(self) -> frozenset[str]:
        return frozenset({"password"} if self.password in ("unknown", "open") else ())


class LocalGroup(Value):
    """One line of group."""

    name: str
    gid: int
    members: tuple[str, ...]


class LocalAccountsValue(Value):
    """today: day since 1970 on the machine's clock. shells: those that /etc/shells allows. folds: the case of a
    name says nothing on this machine."""

    today: int
    shells: tuple[str, ...]
    users: tuple[LocalAccount, ...]
    groups: tuple[LocalGroup, ...]
    folds: Annotated[bool, Field(exclude_if=lambda folds: not folds)] = False

    def user(self, name: str) -> LocalAccount | None:
        """The account with this name."""
        return next((user for user in self.users if self.same(user.name, name)), None)

    def same(self, found: str, expected: str) -> bool:
        """Whether two names are one on this machine."""
        return found == expected or (self.folds and found.casefold() == expected.casefold())

    def groups_of(self, user: LocalAccount) -> list[str]:
        """The names of the groups an account is in, its primary group first."""
        primary = [group.name for group in self.groups if group.gid == user.gid]
        return primary + [g.name for g in self.groups if user.name in g.members and g.name not in primary]


class LocalAccounts(Probe[LocalAccountsValue]):
    """Every local account and group, without asking the directory."""

    name: ClassVar[str] = "local-accounts"
    about: ClassVar[Text] = Text("comptes et groupes locaux", "local accounts and groups")
    value: ClassVar[type[Value]] = LocalAccountsValue

    def command(self) -> str:
        # The hash never leaves the machine: only whether there is one ("!" or "*" first: locked).
        return (
            "echo '== passwd'; cat /etc/passwd; echo '== group'; cat /etc/group; echo '== shells'; cat /etc/shells; "
            "echo '== today'; date +%s; echo '== shadow'; "
            "sed -E 's/^([^:]*):([!*])[^:]*:/\\1:\\2:/; s/^([^:]*):[^:!*][^:]*:/\\1:hash:/' /etc/shadow"
        )

    def parse(self, raw: Raw) -> LocalAccountsValue:
        parts = sections.split(raw.stdout)
        users = [line.split(":") for line in parts.get("passwd", "").split("\n") if line.count(":") == 6][:_MAX]
        if not users or "shadow" not in parts:
            raise Unreadable(Text("les comptes locaux n'ont pas pu être lus", "the local accounts could not be read"))
        shadow = {
            words[0]: words for words in (line.split(":") for line in parts["shadow"].split("\n")) if len(words) >= 8
        }
        groups = [line.split(":") for line in parts.get("group", "").split("\n") if line.count(":") == 3][:_MAX]
        return LocalAccountsValue(
            today=integer(parts.get("today", "")) // 86400,
            shells=tuple(line.strip() for line in parts.get("shells", "").split("\n") if line.startswith("/"))[:100],
            users=tuple(_account(words, shadow.get(words[0])) for words in users),
            groups=tuple(
                LocalGroup(
                    name=clip(words[0]),
                    gid=integer(words[2], -1),
                    members=tuple(name.strip() for name in words[3].split(",") if name.strip()),
                )
                for words in groups
            ),
        )


def _account(words: list[str], shadow: list[str] | None) -> LocalAccount:
    field = shadow[1] if shadow else "?"
    password = {"": "none", "!": "locked", "*": "locked", "hash": "set"}.get(field, "unknown")
    expires = shadow[7].strip() if shadow else ""
    return LocalAccount(
        name=clip(words[0]),
        uid=integer(words[2], -1),
        gid=integer(words[3], -1),
        comment=clip(words[4]),
        shell=clip(words[6].strip()),
        password=password,
        expires=integer(expires, 0) if expires else None,
    )
