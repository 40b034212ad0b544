"""A lab's folder: paths that stay inside it, and the hash that names its exact contents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path, PurePath

LAB_FILE = "lab.yml"
_IGNORED_FOLDERS = {"__pycache__"}


def inside(folder: Path, relative: str) -> Path | None:
    """The path of a lab's file, or None when it would leave the lab's folder (``..``, absolute, symbolic link)."""
    if not relative or "\0" in relative or "\\" in relative or Path(relative).is_absolute():
        return None
    root = folder.resolve()
    try:
        target = (root / relative).resolve()
    except (OSError, RuntimeError):  # a loop of links
        return None
    return target if target.is_relative_to(root) and ".." not in Path(relative).parts else None


def is_part_of_lab(relative: PurePath) -> bool:
    """Whether a file makes the lab: not hidden files, editors' backups, nor compiled Python."""
    hidden = any(part.startswith(".") or part in _IGNORED_FOLDERS for part in relative.parts)
    return not hidden and not relative.name.endswith("~")


def lab_files(folder: Path) -> list[Path]:
    """Every file that makes the lab, sorted by path."""
    found = [path for path in folder.rglob("*") if is_part_of_lab(path.relative_to(folder)) and path.is_file()]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def lab_hash(folder: Path) -> str:
    """SHA-256 of the lab, hexadecimal: of the lines ``<sha256 of a file>  ./<path>`` that ``sha256sum`` prints.

    So anybody can compute it again without Épreuve::

        cd LAB && find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum
    """
    return hash_of((path.relative_to(folder).as_posix(), _digest(path)) for path in lab_files(folder))


def hash_of(files: Iterable[tuple[str, str]]) -> str:
    """The same of files that are in no folder: their paths and SHA-256, in any order."""
    lines = (f"{digest}  ./{path}\n" for path, digest in sorted(files))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
