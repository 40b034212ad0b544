"""ISO files: what is in one (7-Zip reads UDF, as Windows media are, without mounting it), and making a small one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from labs.text import Text
from vagrant.errors import ImageError

TOOLS = {"7zz": "7zip", "xorriso": "xorriso"}
"""Programs that are called, and the Debian package of each."""

_PRIMARY = 16 * 2048
"""Where the primary volume descriptor is (ECMA-119 8.4)."""
_LIST_LIMIT_S = 120.0


def require_tools(tools: Mapping[str, str] = TOOLS) -> None:
    """Raise ImageError when a program is missing."""
    missing = sorted({package for program, package in tools.items() if shutil.which(program) is None})
    if missing:
        raise ImageError(
            Text("Il manque des programmes.", "Programs are missing."),
            where=", ".join(missing),
            do=Text(f"Installez : apt install {' '.join(missing)}", f"Install them: apt install {' '.join(missing)}"),
        )


def label(path: Path) -> str:
    """The volume label. Raises ImageError when the file cannot be read or is no ISO."""
    try:
        with path.open("rb") as handle:
            handle.seek(_PRIMARY)
            sector = handle.read(2048)
    except OSError as error:
        raise ImageError(
            Text(f"Ce fichier est illisible : {error.strerror}.", f"This file cannot be read: {error.strerror}."),
            where=str(path),
            do=Text("Vérifiez le chemin et les droits.", "Check the path and the permissions."),
        ) from error
    if sector[:6] != b"\x01CD001":
        raise ImageError(
            Text("Ce fichier n’est pas une image ISO.", "This file is not an ISO image."),
            where=str(path),
            do=Text(
                "Donnez le fichier .iso tel qu’il a été téléchargé, entier.",
                "Give the .iso file as it was downloaded, whole.",
            ),
        )
    return sector[40:72].decode("ascii", "replace").strip(" \0")


def listing(path: Path) -> dict[str, int]:
    """Every file in an ISO: path with ``/``, as written there → bytes. Raises ImageError."""
    done = _seven(["l", "-slt", "-ba", str(path)], path)
    found: dict[str, int] = {}
    name = ""
    for line in done.decode("utf-8", "replace").splitlines():
        key, _, value = line.partition(" = ")
        if key == "Path":
            name = value.replace("\\", "/")
        elif key == "Size" and name and value.isdecimal():
            found[name] = int(value)
    return found


@contextmanager
def opened(path: Path, name: str) -> Iterator[BinaryIO]:
    """A file of an ISO as a stream; what is not read is not waited for."""
    with subprocess.Popen(
        ["7zz", "e", "-so", "-bd", str(path), name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - it was asked for
            yield process.stdout  # type: ignore[misc]  # a buffered reader is a binary stream
        finally:
            process.kill()


def write(path: Path, folder: Path, volume: str) -> None:
    """Make an ISO (Joliet, so that Windows sees the names as they are) of what is in a folder. Raises ImageError."""
    argv = ["xorriso", "-as", "mkisofs", "-quiet", "-J", "-r", "-V", volume, "-o", str(path), str(folder)]
    try:
        subprocess.run(argv, check=True, capture_output=True, text=True, timeout=_LIST_LIMIT_S)
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or str(error)
        raise ImageError(
            Text("Le disque des réponses n’a pas pu être fait.", "The answer disc could not be made."),
            where=said.strip()[-300:],
        ) from error
    path.chmod(0o600)  # the answers hold the administrator's password


def _seven(arguments: list[str], path: Path) -> bytes:
    try:
        return subprocess.run(["7zz", *arguments], check=True, capture_output=True, timeout=_LIST_LIMIT_S).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise ImageError(
            Text("Le contenu de cette image ISO est illisible.", "The contents of this ISO image cannot be read."),
            where=str(path),
            do=Text(
                "Comparez sa taille et son empreinte à celles de la page de téléchargement.",
                "Compare its size and its checksum with those of the download page.",
            ),
        ) from error
