"""Checks about software packages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Self

from pydantic import StringConstraints, model_validator

from checkers.check import Check, Unseen, View
from checkers.parsers import debian_version
from checkers.probe import Question
from checkers.probes.packages import Package, PackageName, PackageValue
from checkers.verdict import Finding, Tally
from labs.text import Text

Version = Annotated[str, StringConstraints(pattern=debian_version.VERSION)]


class PackageIs(Check):
    """A package is installed and set up, in a version that is new enough; or it is not installed any more.

    Configuration files that a removal leaves behind do not count. held: kept back from updates, or not.
    """

    kind: ClassVar[str] = "package"
    about: ClassVar[Text] = Text("le paquet est installé, ou ne l'est plus", "the package is installed, or is not")

    on: str
    package: PackageName
    installed: bool = True
    at_least: Version | None = None
    held: bool | None = None

    @model_validator(mode="after")
    def _sense(self) -> Self:
        if not self.installed and (self.at_least is not None or self.held is not None):
            raise ValueError("at_least and held need installed: true")
        return self

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Package(package=self.package))]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Package(package=self.package))
        tally = Tally()
        if not self.installed:
            gone = found.state in ("not-installed", "config-files")
            tally.expect(gone, *_said(self.package, found), required=True)
            return tally.finding()
        if not tally.expect(found.installed, *_said(self.package, found), required=True):
            return tally.finding()
        if self.at_least is not None:
            tally.expect(
                self._new_enough(found.version, self.at_least),
                Text(f"{self.package} {found.version}", f"{self.package} {found.version}"),
                Text(
                    f"{self.package} : version {found.version}, attendu {self.at_least} ou plus récente",
                    f"{self.package}: version {found.version}, expected {self.at_least} or newer",
                ),
                required=True,
            )
        if self.held is not None:
            kept = Text(f"{self.package} est exclu des mises à jour", f"{self.package} is kept back from updates")
            free = Text(f"{self.package} reçoit les mises à jour", f"{self.package} receives updates")
            tally.expect(found.held == self.held, *((kept, free) if self.held else (free, kept)))
        return tally.finding()

    def _new_enough(self, version: str, wanted: str) -> bool:
        try:
            return debian_version.key(version) >= debian_version.key(wanted)
        except ValueError:
            raise Unseen(
                Text(f"version illisible de {self.package}", f"version of {self.package} cannot be read")
            ) from None


_STATES = {
    "not-installed": Text("pas installé", "not installed"),
    "config-files": Text("désinstallé", "removed"),
    "installed": Text("installé", "installed"),
}
_HALF = Text("installation inachevée", "installation not finished")


def _said(package: str, found: PackageValue) -> tuple[Text, Text]:
    """The state in words, for what is expected and for what is not."""
    sound = found.installed or found.state != "installed"
    state = _STATES.get(found.state, _HALF) if sound else _HALF
    words = Text(f"{package} : {state.fr} ({found.state})", f"{package}: {state.en} ({found.state})")
    return words, words
