"""Checks about group policies: linked, holding a setting, applied on a member."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from checkers.check import Check, Unseen, View
from checkers.checks._filtering import left_out, no_computer_reads
from checkers.checks.directory import NO_DIRECTORY
from checkers.checks.wording import absent, compare
from checkers.parsers import dn
from checkers.parsers.clean import clip, fold, listed
from checkers.parsers.gpo import COMPUTER_PART_OFF, USER_PART_OFF, Link, links
from checkers.probe import Question
from checkers.probes.directory import Directory, DirectoryValue, Policy
from checkers.probes.policies import AppliedPolicies, AppliedPoliciesValue, PublishedPolicies
from checkers.probes.sysvol import PublishedPolicy, Setting
from checkers.verdict import Finding, Tally, failed
from labs.text import Text

_NUMBERS = ("REG_DWORD", "REG_QWORD", "INF", "PREFERENCE", "REDIRECTION")
_TEXTS = ("REG_SZ", "REG_EXPAND_SZ", "MANIFEST", "INF", "PREFERENCE", "REDIRECTION", "SCRIPT")
_HIVES = {"hkey_local_machine": "hklm", "hkey_current_user": "hkcu"}


def _titled(found: DirectoryValue, title: str) -> list[Policy]:
    """The policies with a display name (several may share it), or with that identifier."""
    return [policy for policy in found.policies if title.upper() == policy.guid or fold(policy.title) == fold(title)]


def _missing(title: str) -> Finding:
    return absent(Text(f"stratégie de groupe « {title} »", f"group policy “{title}”"))


class PolicyIsLinked(Check):
    """A policy is linked directly to a unit, the link and the policy being active (or not).

    enforced: the link's "no override" flag. scope: the half of the policy that must not be switched off. applies_to:
    users, groups and computers who must have the right to apply it, by whatever group (Windows servers only); without
    it, somebody must have it. What it sets for users, some computer of the domain must be allowed to read.
    """

    kind: ClassVar[str] = "gpo-linked"
    about: ClassVar[Text] = Text("la stratégie est liée à l'unité", "the policy is linked to the unit")

    on: str
    gpo: str
    ou: str
    enabled: bool = True
    enforced: bool | None = None
    scope: Literal["machine", "user"] | None = None
    applies_to: tuple[str, ...] | None = None

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Directory())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Directory())
        if not found.present:
            return failed(NO_DIRECTORY)
        policies = _titled(found, self.gpo)
        if not policies:
            return _missing(self.gpo)
        wanted = dn.under(self.ou, found.domain)
        unit = next((unit for unit in found.units if dn.normal(unit.dn) == wanted), None)
        if unit is None:
            return absent(Text(f"unité « {self.ou} »", f"unit “{self.ou}”"))
        here = {link.guid: link for link in links(unit.links)}
        linked = [policy for policy in policies if policy.guid in here]
        if not linked:
            elsewhere = [u.dn for u in found.units if {p.guid for p in policies} & {k.guid for k in links(u.links)}]
            place = listed(elsewhere, 3)
            return failed(
                Text(
                    f"la stratégie n'est pas liée à {self.ou} (liée à : {place or 'aucune unité'})",
                    f"the policy is not linked to {self.ou} (linked to: {place or 'no unit'})",
                )
            )
        findings = [self._judge_link(policy, here[policy.guid], found) for policy in linked]
        return max(findings, key=lambda finding: finding.score)

    def _judge_link(self, policy: Policy, link: Link, found: DirectoryValue) -> Finding:
        tally = Tally()
        tally.expect(
            link.disabled != self.enabled,
            Text(f"liée à {self.ou}", f"linked to {self.ou}"),
            Text("le lien est désactivé", "the link is disabled")
            if link.disabled
            else Text("le lien est actif, attendu désactivé", "the link is active, expected disabled"),
        )
        if self.enabled:
            off = {None: 3, "machine": COMPUTER_PART_OFF, "user": USER_PART_OFF}[self.scope]
            tally.expect(
                policy.flags & off != off,
                Text("stratégie active", "policy active"),
                Text("la stratégie est désactivée", "the policy is disabled"),
            )
        if self.enforced is not None:
            tally.expect(
                link.enforced == self.enforced,
                Text("application forcée : comme demandé", "enforcement: as asked"),
                Text("le lien est appliqué de force", "the link is enforced")
                if link.enforced
                else Text("le lien n'est pas appliqué de force", "the link is not enforced"),
            )
        if self.enabled:
            self._judge_filtering(tally, policy, found)
        return tally.finding()

    def _judge_filtering(self, tally: Tally, policy: Policy, found: DirectoryValue) -> None:
        """Whom the policy is for. On a server that does not say, only what is asked for is missed."""
        if policy.applies_to is None:
            if self.applies_to:
                raise Unseen(
                    Text(
                        "à qui la stratégie s'applique (filtrage de sécurité) n'a pas pu être lu dans cet annuaire",
                        "whom the policy is for (security filtering) could not be read in this directory",
                    )
                )
            return
        if self.scope != "machine" and no_computer_reads(policy, found):
            tally.expect(
                False,
                Text("", ""),
                Text(
                    "aucun poste du domaine n'a le droit de lire la stratégie : aucun Windows n'applique ce qu'elle "
                    "règle pour les utilisateurs (MS16-072)",
                    "no computer of the domain has the right to read the policy: no Windows applies what it sets for "
                    "users (MS16-072)",
                ),
            )
        missed = left_out(policy, found, self.applies_to or ())
        who = listed(list(policy.applies_to), 4)
        if not policy.applies_to:
            tally.expect(
                False,
                Text("", ""),
                Text("personne n'a le droit d'appliquer la stratégie", "nobody has the right to apply the policy"),
            )
        elif self.applies_to:
            tally.expect(
                not missed,
                Text(f"s'applique à {listed(list(self.applies_to), 4)}", f"for {listed(list(self.applies_to), 4)}"),
                Text(
                    f"la stratégie ne s'applique pas à {listed(missed, 4)} (filtrage de sécurité : {who})",
                    f"the policy is not for {listed(missed, 4)} (security filtering: {who})",
                ),
            )


class PolicyHolds(Check):
    """A policy holds a setting, in a version that clients will take: a value of the registry, a security setting, a
    script (key ``Scripts\\Logon``, value its command, data its parameters), a preference (key
    ``Preferences\\Drives\\S:``, value a property) or where a folder is redirected to (key
    ``Folder Redirection\\Documents``, value ``path``, ``exclusive``…). data: a text, or an integer."""

    kind: ClassVar[str] = "gpo-setting"
    about: ClassVar[Text] = Text("la stratégie contient le réglage", "the policy holds the setting")

    on: str
    gpo: str
    scope: Literal["machine", "user"]
    key: str
    value: str
    data: str | int

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Directory()), Question(self.on, PublishedPolicies())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Directory())
        if not found.present:
            return failed(NO_DIRECTORY)
        policies = _titled(found, self.gpo)
        if not policies:
            return _missing(self.gpo)
        published = {policy.guid: policy for policy in view.see(self.on, PublishedPolicies()).policies}
        findings = [self._judge_policy(published.get(policy.guid)) for policy in policies]
        return max(findings, key=lambda finding: finding.score)

    def _judge_policy(self, policy: PublishedPolicy | None) -> Finding:
        if policy is None:
            return failed(Text("la stratégie n'a pas de fichiers dans SYSVOL", "the policy has no files in SYSVOL"))
        named = [s for s in policy.settings if _same_key(s.key, self.key) and fold(s.value) == fold(self.value)]
        here = [s for s in named if s.scope == self.scope]
        if not here:
            if named:
                other = Text("utilisateur", "user") if self.scope == "machine" else Text("ordinateur", "computer")
                return failed(
                    Text(
                        f"le réglage est dans la partie {other.fr} de la stratégie",
                        f"the setting is in the {other.en} part of the policy",
                    )
                )
            if policy.damaged:
                return failed(Text("un fichier de la stratégie est illisible", "a file of the policy cannot be read"))
            return absent(Text(f"réglage « {self.value} »", f"setting “{self.value}”"))
        last = here[-1]
        kinds = _NUMBERS if isinstance(self.data, int) else _TEXTS
        for_all = max((number for number, one in enumerate(here) if not one.only), default=0)
        fitting = [one for one in here[for_all:] if one.type in kinds and _same_data(one, str(self.data))]
        if fitting and last.only:
            only = clip(next((one.only for one in fitting if one.only), last.only), 160)
            raise Unseen(
                Text(
                    f"le réglage « {self.value} » n'est que pour certains ({only}) : qui l'aura ne peut être dit ici",
                    f"setting “{self.value}” is for some only ({only}): who gets it cannot be told here",
                )
            )
        tally = Tally()
        compare(
            tally,
            Text(f"réglage « {self.value} »", f"setting “{self.value}”"),
            last.data.strip() if last.type in kinds else f"{last.data.strip()} ({last.type})",
            str(self.data),
            bool(fitting),
            weight=2,
            required=True,
        )
        part = policy.version & 0xFFFF if self.scope == "machine" else policy.version >> 16
        tally.expect(
            part > 0,
            Text(f"version {policy.version}", f"version {policy.version}"),
            Text(
                "la version de la stratégie (GPT.INI) n'a pas avancé : les postes ne liront pas le réglage",
                "the policy's version (GPT.INI) has not moved: clients will not read the setting",
            ),
        )
        return tally.finding()


def _same_key(found: str, wanted: str) -> bool:
    """Registry keys without case; a leading hive name is no part of a policy's key."""

    def plain(key: str) -> str:
        text = key.replace("/", "\\").strip("\\").casefold()
        for hive in ("hkey_local_machine\\", "hkey_current_user\\", "hklm\\", "hkcu\\"):
            text = text.removeprefix(hive)
        return text

    return plain(found) == plain(wanted)


