"""Software of Windows, as the list "Installed apps" knows it: programs, and applications of the Store."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, ClassVar

from checkers.probe import Probe, Unreadable
from checkers.probes.packages import Package, PackageValue
from checkers.windows.answer import number, rows, text
from checkers.windows.twin import WindowsTwin
from labs.text import Text

_MAX = 2000
_DECORATION = re.compile(
    r"\s*(\([^()]*\)|\bversion\b|[-–]\s*$|(?<=\s)v?[0-9]+(\.[0-9a-z]+)*[a-z]?$)\s*$", re.IGNORECASE
)


class PackageTwin(WindowsTwin[PackageValue]):
    """A program by its name as a package would be called: ``7-zip`` for "7-Zip 23.01 (x64)", ``mozilla-firefox`` for
    "Mozilla Firefox (x64 fr)"; or by the name of its key. An application of the Store by the name of its package,
    with or without its publisher's.

    One whose folder is gone is not installed, whatever the list says; nor is an application that lies ready and that
    no user has.
    """

    probe: ClassVar[type[Probe[Any]]] = Package
    script: ClassVar[str] = "package"
    timeout_s: ClassVar[int | None] = 45

    def read(self, probe: Package, answer: Any) -> PackageValue:
        mine = [one for one in rows(answer["entries"], _MAX) if probe.package in _names(one)]
        if not mine:
            return _of_the_store(probe.package, answer)
        best = min(mine, key=lambda one: one["location"] == "gone")
        gone = best["location"] == "gone"
        return PackageValue(
            installed=not gone, state="folder-gone" if gone else "installed", version=text(best["version"], 80)
        )


def _of_the_store(name: str, answer: Any) -> PackageValue:
    """An application of the Store, as soon as one user has it. Raises Unreadable when nobody could say."""
    if answer["apps"] is None:
        raise Unreadable(
            Text("les applications du Store n'ont pas pu être lues", "the applications of the Store could not be read")
        )
    mine = [one for one in rows(answer["apps"], _MAX) if name in _app_names(text(one["name"]))]
    if not mine:
        return PackageValue(installed=False, state="not-installed")
    best = max(mine, key=lambda one: number(one["users"]) > 0)
    sound = text(best["status"], 40) in ("Ok", "")
    had = number(best["users"]) > 0
    return PackageValue(
        installed=had and sound,
        state="not-installed" if not had else "installed" if sound else "broken",
        version=text(best["version"], 80) if had else "",
    )


def _app_names(name: str) -> set[str]:
    """``microsoft.windowscalculator`` and ``windowscalculator`` for "Microsoft.WindowsCalculator"."""
    return {slug(name), slug(name.partition(".")[2])}


def _names(entry: Any) -> set[str]:
    """The names by which a lab may mean an entry: whole, and without what tells version, language and processor."""
    title = bare = text(entry["name"])
    while (shorter := _DECORATION.sub("", bare)) not in (bare, ""):
        bare = shorter
    return {slug(title), slug(bare), slug(text(entry["key"]))}


def slug(name: str) -> str:
    """A name in the letters of a package's: small ones without accents, digits, ``+``, ``.``; else hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9+.]+", "-", plain).strip("-")
