"""Checks about what a directory holds: units, users, computers, accounts, password policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from checkers.check import Check, Unseen, View
from checkers.checks.wording import absent, compare, yes_no
from checkers.parsers import dn
from checkers.parsers.clean import fold, listed
from checkers.probe import Question
from checkers.probes.directory import LOCKED, Directory, DirectoryValue, User
from checkers.verdict import Finding, Tally, failed
from labs.text import Text

DISABLED, NEVER_EXPIRES = 0x2, 0x10000
"""Bits of userAccountControl (MS-ADTS 2.2.16)."""

_FINE_GRAINED = Text(
    "les stratégies de mot de passe affinées n'ont pas pu être lues dans cet annuaire",
    "the fine-grained password policies of this directory could not be read",
)
NO_DIRECTORY = Text("aucun annuaire sur cette machine", "no directory on this machine")


class DirectoryCheck(Check):
    """Base of the checks that rest on the directory of a domain controller."""

    on: str

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Directory())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Directory())
        return self.judge_directory(found) if found.present else failed(NO_DIRECTORY)

    def judge_directory(self, found: DirectoryValue) -> Finding:
        """The finding, when there is a directory."""
        raise NotImplementedError


def judge_place(tally: Tally, found: DirectoryValue, entry: str, unit: str) -> None:
    """The entry is directly in a unit."""
    where = entry.partition(",")[2] if "\\," not in entry else ",".join(dn.split(entry)[1:])
    compare(tally, Text("emplacement", "place"), where, unit, dn.parent(entry) == dn.under(unit, found.domain))


class OuExists(DirectoryCheck):
    """An organisational unit exists at this place."""

    kind: ClassVar[str] = "ad-ou"
    about: ClassVar[Text] = Text("l'unité d'organisation existe", "the organisational unit exists")

    dn: str

    def judge_directory(self, found: DirectoryValue) -> Finding:
        wanted = dn.under(self.dn, found.domain)
        if any(dn.normal(unit.dn) == wanted for unit in found.units):
            tally = Tally()
            tally.expect(
                True,
                Text(f"l'unité « {self.dn} » existe", f"unit “{self.dn}” exists"),
                Text("", ""),
            )
            return tally.finding()
        same = [unit.dn for unit in found.units if dn.normal(unit.dn)[:1] == wanted[:1]]
        if same:
            return failed(
                Text(
                    f"l'unité existe ailleurs : {listed(same, 3)} ; attendue {self.dn}",
                    f"the unit exists elsewhere: {listed(same, 3)}; expected {self.dn}",
                )
            )
        return absent(Text(f"unité « {self.dn} »", f"unit “{self.dn}”"))


class UserIs(DirectoryCheck):
    """A user exists in its unit, with its names, and can be used.

    never_expires: the password never expires. must_change: it must be changed at the next logon.
    """

    kind: ClassVar[str] = "ad-user"
    about: ClassVar[Text] = Text("l'utilisateur existe, tel que demandé", "the user exists, as asked")

    name: str
    ou: str | None = None
    given_name: str | None = None
    surname: str | None = None
    upn: str | None = None
    enabled: bool = True
    never_expires: bool | None = None
    must_change: bool | None = None

    def judge_directory(self, found: DirectoryValue) -> Finding:
        user = found.user(self.name)
        if user is None:
            return absent(Text(f"utilisateur « {self.name} »", f"user “{self.name}”"))
        tally = Tally()
        if self.ou is not None:
            judge_place(tally, found, user.dn, self.ou)
        for what, value, wanted in (
            (Text("prénom", "given name"), user.given_name, self.given_name),
            (Text("nom", "surname"), user.surname, self.surname),
            (Text("nom principal (UPN)", "principal name (UPN)"), user.upn, self.upn),
        ):
            if wanted is not None:
                compare(tally, what, value, wanted, fold(value) == fold(wanted))
        judge_enabled(tally, user, found.now, self.enabled)
        for what, holds, asked in (
            (
                Text("le mot de passe n'expire jamais", "the password never expires"),
                bool(user.control & NEVER_EXPIRES),
                self.never_expires,
            ),
            (
                Text("mot de passe à changer à la prochaine connexion", "password to be changed at next logon"),
                user.password_set == 0,
                self.must_change,
            ),
        ):
            if asked is not None:
                got, want = yes_no(holds), yes_no(asked)
                tally.expect(
                    holds == asked,
                    Text(f"{what.fr} : {got.fr}", f"{what.en}: {got.en}"),
                    Text(f"{what.fr} : {got.fr}, attendu {want.fr}", f"{what.en}: {got.en}, expected {want.en}"),
                )
        return tally.finding()


def judge_enabled(tally: Tally, user: User, now: int, wanted: bool, *, required: bool = False) -> None:
    """Whether an account can be used: neither disabled nor past its date."""
    disabled = bool(user.control & DISABLED)
    expired = user.expires != 0 and user.expires <= now
    if wanted:
        why = Text("compte désactivé", "account disabled") if disabled else Text("compte expiré", "account expired")
        tally.expect(
            not disabled and not expired, Text("compte activé", "account enabled"), why, weight=2, required=required
        )
    else:
        tally.expect(
            disabled,
            Text("compte désactivé", "account disabled"),
            Text("le compte n'est pas désactivé", "the account is not disabled"),
            weight=2,
            required=required,
        )


class AccountIs(DirectoryCheck):
    """A user's account is enabled or disabled, locked or not (after too many wrong passwords). It was not deleted."""

    kind: ClassVar[str] = "ad-account"
    about: ClassVar[Text] = Text("le compte est activé, désactivé, verrouillé…", "the account is enabled, locked…")

    name: str
    enabled: bool | None = None
    locked: bool | None = None

    def judge_directory(self, found: DirectoryValue) -> Finding:
        user = found.user(self.name)
        if user is None:
            return absent(Text(f"utilisateur « {self.name} »", f"user “{self.name}”"))
        if self.enabled is None and self.locked is None:
            return failed(Text("ce contrôle n'attend rien", "this check expects nothing"))
        tally = Tally()
        if self.enabled is not None:
            judge_enabled(tally, user, found.now, self.enabled, required=True)
        if self.locked is not None:
            locked = bool(user.control & LOCKED)
            state = Text("verrouillé", "locked") if locked else Text("non verrouillé", "not locked")
            tally.expect(
                locked == self.locked,
                Text(f"compte {state.fr}", f"account {state.en}"),
                Text(f"le compte est {state.fr}", f"the account is {state.en}"),
                weight=2,
                required=True,
            )
        return tally.finding()


