"""Local accounts and groups of Windows, told apart by their SIDs: names are translated, and anybody may change them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, ClassVar

from checkers.probe import Probe, Unreadable
from checkers.probes.accounts import LocalAccount, LocalAccounts, LocalAccountsValue, LocalGroup
from checkers.windows.answer import number, rows, text
from checkers.windows.twin import WindowsTwin
from labs.text import Text

_MAX = 2000
_BUILTIN = "S-1-5-32-"
_EVERYBODY = ("S-1-1-0", "S-1-5-4", "S-1-5-11", "S-1-5-113")
"""Everyone, INTERACTIVE, Authenticated Users, Local account: who is in a group that holds one of them is in it too."""
_NO_GUEST = ("S-1-5-11",)
_GUEST = 501
_SID = re.compile(r"S-1-[0-9-]+", re.IGNORECASE)


class LocalAccountsTwin(WindowsTwin[LocalAccountsValue]):
    """Accounts by their names (whose case says nothing), groups by theirs and, the built-in ones, by their SIDs too.

    A lab writes ``S-1-5-32-544`` for the administrators, whatever the language. Windows does not say whether a password
    is empty: it is known to be set only where the account must have one, and an empty one is too short.
    """

    probe: ClassVar[type[Probe[Any]]] = LocalAccounts
    script: ClassVar[str] = "local-accounts"
    timeout_s: ClassVar[int | None] = 40

    def read(self, probe: LocalAccounts, answer: Any) -> LocalAccountsValue:
        if answer["controller"] is True:
            raise Unreadable(
                Text("un contrôleur de domaine n'a pas de comptes locaux", "a domain controller has no local accounts")
            )
        users = rows(answer["users"], _MAX)
        return LocalAccountsValue(
            today=number(answer["now"]) // 86400,
            shells=(),
            users=tuple(_account(one, number(answer["least_length"])) for one in users),
            groups=tuple(group for one in rows(answer["groups"], _MAX) for group in _groups(one, users)),
            folds=True,
        )


def _rid(sid: Any) -> int:
    return int(text(sid).rpartition("-")[2])


def _account(user: Any, least_length: int) -> LocalAccount:
    if user["enabled"] is not True or user["locked_out"] is True:
        password = "locked"  # noqa: S105 - a state, not a password
    else:
        password = "set" if user["password_required"] is True and least_length > 0 else "open"
    expires = text(user["expires"])
    return LocalAccount(
        name=text(user["name"]),
        uid=_rid(user["sid"]),
        gid=513,
        comment=text(user["full_name"]),
        shell="",
        password=password,
        expires=int(datetime.fromisoformat(expires).timestamp()) // 86400 if expires else None,
    )


def _groups(group: Any, users: list[Any]) -> list[LocalGroup]:
    """A group under its name, and under its SID when it is one of Windows' own."""
    sid, name = text(group["sid"]), text(group["name"])
    names = [f"{name} (nom)" if _SID.fullmatch(name) else name]
    if sid.startswith(_BUILTIN):
        names.append(sid)
    return [LocalGroup(name=one, gid=_rid(sid), members=_members(group, users)) for one in names]


def _members(group: Any, users: list[Any]) -> tuple[str, ...]:
    """Who is in a group: by name, local accounts without the machine's; by SID where it has no name any more."""
    local = {user["sid"]: text(user["name"]) for user in users}
    found: dict[str, None] = {}
    for member in rows(group["members"], _MAX):
        sid = text(member["sid"])
        found.setdefault(local.get(sid) or text(member["name"]) or sid)
        if sid in _EVERYBODY:
            found.update((name, None) for one, name in local.items() if sid not in _NO_GUEST or _rid(one) != _GUEST)
    return tuple(found)
