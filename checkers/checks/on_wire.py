"""Does a domain controller serve what it says it holds? What it says is its machine's own look; what it serves, the
witness on the wire gets, as a client of the domain would. A machine whose answers were forged says one and serves
another.

What only one of the two can see is no difference: a member of a domain is not shown everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from checkers.check import Check, Unseen, View
from checkers.checks._silence import awake, need_answer
from checkers.checks.directory import DISABLED, NEVER_EXPIRES, NO_DIRECTORY
from checkers.parsers import dn
from checkers.parsers.clean import fold, listed
from checkers.parsers.gpo import links
from checkers.probe import Question
from checkers.probes.directory import Directory, DirectoryValue, User
from checkers.probes.domain_wire import DirectoryOnWire, PoliciesOnWire, Stage
from checkers.probes.policies import PublishedPolicies
from checkers.probes.sysvol import PublishedPolicy
from checkers.verdict import Finding, failed, passed
from labs.text import Text

_SHOWN = 4


class _OnWire(Check):
    """A controller, where it is asked, and the lab's account that asks. user: without its domain. password_secret: of
    an account that serves for nothing else: a candidate administers the server that it is shown to."""

    on: str
    network: str
    server_address: str
    domain: str
    user: str
    password_secret: str

    def _asks(self) -> dict[str, str]:
        return {
            "server_address": self.server_address,
            "domain": self.domain,
            "user": self.user,
            "password_secret": self.password_secret,
        }

    def _need_inside(self, view: View, stage: Stage, status: str, *, silent: Text, hidden: Text) -> Finding | None:
        """None when the witness got in. Nobody answers: that counts, if the machine was there and awake. It did not get
        in: who keeps it out cannot be told."""
        if stage in ("silent", "refused", "tls"):
            need_answer(view, self.on, self.network)
            return failed(silent)
        if stage == "logon":
            raise Unseen(
                Text(
                    f"le compte du sujet, {self.user}, n'a pas pu ouvrir de session ({status})",
                    f"the lab's account, {self.user}, could not log on ({status})",
                )
            )
        if stage == "cut":
            raise Unseen(
                Text("la connexion a été coupée en cours de lecture", "the connection was cut while it was read")
            )
        if stage == "share":
            need_answer(view, self.on, self.network)
            return failed(hidden)
        return None


class DirectoryIsServed(_OnWire):
    """A controller serves on the network the directory that its machine shows: the same units, users, groups, computers
    and policies. It sees a machine whose answers were forged."""

    kind: ClassVar[str] = "ad-on-wire"
    about: ClassVar[Text] = Text(
        "l'annuaire servi sur le réseau est celui que la machine montre",
        "the directory served on the network is the one that the machine shows",
    )

    def _probe(self) -> DirectoryOnWire:
        return DirectoryOnWire(**self._asks())

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Directory()), Question(f"wire:{self.network}", self._probe()), awake(self.on)]

    def judge(self, view: View) -> Finding:
        wire = view.see(f"wire:{self.network}", self._probe())
        silent = Text("aucun annuaire ne répond sur le réseau", "no directory answers on the network")
        out = self._need_inside(view, wire.stage, wire.status, silent=silent, hidden=silent)
        if out is not None:
            return out
        here = view.see(self.on, Directory())
        if not here.present:
            return failed(NO_DIRECTORY)
        assert wire.directory is not None  # noqa: S101 - what being inside means
        linked = {link.guid for unit in wire.directory.units for link in links(unit.links)}
        hidden = {one.guid for one in here.policies} & linked - {one.guid for one in wire.directory.policies}
        different = set(differences(here, wire.directory)) - hidden
        return _same(sorted(different), len(here.users) + len(here.groups), sorted(hidden))


class PoliciesAreServed(_OnWire):
    """A controller serves in SYSVOL the policies that its machine shows: the same versions and settings."""

    kind: ClassVar[str] = "gpo-on-wire"
    about: ClassVar[Text] = Text(
        "les stratégies servies sur le réseau sont celles que la machine montre",
        "the policies served on the network are those that the machine shows",
    )

    def _probe(self) -> PoliciesOnWire:
        return PoliciesOnWire(**self._asks())

    def questions(self) -> Sequence[Question]:
        here = Question(self.on, PublishedPolicies())
        return [here, Question(f"wire:{self.network}", self._probe()), awake(self.on)]

    def judge(self, view: View) -> Finding:
        wire = view.see(f"wire:{self.network}", self._probe())
        out = self._need_inside(
            view,
            wire.stage,
            wire.status,
            silent=Text("aucun partage ne répond sur le réseau", "no share answers on the network"),
            hidden=Text("SYSVOL n'est pas partagé sur le réseau", "SYSVOL is not shared on the network"),
        )
        if out is not None:
            return out
        here = view.see(self.on, PublishedPolicies())
        if not here.present:
            return failed(Text("aucun SYSVOL sur cette machine", "no SYSVOL on this machine"))
        named = {policy.guid: policy for policy in here.policies}
        served = {policy.guid: policy for policy in wire.policies}
        different = named.keys() ^ served.keys()
        different |= {guid for guid in named.keys() & served.keys() if not _is_served(named[guid], served[guid])}
        hidden = named.keys() & set(wire.hidden)
        return _same(sorted(different - hidden), len(named), sorted(hidden))


def differences(here: DirectoryValue, wire: DirectoryValue) -> list[str]:
    """The names of what a machine and its server do not tell alike."""
    found = _unlike(
        {str(dn.normal(one.dn)): _links(one.links) for one in here.units},
        {str(dn.normal(one.dn)): _links(one.links) for one in wire.units},
    )
    found |= _unlike({fold(one.name): None for one in here.computers}, {fold(one.name): None for one in wire.computers})
    found |= _unlike(
        {fold(one.name): tuple(sorted(map(dn.normal, one.members))) for one in here.groups},
        {fold(one.name): tuple(sorted(map(dn.normal, one.members))) for one in wire.groups},
    )
    found |= _unlike({one.guid: one.version for one in here.policies}, {one.guid: one.version for one in wire.policies})
    served = {fold(one.name): one for one in wire.users}
    found |= _unlike(
        {fold(one.name): _told(one, served.get(fold(one.name))) for one in here.users},
        {name: _told(one, one) for name, one in served.items()},
    )
    return sorted(found)


def _told(user: User, other: User | None) -> tuple[object, ...]:
    """What is compared of a user. A client is not shown the control bits of every account."""
    bits = user.control & (DISABLED | NEVER_EXPIRES) if other is not None and other.control else 0
    return dn.normal(user.dn), fold(user.given_name), fold(user.surname), fold(user.upn), bits


def _links(text: str) -> tuple[tuple[str, bool, bool], ...]:
    return tuple((link.guid, link.disabled, link.enforced) for link in links(text))


def _is_served(here: PublishedPolicy, wire: PublishedPolicy) -> bool:
    """Whether a client gets what the machine shows. The witness may see more: not every machine shows security
    settings."""
    same = (here.version, here.damaged) == (wire.version, wire.damaged)
    return same and _settings(here) <= _settings(wire)


def _settings(policy: PublishedPolicy) -> set[tuple[str, ...]]:
    return {(s.scope, s.key.casefold(), s.value.casefold(), s.type, s.data) for s in policy.settings}


def _unlike(here: Mapping[str, object], wire: Mapping[str, object]) -> set[str]:
    missing = object()
    return {name for name in here.keys() | wire.keys() if here.get(name, missing) != wire.get(name, missing)}


def _same(different: list[str], count: int, hidden: list[str]) -> Finding:
    """different: the names of what is not served as it is shown. hidden: policies that are there, of which the witness
    was not shown all: whose rights a policy gives is its author's choice."""
    if hidden and not different:
        shown = listed(hidden, _SHOWN)
        raise Unseen(
            Text(
                f"le compte du sujet n'a pas le droit de tout lire de : {shown}",
                f"the lab's account may not read all of: {shown}",
            )
        )
    if not different:
        return passed(
            Text(
                f"servi comme la machine le montre ({count} objets)",
                f"served as the machine shows it ({count} objects)",
            )
        )
    shown = listed(different, _SHOWN)
    return failed(
        Text(
            f"ce que le serveur sert sur le réseau diffère de ce que sa machine montre : {shown}",
            f"what the server serves on the network differs from what its machine shows: {shown}",
        )
    )
