"""Checks about what is mounted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from checkers.check import Check, View
from checkers.checks.wording import OneOrMore, compare
from checkers.probe import Question
from checkers.probes.mounts import MountPoint, MountValue
from checkers.verdict import Finding, Tally, failed
from labs.text import Text

_ENCRYPTION = {
    "luks": Text("volume chiffré LUKS", "LUKS encrypted volume"),
    "bitlocker": Text("volume chiffré par BitLocker", "volume encrypted by BitLocker"),
    "none": Text("volume en clair", "volume that is not encrypted"),
    "other": Text("volume chiffré, mais pas LUKS", "volume that is encrypted, but not LUKS"),
}

_SOUND = ("luks", "bitlocker")


class FolderIsMounted(Check):
    """A file system of its own is mounted in a folder now, of this kind, with these options, on an encrypted volume.

    encrypted: the volume is one of LUKS or BitLocker (true), or is not encrypted (false). container: the file or disk
    that holds it.
    """

    kind: ClassVar[str] = "mount"
    about: ClassVar[Text] = Text("un volume est monté dans le dossier", "a volume is mounted in the folder")

    on: str
    path: str
    file_system: OneOrMore[str] = ()
    options: OneOrMore[str] = ()
    encrypted: bool | None = None
    container: str | None = None

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, MountPoint(path=self.path))]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, MountPoint(path=self.path))
        if not found.mounted:
            return failed(Text(f"rien n'est monté dans {self.path}", f"nothing is mounted in {self.path}"))
        tally = Tally()
        if self.encrypted is not None:
            self._judge_encryption(tally, found)
        if self.container is not None:
            compare(tally, Text("contenant", "container"), found.container, self.container,
                    found.container == self.container)  # fmt: skip
        if self.file_system:
            compare(tally, Text("système de fichiers", "file system"), found.file_system, ", ".join(self.file_system),
                    found.file_system in self.file_system)  # fmt: skip
        for option in self.options:
            tally.expect(
                option in found.options,
                Text(f"option {option}", f"option {option}"),
                Text(f"monté sans l'option {option}", f"mounted without option {option}"),
            )
        mounted = Text(f"un volume est monté dans {self.path}", f"a volume is mounted in {self.path}")
        tally.expect(True, mounted, mounted)
        return tally.finding()

    def _judge_encryption(self, tally: Tally, found: MountValue) -> None:
        right = _SOUND if self.encrypted else ("none",)
        got, wanted = _ENCRYPTION[found.encryption], _ENCRYPTION[right[0]]
        tally.expect(
            found.encryption in right,
            got,
            Text(f"{got.fr}, attendu : {wanted.fr}", f"{got.en}, expected: {wanted.en}"),
            required=True,
        )