def _same_data(found: Setting, wanted: str) -> bool:
    """Where a folder is redirected to has no case."""
    pair = found.data.strip(), wanted.strip()
    return pair[0] == pair[1] or (found.type == "REDIRECTION" and pair[0].casefold() == pair[1].casefold())


def _path(path: str) -> str:
    """A value of the registry with its hive, without case, the hive by its short name."""
    hive, _, rest = path.replace("/", "\\").casefold().partition("\\")
    return f"{_HIVES.get(hive, hive)}\\{rest}"


class PolicyIsApplied(Check):
    """A member applied a policy that put a text into a file: it is there, and the policy client's own notes say so.

    A file typed by hand is not enough. gpo with server: the policy that must have done it, by its name there. On
    Windows the path may be that of a value of the registry (``HKLM\\key\\value``, ``HKCU\\key\\value``), which is then
    exactly that text or number.
    """

    kind: ClassVar[str] = "gpo-applied"
    about: ClassVar[Text] = Text("le poste applique la stratégie", "the member applies the policy")

    on: str
    path: str
    contains: str
    gpo: str | None = None
    server: str | None = None

    def questions(self) -> Sequence[Question]:
        asked = [Question(self.on, AppliedPolicies(path=self.path))]
        return [*asked, Question(self.server, Directory())] if self.gpo and self.server else asked

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, AppliedPolicies(path=self.path))
        text = found.text or ""
        guids = self._guids(found)
        if not self._holds(text):
            ran = (
                Text("", "") if found.ran else Text(" ; le poste n'a lu aucune stratégie", "; no policy was ever read")
            )
            first = clip(text.strip(), 80)
            return failed(
                Text(
                    f"{self.path} ne contient pas « {self.contains} » (trouvé « {first} »){ran.fr}",
                    f"{self.path} does not hold “{self.contains}” (found “{first}”){ran.en}",
                )
            )
        if not guids and found.ran and "settings" in found.not_seen():
            raise Unseen(
                Text(
                    f"{self.path} contient le texte, mais le poste ne note pas tout ce que les stratégies y mettent "
                    "(pas de journal RSoP, ou des préférences) : nul ne peut dire si l'une d'elles l'y a mis",
                    f"{self.path} holds the text, but the machine keeps no notes of all that policies set (no RSoP "
                    "logging, or preferences): nobody can tell whether one of them put it there",
                )
            )
        if not guids:
            return failed(
                Text(
                    f"{self.path} contient le texte, mais aucune stratégie appliquée ne l'y a mis",
                    f"{self.path} holds the text, but no applied policy put it there",
                )
            )
        tally = Tally()
        shown = listed(sorted(guids), 2)
        tally.expect(True, Text(f"stratégie {shown} appliquée", f"policy {shown} applied"), Text("", ""))
        if self.gpo and self.server:
            directory = view.see(self.server, Directory())
            wanted = {policy.guid for policy in _titled(directory, self.gpo)}
            tally.expect(
                bool(guids & wanted),
                Text(f"c'est « {self.gpo} »", f"it is “{self.gpo}”"),
                Text(f"la stratégie appliquée n'est pas « {self.gpo} »", f"the applied policy is not “{self.gpo}”"),
                required=True,
            )
        return tally.finding()

    def _is_registry(self) -> bool:
        return self.path.upper().startswith(("HKLM\\", "HKCU\\", "HKEY_"))

    def _holds(self, text: str) -> bool:
        return text.strip() == self.contains.strip() if self._is_registry() else self.contains in text

    def _guids(self, found: AppliedPoliciesValue) -> set[str]:
        """The policies that set this text, or wrote this file, by the notes of the policy client."""
        wanted = self.contains.strip()
        if self._is_registry():
            return {s.guid for s in found.settings if _path(s.name) == _path(self.path) and s.value.strip() == wanted}
        return {s.guid for s in found.settings if wanted in s.value or s.value.endswith(f":{self.path}")}
