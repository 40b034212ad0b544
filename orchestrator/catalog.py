"""Finding and reading labs: those shipped with Épreuve, those of this centre, or any folder.

A name means, in this order: a lab shipped, a lab of this centre (its newest version; ``name@1.2.0`` for another), a
folder. So no lab that is brought can take the place of one that is shipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from checkers.checks import CHECKS
from labs.errors import EpreuveError, UsageError
from labs.folder import lab_hash
from labs.loader import LabError, LoadedLab, load_lab
from labs.text import Text
from orchestrator.library import shelf
from orchestrator.library.deposits import Deposit, deposit_of
from orchestrator.settings import load_settings
from vagrant.build import image_names

CATALOG = Path(__file__).parent.parent / "labs" / "catalog"


@dataclass(frozen=True)
class Entry:
    """A lab of the catalog. deposit: who brought it; None for those shipped. hidden: one shipped has its name.

    error: why it cannot be used, such as faults that a newer Épreuve sees; ``lab`` is None then.
    """

    id: str
    version: str
    folder: Path
    lab: LoadedLab | None
    error: EpreuveError | None = None
    deposit: Deposit | None = None
    shipped: bool = False
    hidden: bool = False

    @property
    def name(self) -> str:
        """What opens exactly this one."""
        return self.id if self.shipped else f"{self.id}@{self.version}"

    @property
    def usable(self) -> bool:
        """Whether benches can be made of it."""
        if self.lab is None:
            return False
        approved = self.deposit is not None and self.deposit.approved_by and self.deposit.hash == self.lab.hash
        return self.shipped or bool(approved)


def lab_names() -> list[str]:
    """The labs shipped with Épreuve, by name."""
    return sorted(entry.parent.name for entry in CATALOG.glob("*/lab.yml"))


def catalog(labs_dir: Path) -> list[Entry]:
    """Every lab: those shipped, then those of this centre with all their versions, the newest first."""
    return [*_shipped(), *_of_centre(labs_dir)]


def find_entry(labs_dir: Path, lab: str, version: str) -> Entry | None:
    """One version of a lab."""
    if lab in lab_names():
        shipped = _entry(lab, CATALOG / lab, shipped=True)
        if shipped.version == version:
            return shipped
    folder = shelf.on_shelf(labs_dir, lab, version)
    return None if folder is None else _brought(lab, version, folder)


def lab_folder(name_or_folder: str, labs_dir: Path | None = None) -> Path:
    """The folder of a lab. labs_dir: of which centre; this one. Raises UsageError when there is none of this name."""
    path = Path(name_or_folder)
    if len(path.parts) == 1 and not path.is_absolute():
        if name_or_folder in lab_names():
            return (CATALOG / name_or_folder).resolve()
        name, _, version = name_or_folder.partition("@")
        found = shelf.on_shelf(labs_dir or load_settings().labs_dir, name, version or None)
        if found is not None:
            return found
    for folder in (path, path.parent):
        if (folder / "lab.yml").is_file() and (folder != path.parent or path.name == "lab.yml"):
            return folder.resolve()
    known = ", ".join([*lab_names(), *shelf.versions(labs_dir or load_settings().labs_dir)])
    raise UsageError(
        Text("Ce sujet n'existe pas.", "There is no such lab."),
        where=name_or_folder,
        do=Text(
            f"Donnez un dossier qui contient lab.yml, ou l'un de : {known}.",
            f"Give a folder that holds lab.yml, or one of: {known}.",
        ),
    )


def open_lab(name_or_folder: str, labs_dir: Path | None = None) -> LoadedLab:
    """A lab, read and linted. Raises UsageError or LabError."""
    return load_lab(lab_folder(name_or_folder, labs_dir), checks=CHECKS, images=image_names())


def _shipped() -> Iterator[Entry]:
    for name in lab_names():
        yield _entry(name, CATALOG / name, shipped=True)


def _of_centre(labs_dir: Path) -> Iterator[Entry]:
    for name, versions in shelf.versions(labs_dir).items():
        for version in versions:
            folder = shelf.on_shelf(labs_dir, name, version)
            if folder is not None:
                yield _brought(name, version, folder)


def _brought(name: str, version: str, folder: Path) -> Entry:
    hidden = name in lab_names()
    try:
        deposit = deposit_of(folder)
    except EpreuveError as error:
        return Entry(name, version, folder, None, error, hidden=hidden)
    return _entry(name, folder, version=version, deposit=deposit, hidden=hidden)


def _entry(
    name: str,
    folder: Path,
    *,
    version: str = "",
    deposit: Deposit | None = None,
    shipped: bool = False,
    hidden: bool = False,
) -> Entry:
    read = _read(folder, lab_hash(folder))
    lab, error = (read, None) if isinstance(read, LoadedLab) else (None, read)
    if lab is not None:
        version = version or str(lab.lab.version)
    return Entry(name, version, folder, lab, error, deposit, shipped, hidden)


@lru_cache(maxsize=128)
def _read(folder: Path, _hash: str) -> LoadedLab | LabError:
    """A lab by its exact contents: pages ask for the same ones again and again."""
    try:
        return load_lab(folder, checks=CHECKS, images=image_names())
    except LabError as error:
        return error
