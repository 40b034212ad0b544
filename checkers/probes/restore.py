"""A backup really tried: the newest one is restored into a place of its own, and compared with what it should hold.

The candidate administers the machine and made the backup, so the trial believes nothing of it: it happens in a mount
namespace that ends with it, in a RAM disk of bounded size where nothing can be executed, with the backups and the data
mounted read-only. Archives are recognised by what tar(1) makes of them, copies by holding the data's own folders, and
repositories of restic(1) and borg(1) by their layout.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from checkers.facts import Raw
from checkers.parsers import sections
from checkers.parsers.clean import clip, integer
from checkers.probe import Probe, Unreadable, Value
from checkers.witness.trial import trial_command
from labs.text import Text

Folder = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9][A-Za-z0-9/_.-]{0,150}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9/_.-]{0,100}$")]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]

SHOWN = 40
"""Paths that are told of each kind of difference."""

Kind = Literal["tar", "copy", "restic", "borg", ""]


class RestoreValue(Value):
    """made: when the newest backup was made, seconds since 1970. points: how many backups there are. files: how many
    the source holds. missing, different: files of the source that the backup does not restore, or restores otherwise.
    rights: paths restored with other owners, modes or access lists. left_in: files that should have been left out.
    broken: the tool said that the backup is damaged. At most 40 paths of each; none: there is no backup at all."""

    none: bool
    kind: Kind = ""
    latest: str = ""
    made: Count = 0
    points: Count = 0
    files: Count = 0
    missing: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    left_in: tuple[str, ...] = ()
    broken: bool = False
    trouble: str = ""


class Restore(Probe[RestoreValue]):
    """Restores the newest backup found in ``place`` and compares it with ``source``, but for what is to be left out.

    key_file: where the password of an encrypted repository stands.
    """

    name: ClassVar[str] = "restore-trial"
    about: ClassVar[Text] = Text(
        "essai de restauration de la dernière sauvegarde", "trial restore of the newest backup"
    )
    value: ClassVar[type[Value]] = RestoreValue
    timeout_s: ClassVar[int] = 90

    source: Folder
    place: Folder
    leave_out: tuple[Name, ...] = ()
    key_file: Folder = "/root/mot-de-passe-sauvegarde"

    def command(self) -> str:
        names = {"SOURCE": self.source, "PLACE": self.place, "OUT": " ".join(self.leave_out), "KEY": self.key_file}
        return trial_command("restore", names)

    def parse(self, raw: Raw) -> RestoreValue:
        parts = sections.split(raw.stdout)
        if "none" in parts and raw.exit_code == 0:
            return RestoreValue(none=True)
        for mark, why in _UNSEEN.items():
            if mark in parts:
                raise Unreadable(why)
        head = parts.get("tried", "").split("\n")
        if "end" not in parts or len(head) < 5 or head[0] not in _KINDS:
            raise Unreadable(Text("l'essai de restauration n'a pas abouti", "the trial restore did not come to an end"))
        here = set(_paths(parts.get("here", "")))
        absent = _paths(parts.get("absent", ""))
        return RestoreValue(
            none=False,
            kind=_KINDS[head[0]],
            made=integer(head[1]),
            points=integer(head[2]),
            files=integer(head[3]),
            latest=clip(head[4]),
            missing=tuple(path for path in absent if path not in here),
            different=tuple(path for path in absent if path in here),
            rights=tuple(path for path in _rights(parts.get("rights", "")) if path not in absent),
            left_in=tuple(_paths(parts.get("left-in", ""))),
            broken="broken" in parts,
            trouble=clip(parts.get("trouble", "").strip(), 300),
        )


_KINDS: dict[str, Kind] = {"tar": "tar", "copy": "copy", "restic": "restic", "borg": "borg"}
_UNSEEN = {
    "unknown": Text(
        "des fichiers sont là, mais aucun n'est une archive tar, une copie des dossiers ou un dépôt restic ou borg : "
        "à examiner par le jury",
        "there are files, but none is a tar archive, a copy of the folders or a restic or borg repository: "
        "for the jury to look at",
    ),
    "large": Text(
        "les données ou la sauvegarde sont trop grandes pour l'essai : à examiner par le jury",
        "the data or the backup are too large for the trial: for the jury to look at",
    ),
    "locked": Text(
        "le dépôt n'a pas pu être ouvert ou restauré avec le mot de passe prévu : à examiner par le jury",
        "the repository could not be opened or restored with the password foreseen: for the jury to look at",
    ),
}
_FILE = re.compile(r"^# file: (.+)$")


def _paths(text: str) -> list[str]:
    return [clip(line.removeprefix("./")) for line in text.split("\n") if line.strip()][:SHOWN]


def _rights(text: str) -> list[str]:
    return [clip(match[1].removeprefix("./")) for line in text.split("\n") if (match := _FILE.match(line))][:SHOWN]
