"""Where built images live: content-addressed, shared, never half-made.

::

    <cache>/<name>/<key>/disk.qcow2 vmlinuz initrd.img image.json     a whole image, or nothing
                         disk.qcow2 secrets.json image.json           the same, of a Windows
    <cache>/.rootfs/<name>-<key>/                                     the tree of a base
    <cache>/.debs/                                                    packages fetched once
    <cache>/.work/<name>/                                             a build under way, or what one left
    <cache>/.locks/<name>.lock
    <cache>/logs/<name>.log                                           the log of the last build

A build works in ``.work`` and appears by one rename. A killed build leaves only ``.work/<name>``, which the next
one removes, under the same lock.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from labs.text import Text
from vagrant.errors import ImageError
from vagrant.evaluation import Evaluation

DISK, KERNEL, INITRD, MANIFEST = "disk.qcow2", "vmlinuz", "initrd.img", "image.json"
PARTS = (DISK, KERNEL, INITRD, MANIFEST)
BOOTS_ITSELF = "boots_itself"
"""In a manifest: there is no kernel beside the disk."""
SECRETS = "secrets.json"
"""Of a Windows image: who its administrator is. For root only."""
Progress = Callable[[Text], None]


@dataclass(frozen=True)
class Image:
    """A base disk a machine boots from, with the kernel and initrd to boot it. Files are read-only to all users.

    No kernel: the disk boots itself (Windows). cmdline: the kernel's command line. built_at: seconds since 1970.
    packages: name → version. evaluation: until when an evaluation edition serves; None: it does not end.
    """

    name: str
    key: str
    disk: Path
    kernel: Path | None
    initrd: Path | None
    cmdline: str
    hostname: str
    memory_mib: int
    disk_gib: int
    built_at: float
    build_seconds: float
    packages: dict[str, str]
    evaluation: Evaluation | None = None


def default_cache() -> Path:
    """EPREUVE_CACHE, else /var/cache/epreuve for root, else the user's cache; images are kept in ``images/`` there."""
    setting = os.environ.get("EPREUVE_CACHE")
    if setting:
        root = Path(setting)
    elif os.geteuid() == 0:
        root = Path("/var/cache/epreuve")
    else:
        root = platformdirs.user_cache_path("epreuve")
    return root / "images"


def find_image(cache: Path, name: str, key: str) -> Image | None:
    """The image with this key, when it is whole; None when it is not in the cache."""
    folder = cache / name / key
    return _read(folder)


def stored_images(cache: Path) -> list[Image]:
    """Every whole image of the cache, newest first for each name."""
    found = [_read(path.parent) for path in cache.glob(f"[!.]*/*/{MANIFEST}")]
    return sorted((i for i in found if i), key=lambda i: (i.name, -i.built_at))


def _read(folder: Path) -> Image | None:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        boots_itself = bool(manifest.get(BOOTS_ITSELF))
        if not all((folder / part).is_file() for part in ((DISK,) if boots_itself else PARTS)):
            return None
        ends = manifest.get("evaluation")
        return Image(
            name=folder.parent.name,
            key=folder.name,
            disk=folder / DISK,
            kernel=None if boots_itself else folder / KERNEL,
            initrd=None if boots_itself else folder / INITRD,
            cmdline=str(manifest["cmdline"]),
            hostname=str(manifest["hostname"]),
            memory_mib=int(manifest["memory_mib"]),
            disk_gib=int(manifest["disk_gib"]),
            built_at=float(manifest["built_at"]),
            build_seconds=float(manifest["build_seconds"]),
            packages=dict(manifest["packages"]),
            evaluation=Evaluation.model_validate(ends) if ends is not None else None,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def locked(cache: Path, name: str, progress: Progress | None) -> Iterator[None]:
    """Hold the lock of one image; wait for the process that builds it, saying so.

    :raises BlockingIOError: one builds it and there is no ``progress``: nobody to tell why one waits.
    """
    folder = cache / ".locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if progress is None:
                raise
            progress(
                Text(
                    "{name} : en construction par un autre processus, attente…",
                    "{name}: another process is building it, waiting…",
                ).format(name=name)
            )
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def private(folder: Path) -> Path:
    """A directory only its owner enters: a tree under way holds set-user-id programs of another system."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


@contextmanager
def workplace(cache: Path, name: str) -> Iterator[Path]:
    """An empty directory for one build, on the file system of the cache; gone afterwards. Needs the lock."""
    folder = private(cache / ".work") / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(made: Path, place: Path) -> None:
    """Make a finished directory visible at its place, at once and for good: flush its files, then rename."""
    for path in [p for p in made.iterdir() if p.is_file()]:
        _flush(path)
    _flush(made)
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():  # a part of it had been removed by hand: find_image did not see it as whole
        shutil.rmtree(place)
    made.rename(place)
    _flush(place.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def require_space(cache: Path, gib: float) -> None:
    """Raise ImageError unless the cache's file system has this much room."""
    cache.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(cache).free / 2**30
    if free < gib:
        raise ImageError(
            Text(
                "Disque presque plein : {free:.1f} Gio libres, il en faut {gib:.0f} pour construire une image.",
                "The disk is almost full: {free:.1f} GiB free, building an image takes {gib:.0f}.",
            ).format(free=free, gib=gib),
            where=str(cache),
            do=Text(
                "Libérez de la place, ou désignez un autre dossier avec EPREUVE_CACHE.",
                "Free some space, or name another directory with EPREUVE_CACHE.",
            ),
        )
