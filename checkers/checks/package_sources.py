"""Checks about where software comes from: a package in its version, and the depot itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from checkers.check import Check, View
from checkers.checks.wording import compare, yes_no
from checkers.parsers.clean import listed
from checkers.probe import Question
from checkers.probes.package_sources import PackagePolicy, PackagePolicyValue, PackageSource, PackageSources
from checkers.probes.packages import Package, PackageName
from checkers.verdict import Finding, Tally, failed
from labs.text import Text


class PackageVersionIs(Check):
    """A package is installed in exactly this version, and that version is one of this depot's.

    stays: a general upgrade leaves it, by a hold, a pin, or because there is no other.
    """

    kind: ClassVar[str] = "package-version"
    about: ClassVar[Text] = Text(
        "le paquet est dans la version demandée, venue du dépôt",
        "the package is in the version asked for, from the depot",
    )

    on: str
    package: PackageName
    version: str
    source: str | None = None
    stays: bool = False

    def _questions(self) -> tuple[Package, PackagePolicy]:
        return Package(package=self.package), PackagePolicy(package=self.package)

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, probe) for probe in self._questions()]

    def judge(self, view: View) -> Finding:
        installed, policy = self._questions()
        found, known = view.see(self.on, installed), view.see(self.on, policy)
        if not found.installed:
            return failed(
                Text(
                    f"{self.package} n'est pas installé ({found.state})",
                    f"{self.package} is not installed ({found.state})",
                )
            )
        tally = Tally()
        same = found.version == self.version
        compare(tally, Text("version", "version"), found.version, self.version, same, required=True)
        if self.source is not None:
            self._origin(tally, known, found.version, self.source.rstrip("/"))
        if self.stays:
            tally.expect(
                found.held or known.candidate == found.version,
                Text("une mise à jour générale n'y touche pas", "a general upgrade leaves it alone"),
                Text(
                    f"une mise à jour générale la remplacerait par la version {known.candidate or '—'}",
                    f"a general upgrade would replace it by version {known.candidate or '—'}",
                ),
            )
        return tally.finding()

    @staticmethod
    def _origin(tally: Tally, known: PackagePolicyValue, version: str, depot: str) -> None:
        uris = [uri for offer in known.offered if offer.version == version for uri in offer.sources]
        tally.expect(
            any(uri.rstrip("/") == depot for uri in uris),
            Text(f"dépôt {depot}", f"depot {depot}"),
            Text(
                f"cette version ne vient pas du dépôt {depot} (trouvé : {listed(uris, 3) or '—'})",
                f"this version is not from depot {depot} (found: {listed(uris, 3) or '—'})",
            ),
            required=True,
        )


class SourceIsTrusted(Check):
    """The machine takes packages from this depot, has its list, and asks for its signature.

    own_key: the key named for that depot (``signed-by``) is trusted for it alone, not for every depot.
    """

    kind: ClassVar[str] = "package-source"
    about: ClassVar[Text] = Text("le dépôt de paquets est configuré, signature vérifiée",
                                 "the package depot is configured, its signature checked")  # fmt: skip

    on: str
    uri: str
    suite: str
    own_key: bool = True

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, PackageSources())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, PackageSources())
        wanted = self.uri.rstrip("/")
        ours = [s for s in found.sources if s.uri.rstrip("/") == wanted and s.suite.strip("/") == self.suite.strip("/")]
        if not ours:
            there = listed([f"{s.uri} {s.suite}" for s in found.sources], 4) or "—"
            return failed(
                Text(
                    f"aucune source {wanted} {self.suite} (sources : {there})",
                    f"no source {wanted} {self.suite} (sources: {there})",
                )
            )
        return self._tally(ours, found.unchecked).finding()

    def _tally(self, ours: list[PackageSource], unchecked: bool) -> Tally:
        tally = Tally()
        checked = not unchecked and not any(source.unchecked for source in ours)
        said = yes_no(checked)
        tally.expect(
            checked,
            Text(f"signature vérifiée : {said.fr}", f"signature checked: {said.en}"),
            Text("la signature du dépôt n'est pas vérifiée", "the depot's signature is not checked"),
            required=True,
        )
        tally.expect(
            any(source.fetched for source in ours),
            Text("liste du dépôt lue", "list of the depot fetched"),
            Text("la liste du dépôt n'a pas été lue", "the list of the depot was not fetched"),
            required=True,
        )
        if self.own_key:
            tally.expect(
                all(source.key for source in ours),
                Text("clé propre à ce dépôt", "key of its own"),
                Text("aucune clé n'est propre à ce dépôt (signed-by)", "no key is the depot's own (signed-by)"),
            )
        return tally
