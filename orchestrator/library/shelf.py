"""The shelf: where labs of this centre are put, found and taken away. A version is there whole, or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path, PurePath
from random import Random
from typing import IO

from checkers.checks import CHECKS
from labs.files import sync_directory
from labs.folder import LAB_FILE
from labs.loader import LoadedLab, load_lab
from labs.nodes import read_yaml
from labs.paper import paper
from labs.problems import Problem
from labs.secrets import draw
from labs.subject import SubjectError
from labs.text import Text
from orchestrator.library.deposits import LAB, Deposit, Signer, write_deposit
from orchestrator.library.errors import ArchiveError, LibraryError
from orchestrator.library.faults import FaultyLabError, lint_confined
from orchestrator.library.unpack import unpack
from vagrant.build import image_names

_ID = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")
_VERSION = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}\Z")
_ASIDE = ".aside-"
_LEFT_S = 3600.0
"""A folder aside is that of a process that was killed, when it is older."""


def versions(labs_dir: Path) -> dict[str, list[str]]:
    """The versions of every lab on the shelf, the newest first."""
    found: dict[str, list[str]] = {}
    for folder in sorted(labs_dir.glob(f"*/*/{LAB}/{LAB_FILE}")):
        version, lab = folder.parts[-3], folder.parts[-4]
        if _ID.match(lab) and _VERSION.match(version):
            found.setdefault(lab, []).append(version)
    for those in found.values():
        those.sort(key=_number, reverse=True)
    return found


def on_shelf(labs_dir: Path, lab: str, version: str | None = None) -> Path | None:
    """The folder of a lab on the shelf, of its newest version unless one is named; None when there is none."""
    if version is None:
        there = versions(labs_dir).get(lab)
        return labs_dir / lab / there[0] / LAB if there else None
    folder = labs_dir / lab / version / LAB
    return folder if _ID.match(lab) and _VERSION.match(version) and (folder / LAB_FILE).is_file() else None


def put(
    labs_dir: Path,
    archive: IO[bytes],
    *,
    who: str,
    at: datetime,
    trusted: bool,
    taken: Collection[str],
    signer: Signer | None = None,
    meant: tuple[str, str, str] | None = None,
) -> LoadedLab:
    """Put the lab of an archive on the shelf, under its own id and version. Nothing of it is run.

    trusted: whoever brings it is an administrator. taken: ids that it cannot have (those of the labs shipped).
    signer: of the shared archive that this one was taken from; meant: the id, version and hash that were signed.

    :raises ArchiveError: it is no archive, holds what no lab needs, or another lab than the one meant.
    :raises FaultyLabError: the lab has faults.
    :raises LibraryError: this version is there already.
    """
    with _aside(labs_dir) as place:
        unpacked = unpack(archive, place / "unpacked")
        problems = lint_confined(unpacked)
        if problems:
            raise FaultyLabError(problems, unpacked)
        unpacked.rename(place / LAB)
        lab = load_lab(place / LAB, checks=CHECKS, images=image_names())
        if meant is not None and meant != (lab.lab.id, lab.lab.version, lab.hash):
            raise _not_meant(lab, meant)
        if found := [*_taken(lab, taken), *_paper_fails(lab)]:
            raise FaultyLabError(found, lab.folder)
        shutil.rmtree(place / "unpacked", ignore_errors=True)
        approval = {"approved_by": who, "approved_at": at} if trusted else {}
        deposit = Deposit(
            lab=lab.lab.id,
            version=lab.lab.version,
            hash=lab.hash,
            brought_by=who,
            brought_at=at,
            signer=signer,
            **approval,
        )
        write_deposit(lab.folder, deposit)
        for folder in (path for path in place.rglob("*") if path.is_dir()):
            sync_directory(folder)
        target = labs_dir / lab.lab.id / lab.lab.version
        target.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            place.rename(target)  # refused when something is there: two may bring it at once
        except OSError as error:
            raise _there_already(lab) from error
        sync_directory(target.parent)
        sync_directory(labs_dir)
    return load_lab(target / LAB, checks=CHECKS, images=image_names())


def take_away(labs_dir: Path, lab: str, version: str) -> None:
    """Remove a version for good. Raises LibraryError when it is not there."""
    found = on_shelf(labs_dir, lab, version)
    if found is None:
        raise LibraryError(Text("Cette version n'est pas là.", "This version is not there."), where=f"{lab} {version}")
    with _aside(labs_dir) as place:
        found.parent.rename(place / "removed")
        with suppress(OSError):  # other versions are there
            (labs_dir / lab).rmdir()
        sync_directory(labs_dir)


@contextmanager
def _aside(labs_dir: Path) -> Iterator[Path]:
    """A folder beside the labs, which is no lab; what is still in it at the end goes."""
    labs_dir.mkdir(parents=True, mode=0o700, exist_ok=True)
    for left in labs_dir.glob(f"{_ASIDE}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_S:
                shutil.rmtree(left, ignore_errors=True)
    place = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=labs_dir))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _taken(lab: LoadedLab, taken: Collection[str]) -> Iterator[Problem]:
    if lab.lab.id not in taken:
        return
    root, _ = read_yaml(lab.folder / LAB_FILE, PurePath(LAB_FILE))
    place = root.get("id") if root else None
    yield Problem(
        "shipped-id",
        PurePath(LAB_FILE),
        place.line if place else 1,
        place.column if place else 1,
        Text(f"« {lab.lab.id} » est un sujet fourni avec Épreuve", f"“{lab.lab.id}” is a lab shipped with Épreuve"),
        Text("un autre identifiant", "another id"),
    )


def _paper_fails(lab: LoadedLab) -> Iterator[Problem]:
    try:
        secrets = draw(lab.lab.secrets, Random(0))  # noqa: S311 - an example
        paper(lab.lab, lab.subject, secrets=secrets, variants=lab.values, candidate="")
    except SubjectError as error:
        said = Text(f"{error.what.fr} {error.where}".strip(), f"{error.what.en} {error.where}".strip())
        yield Problem("template", PurePath(lab.lab.subject), 1, 1, said, error.do)


def _not_meant(lab: LoadedLab, meant: tuple[str, str, str]) -> ArchiveError:
    return ArchiveError(
        Text("Ce n'est pas le sujet qui a été signé.", "This is not the lab that was signed."),
        where=f"{lab.lab.id} {lab.lab.version} {lab.hash[:16]}… ≠ {meant[0]} {meant[1]} {meant[2][:16]}…",
        do=Text("Demandez l'archive de nouveau à qui l'a faite.", "Ask whoever made the archive for it again."),
    )


def _there_already(lab: LoadedLab) -> LibraryError:
    return LibraryError(
        Text("Cette version du sujet est déjà là.", "This version of the lab is there already."),
        where=f"{lab.lab.id} {lab.lab.version}",
        do=Text(
            "Un sujet modifié prend un nouveau numéro (version: dans lab.yml).",
            "A lab that was changed takes a new number (version: in lab.yml).",
        ),
    )


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
