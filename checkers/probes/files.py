"""Files and folders: what one holds, and who may do what with it."""

from __future__ import annotations

import re
import shlex
from typing import Annotated, ClassVar

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers import posix_acl, sections
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

_DIGEST = re.compile(r"^([0-9]{1,15})\n([0-9a-f]{64}) ")

LIMIT = 64 * 1024
"""Bytes of a file that are looked at."""


class FileContentValue(Value):
    """present: there is a regular file. text: its beginning."""

    present: bool
    text: str


class FileContent(Probe[FileContentValue]):
    """The beginning of a text file."""

    name: ClassVar[str] = "file-content"
    about: ClassVar[Text] = Text("contenu d'un fichier", "content of a file")
    value: ClassVar[type[Value]] = FileContentValue

    path: str

    def command(self) -> str:
        path = shlex.quote(self.path)
        return f"if [ -f {path} ]; then echo present; head -c {LIMIT} -- {path}; else echo absent; fi"

    def parse(self, raw: Raw) -> FileContentValue:
        state, _, text = raw.stdout.partition("\n")
        if state not in ("present", "absent") or raw.exit_code != 0:
            raise Unreadable(
                Text("le fichier {path} n'a pas pu être lu", "file {path} could not be read").format(path=self.path)
            )
        return FileContentValue(present=state == "present", text=text)


class FileDigestValue(Value):
    """present: there is a regular file. size: bytes. sha256: of all it holds, empty when it is not there."""

    present: bool
    size: Annotated[int, Field(ge=0, le=2**53 - 1)] = 0
    sha256: str = ""


class FileDigest(Probe[FileDigestValue]):
    """The SHA-256 of a whole file."""

    name: ClassVar[str] = "file-digest"
    about: ClassVar[Text] = Text("empreinte d'un fichier", "digest of a file")
    value: ClassVar[type[Value]] = FileDigestValue
    timeout_s: ClassVar[int] = 30

    path: str

    def command(self) -> str:
        path = shlex.quote(self.path)
        return f"if [ -f {path} ]; then stat -L -c %s -- {path}; sha256sum < {path}; else echo absent; fi"

    def parse(self, raw: Raw) -> FileDigestValue:
        if raw.stdout.strip() == "absent":
            return FileDigestValue(present=False)
        match = _DIGEST.match(raw.stdout)
        if match is None:
            raise Unreadable(
                Text("le fichier {path} n'a pas pu être lu", "file {path} could not be read").format(path=self.path)
            )
        return FileDigestValue(present=True, size=int(match[1]), sha256=match[2])


class AclEntry(Value):
    """One entry of a POSIX ACL; ``effective`` is what it grants under the mask."""

    default: bool
    kind: str
    who: str
    rights: str
    effective: str


class PathRightsValue(Value):
    """Owner, group and mode of a path (as ``stat`` shows them), with its ACL. mode: four octal digits."""

    present: bool
    type: str = ""
    owner: str = ""
    group: str = ""
    mode: str = ""
    acl: tuple[AclEntry, ...] = ()


class PathRights(Probe[PathRightsValue]):
    """POSIX rights of a file or folder."""

    name: ClassVar[str] = "path-rights"
    about: ClassVar[Text] = Text("droits POSIX d'un chemin", "POSIX rights of a path")
    value: ClassVar[type[Value]] = PathRightsValue

    path: str

    def command(self) -> str:
        path = shlex.quote(self.path)
        return (
            f"[ -e {path} ] || {{ echo '== absent'; exit 0; }}; "
            f"echo '== stat'; stat -L --printf='%F\\n%U\\n%G\\n%a\\n' -- {path}; echo '== acl'; getfacl -cp -- {path}"
        )

    def parse(self, raw: Raw) -> PathRightsValue:
        parts = sections.split(raw.stdout)
        if "absent" in parts:
            return PathRightsValue(present=False)
        lines = parts.get("stat", "").split("\n")
        entries = posix_acl.parse(parts.get("acl", ""))
        if len(lines) < 4 or not lines[3].isdigit() or not entries:
            raise Unreadable(
                Text("les droits de {path} n'ont pas pu être lus", "the rights of {path} could not be read").format(
                    path=self.path
                )
            )
        return PathRightsValue(
            present=True,
            type=clip(lines[0]),
            owner=clip(lines[1]),
            group=clip(lines[2]),
            mode=lines[3][-4:].zfill(4),
            acl=tuple(
                AclEntry(
                    default=entry.default,
                    kind=entry.kind,
                    who=clip(entry.who),
                    rights=entry.rights,
                    effective=posix_acl.effective(entries, entry),
                )
                for entry in entries
            ),
        )
