"""Goldens as files: where each stands and what it holds. See README.md in tests/goldens and in its folder windows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from labs.errors import EpreuveError
from labs.text import Text

WINDOWS, OPENWRT = "windows", "openwrt"
"""The folders of the answers of other machines than Linux ones, which stand beside them."""


class GoldenError(EpreuveError):
    """Recorded answers cannot be read, or may not be written."""

    code = "golden"


class LinuxGolden(BaseModel):
    """An output of a Linux machine, line by line."""

    model_config = ConfigDict(extra="ignore")  # older ones hold the command too
    args: dict[str, Any]
    exit_code: int | None
    stdout: list[str]
    value: Any


class WindowsGolden(BaseModel):
    """An object that one of our scripts returned. ``system``: which Windows."""

    model_config = ConfigDict(extra="forbid")
    source: str
    reference: str | None = None
    system: str
    args: dict[str, Any]
    answer: Any
    value: Any


class OpenWrtGolden(BaseModel):
    """An output of an OpenWrt device, line by line. ``system``: which."""

    model_config = ConfigDict(extra="forbid")
    source: str
    reference: str | None = None
    system: str
    args: dict[str, Any]
    stdout: list[str]
    value: Any


Golden = LinuxGolden | WindowsGolden | OpenWrtGolden


@dataclass(frozen=True)
class GoldenFile:
    """A golden and where it stands. path: below the folder of all."""

    path: Path
    golden: Golden

    @property
    def probe(self) -> str:
        """The name of the question."""
        return self.path.parent.name

    @property
    def family(self) -> str:
        """The folder of the kind of machine that answered; empty for Linux."""
        folders: dict[type[Golden], str] = {LinuxGolden: "", WindowsGolden: WINDOWS, OpenWrtGolden: OPENWRT}
        return folders[type(self.golden)]

    @property
    def documented(self) -> bool:
        """Whether no machine gave it: it was written from documentation."""
        return not isinstance(self.golden, LinuxGolden) and self.golden.source != "recorded"


def linux_path(probe: str, name: str, at: str, args: dict[str, Any]) -> Path:
    """Where an answer of a Linux machine goes."""
    return Path(probe) / _file_name(name, at, *map(str, args.values()))


def windows_path(probe: str, role: str, name: str, at: str, args: dict[str, Any]) -> Path:
    """Where an answer of a Windows machine goes. role: ``server`` or ``client``."""
    return Path(WINDOWS) / probe / _file_name(role, name, "" if at == role else at, *map(str, args.values()))


def openwrt_path(probe: str, name: str, at: str, args: dict[str, Any]) -> Path:
    """Where an answer of an OpenWrt device goes."""
    return Path(OPENWRT) / linux_path(probe, name, at, args)


def golden_text(golden: Golden) -> str:
    """A golden as it is written."""
    given = golden.model_dump(mode="json")
    if given.get("reference", "") is None:
        del given["reference"]
    return json.dumps(given, indent=1, ensure_ascii=False) + "\n"


def read_goldens(folder: Path) -> list[GoldenFile]:
    """Every golden in a folder. Raises GoldenError when one cannot be read, or there is none."""
    found = list(_read(folder))
    if not found:
        raise GoldenError(
            Text("Aucune réponse enregistrée ici.", "No recorded answers here."),
            where=str(folder),
            do=Text(
                "Donnez le dossier qu'« epreuve record » a écrit (--out), ou tests/goldens d'une copie des sources.",
                "Give the folder that “epreuve record” wrote (--out), or tests/goldens of a checkout.",
            ),
        )
    return found


def _read(folder: Path) -> Iterator[GoldenFile]:
    models: tuple[tuple[type[Golden], str], ...] = (
        (LinuxGolden, "*/*.json"),
        (WindowsGolden, f"{WINDOWS}/*/*.json"),
        (OpenWrtGolden, f"{OPENWRT}/*/*.json"),
    )
    for model, path in ((model, path) for model, pattern in models for path in sorted(folder.glob(pattern))):
        try:
            yield GoldenFile(path.relative_to(folder), model.model_validate_json(path.read_bytes()))
        except (OSError, ValidationError) as error:
            raise GoldenError(
                Text("Ce fichier n'est pas une réponse enregistrée.", "This file is no recorded answer."),
                where=f"{path}: {str(error).splitlines()[0]}",
                do=Text("Ôtez-le de ce dossier, ou enregistrez-le à nouveau.", "Take it away, or record it again."),
            ) from error


def _file_name(*words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")[:80].rstrip("-") + ".json"
