"""Checks about the local accounts of a machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from checkers.check import Check, Unseen, View
from checkers.checks.wording import absent, compare
from checkers.parsers.clean import fold, listed
from checkers.probe import Question
from checkers.probes.accounts import LocalAccount, LocalAccounts, LocalAccountsValue
from checkers.verdict import Finding, Tally
from labs.text import Text

_CLOSED = ("nologin", "false")


class LocalUserIs(Check):
    """A local account exists, with the right full name, groups, shell and lock. Names are compared exactly,
    without case on Windows, whose own groups are also known by their SIDs (``S-1-5-32-544``: administrators).

    shell_ok: it can open a session (its shell is a real one); unless said, that is expected where ``locked: true`` is
    not. locked: its password or the whole account is locked.
    """

    kind: ClassVar[str] = "local-user"
    about: ClassVar[Text] = Text("le compte local existe, tel que demandé", "the local account exists, as asked")

    on: str
    name: str
    full_name: str | None = None
    groups: tuple[str, ...] = ()
    not_groups: tuple[str, ...] = ()
    shell_ok: bool | None = None
    locked: bool | None = None

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, LocalAccounts())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, LocalAccounts())
        user = found.user(self.name)
        if user is None:
            return absent(Text(f"compte local « {self.name} »", f"local account “{self.name}”"))
        tally = Tally()
        tally.expect(
            True,
            Text(f"le compte local « {self.name} » existe", f"local account “{self.name}” exists"),
            Text("", ""),
        )
        if self.full_name is not None:
            # On Linux the comment goes on, after a comma, with rooms and telephones.
            name = user.comment if found.folds else user.comment.split(",")[0]
            compare(tally, Text("nom complet", "full name"), name, self.full_name, fold(name) == fold(self.full_name))
        self._judge_groups(tally, found, found.groups_of(user))
        shell_ok = self.shell_ok if self.shell_ok is not None else True if not self.locked else None
        if shell_ok is not None:
            self._judge_shell(tally, user, found, shell_ok)
        if self.locked is not None:
            self._judge_lock(tally, user, found.today, self.locked)
        return tally.finding()

    def _judge_groups(self, tally: Tally, found: LocalAccountsValue, groups: list[str]) -> None:
        def member(group: str) -> bool:
            return any(found.same(one, group) for one in groups)

        for group in self.groups:
            tally.expect(
                member(group),
                Text(f"membre du groupe « {group} »", f"member of group “{group}”"),
                Text(
                    f"n'est pas membre du groupe « {group} » (groupes : {listed(groups)})",
                    f"not a member of group “{group}” (groups: {listed(groups)})",
                ),
            )
        for group in self.not_groups:
            tally.expect(
                not member(group),
                Text(f"n'est pas membre du groupe « {group} »", f"not a member of group “{group}”"),
                Text(
                    f"est membre du groupe « {group} », ne devrait pas l'être",
                    f"is a member of group “{group}”, should not be",
                ),
            )

    def _judge_shell(self, tally: Tally, user: LocalAccount, found: LocalAccountsValue, shell_ok: bool) -> None:
        usable = user.shell.rsplit("/", 1)[-1] not in _CLOSED and (user.shell in found.shells or not found.shells)
        compare(
            tally,
            Text("interpréteur de commandes", "shell"),
            user.shell,
            "un interpréteur autorisé" if shell_ok else "nologin",
            usable == shell_ok,
        )

    def _judge_lock(self, tally: Tally, user: LocalAccount, today: int, locked: bool) -> None:
        expired = user.expires is not None and user.expires <= today
        if user.password in (("unknown",) if locked else ("unknown", "open")) and not expired:
            raise Unseen(
                Text("l'état du mot de passe n'a pas été observé", "the state of the password was not observed")
            )
        is_locked = expired or user.password == "locked"  # noqa: S105
        if locked:
            tally.expect(
                is_locked,
                Text("le compte est verrouillé", "the account is locked"),
                Text("le compte n'est pas verrouillé", "the account is not locked"),
                weight=2,
                required=True,
            )
        else:
            tally.expect(
                not is_locked and user.password == "set",  # noqa: S105
                Text("le compte est utilisable", "the account can be used"),
                Text("le compte est expiré", "the account has expired")
                if expired
                else Text("le compte est verrouillé ou sans mot de passe", "the account is locked or has no password"),
                weight=2,
                required=True,
            )