class ComputerIs(DirectoryCheck):
    """A computer account exists, enabled, in its unit."""

    kind: ClassVar[str] = "ad-computer"
    about: ClassVar[Text] = Text("le compte d'ordinateur existe", "the computer account exists")

    name: str
    ou: str | None = None

    def judge_directory(self, found: DirectoryValue) -> Finding:
        computer = found.computer(self.name)
        if computer is None:
            return absent(Text(f"ordinateur « {self.name} »", f"computer “{self.name}”"))
        tally = Tally()
        tally.expect(
            not computer.control & DISABLED,
            Text(f"compte d'ordinateur « {computer.name} »", f"computer account “{computer.name}”"),
            Text("compte d'ordinateur désactivé", "computer account disabled"),
            required=True,
        )
        if self.ou is not None:
            judge_place(tally, found, computer.dn, self.ou)
        return tally.finding()


class PasswordPolicyIs(DirectoryCheck):
    """The domain's password policy, or the one that a user's password follows. lockout_minutes 0: locked until an
    administrator unlocks.

    user: by logon name; a fine-grained policy may be theirs (Windows servers only).
    """

    kind: ClassVar[str] = "ad-password-policy"
    about: ClassVar[Text] = Text("la politique de mots de passe du domaine", "the domain's password policy")

    user: str | None = None
    min_length: Annotated[int, Field(ge=0, le=255)] | None = None
    history: Annotated[int, Field(ge=0, le=1024)] | None = None
    complexity: bool | None = None
    max_age_days: Annotated[int, Field(ge=0, le=9999)] | None = None
    lockout_threshold: Annotated[int, Field(ge=0, le=999)] | None = None
    lockout_minutes: Annotated[int, Field(ge=0, le=99999)] | None = None

    def judge_directory(self, found: DirectoryValue) -> Finding:
        policy = found.passwords
        if self.user is not None:
            user = found.user(self.user)
            if user is None:
                return absent(Text(f"utilisateur « {self.user} »", f"user “{self.user}”"))
            policy = found.passwords_of(user)
            if policy is None:
                raise Unseen(_FINE_GRAINED)
        if policy is None:
            return absent(Text("politique de mots de passe", "password policy"))
        tally = Tally()
        for what, value, wanted in (
            (Text("longueur minimale", "minimum length"), policy.min_length, self.min_length),
            (Text("historique", "history"), policy.history, self.history),
            (Text("durée maximale (jours)", "maximum age (days)"), policy.max_age_s / 86400, self.max_age_days),
            (Text("seuil de verrouillage", "lockout threshold"), policy.lockout_threshold, self.lockout_threshold),
            (Text("durée de verrouillage (minutes)", "lockout (minutes)"), policy.lockout_s / 60, self.lockout_minutes),
        ):
            if wanted is not None:
                compare(tally, what, f"{value:g}", str(wanted), value == wanted)
        if self.complexity is not None:
            got, want = yes_no(policy.complexity), yes_no(self.complexity)
            tally.expect(
                policy.complexity == self.complexity,
                Text(f"complexité : {got.fr}", f"complexity: {got.en}"),
                Text(f"complexité : {got.fr}, attendu {want.fr}", f"complexity: {got.en}, expected {want.en}"),
            )
        # An untouched policy already meets some expectations by chance: less than half right earns nothing.
        finding = tally.finding()
        return finding if finding.score * 2 > 1 or finding.score == 1 else failed(finding.reason)
