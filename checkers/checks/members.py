"""Checks about the membership of a domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from checkers.check import Check, Unseen, View
from checkers.checks.directory import DISABLED
from checkers.parsers.clean import clip, listed
from checkers.probe import Question
from checkers.probes.directory import Directory
from checkers.probes.members import Membership, MembershipValue
from checkers.verdict import Finding, failed, passed
from labs.text import Text


class IsDomainMember(Check):
    """A machine is a member of a domain: it holds a machine account's password or keys, and the domain accepts them.

    domain: its DNS name. server: the machine whose directory must know the computer. A controller that cannot be
    reached proves nothing about a machine that did join.
    """

    kind: ClassVar[str] = "domain-member"
    about: ClassVar[Text] = Text("la machine est membre du domaine", "the machine is a member of the domain")
    minds_unseen: ClassVar[bool] = True

    on: str
    domain: str
    server: str

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Membership()), Question(self.server, Directory())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Membership())
        if not self._has_keys(found):
            other = listed([*found.secrets, *found.principals], 3)
            if other:
                return failed(
                    Text(
                        f"la machine est jointe à autre chose : {other}, attendu {self.domain}",
                        f"the machine is joined to something else: {other}, expected {self.domain}",
                    )
                )
            return failed(
                Text(
                    f"la machine n'est pas jointe au domaine {self.domain}",
                    f"the machine is not joined to domain {self.domain}",
                )
            )
        detail = clip(found.detail, 160)
        if found.channel == "refused":
            return failed(
                Text(
                    f"la machine a été jointe, mais le domaine refuse son compte : {detail}",
                    f"the machine was joined, but the domain refuses its account: {detail}",
                )
            )
        names = [found.computer, *(p.split("@")[0] for p in found.principals if p.split("@")[0].endswith("$"))]
        directory = view.see(self.server, Directory())
        account = next((c for c in map(directory.computer, names) if c is not None), None)
        if account is None:
            return failed(
                Text(
                    f"l'annuaire ne connaît pas d'ordinateur « {clip(found.computer, 40)} »",
                    f"the directory knows no computer “{clip(found.computer, 40)}”",
                )
            )
        if account.control & DISABLED:
            return failed(
                Text(
                    f"le compte d'ordinateur « {account.name} » est désactivé",
                    f"computer account “{account.name}” is disabled",
                )
            )
        if found.channel != "works":
            raise Unseen(
                Text(
                    f"la machine a été jointe, mais aucun contrôleur de domaine ne lui a répondu : {detail}",
                    f"the machine was joined, but no domain controller answered it: {detail}",
                )
            )
        return passed(
            Text(
                f"« {account.name} » est membre de {self.domain}, son compte est accepté",
                f"“{account.name}” is a member of {self.domain}, its account is accepted",
            )
        )

    def _has_keys(self, found: MembershipValue) -> bool:
        """A machine password for the domain of smb.conf, or keys of the realm in the keytab."""
        realm = self.domain.upper().rstrip(".")
        if found.realm.upper() == realm and found.workgroup in found.secrets:
            return True
        return any(principal.upper().endswith(f"@{realm}") for principal in found.principals)
