"""Checks about software RAID."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from checkers.check import Check, View
from checkers.checks.wording import compare
from checkers.parsers.clean import clip, listed
from checkers.probe import Question
from checkers.probes.raid import Array, Raid, RaidValue
from checkers.verdict import Finding, Tally, failed
from labs.text import Text

Folder = Annotated[str, StringConstraints(pattern=r"^(/|[A-Z]:)[^\s]{0,200}$")]
"""A folder, or a drive of Windows."""
Disk = Annotated[str, StringConstraints(pattern=r"^(/dev/[A-Za-z0-9/_-]{1,80}|disk[0-9]{1,4})$")]


def array_at(found: RaidValue, path: str) -> Array | None:
    """The array whose file system is mounted there."""
    return next((array for array in found.arrays if path in array.mounted), None)


def not_there(path: str) -> Finding:
    return failed(Text(f"aucune grappe RAID n'est montée sur {path}", f"no RAID array is mounted on {path}"))


class RaidIsSound(Check):
    """The array mounted on a folder is of this level, complete, synchronised and writable.

    disks: how many it has in use, spares not counted. members: exactly these disks, spares counted, and no other.
    filesystem: type of the file system on it.
    """

    kind: ClassVar[str] = "raid-array"
    about: ClassVar[Text] = Text("la grappe RAID est complète et montée", "the RAID array is complete and mounted")

    on: str
    path: Folder
    level: Annotated[str, StringConstraints(pattern=r"^raid(0|1|4|5|6|10)$")] | None = None
    disks: Annotated[int, Field(ge=1, le=64)] | None = None
    members: tuple[Disk, ...] = ()
    filesystem: str | None = None

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Raid())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Raid())
        array = array_at(found, self.path)
        if array is None:
            return not_there(self.path)
        tally = Tally()
        if self.level is not None:
            compare(tally, Text("niveau", "level"), array.level, self.level, array.level == self.level, required=True)
        if self.filesystem is not None:
            kind = array.filesystem
            compare(tally, Text("système de fichiers", "file system"), kind, self.filesystem, kind == self.filesystem)
        if self.members:
            self._judge_members(tally, array)
        if self.disks is not None or not self.members:
            self._judge_health(tally, array)
        return tally.finding()

    def _judge_health(self, tally: Tally, array: Array) -> None:
        wanted = self.disks or array.wanted
        broken = [member.device for member in array.members if member.state == "failed"]
        tally.expect(
            array.active and array.working == array.wanted == wanted,
            Text(f"{array.name} : {array.working} disques en service", f"{array.name}: {array.working} disks in use"),
            Text(
                f"{array.name} : {array.working} disques en service sur {array.wanted}, attendu {wanted}"
                + (f" (reconstruction en cours : {array.action})" if array.action else ""),
                f"{array.name}: {array.working} disks in use of {array.wanted}, expected {wanted}"
                + (f" (rebuilding: {array.action})" if array.action else ""),
            ),
            required=True,
        )
        tally.expect(
            not broken,
            Text("aucun disque en panne", "no failed disk"),
            Text(f"disque en panne dans la grappe : {listed(broken)}", f"failed disk in the array: {listed(broken)}"),
        )
        tally.expect(
            not array.read_only,
            Text("montée en écriture", "mounted writable"),
            Text("montée en lecture seule", "mounted read-only"),
            required=True,
        )

    def _judge_members(self, tally: Tally, array: Array) -> None:
        real = sorted(member.device for member in array.members)
        tally.expect(
            real == sorted(self.members),
            Text(f"disques {listed(real)}", f"disks {listed(real)}"),
            Text(
                f"disques de la grappe : {listed(real)}, attendu {listed(sorted(self.members))}",
                f"disks of the array: {listed(real)}, expected {listed(sorted(self.members))}",
            ),
            required=True,
        )


class RaidReturns(Check):
    """After a restart, the array is put together and mounted on the folder again.

    declared: mdadm.conf names the array (by its UUID or name); without it, what the boot finds by itself is enough.
    """

    kind: ClassVar[str] = "raid-at-boot"
    about: ClassVar[Text] = Text("la grappe revient au redémarrage", "the array comes back after a restart")

    on: str
    path: Folder
    declared: bool = True

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Raid())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Raid())
        array = array_at(found, self.path)
        if array is None:
            return not_there(self.path)
        tally = Tally()
        known = array.name in found.declared
        if self.declared or not found.others:
            tally.expect(
                known,
                Text(f"{array.name} est dans mdadm.conf", f"{array.name} is in mdadm.conf"),
                Text(
                    f"mdadm.conf ne déclare pas la grappe {array.name} (par son UUID ou son nom)",
                    f"mdadm.conf does not name array {array.name} (by its UUID or name)",
                ),
            )
        entries = [entry for entry in found.returns if entry.target == self.path]
        right = [entry for entry in entries if entry.array == array.name and entry.by in ("identity", "device")]
        sound = any(entry.automatic for entry in right)
        tally.expect(
            sound and len({entry.array for entry in entries}) == 1,
            Text("montée au démarrage", "mounted at boot"),
            self._fault(array, found),
        )
        return tally.finding()

    def _fault(self, array: Array, found: RaidValue) -> Text:
        entries = [entry for entry in found.returns if entry.target == self.path]
        if not entries:
            return Text(f"rien ne monte {self.path} au démarrage", f"nothing mounts {self.path} at boot")
        entry = next((one for one in entries if one.array != array.name or one.by == "loose"), entries[0])
        source = clip(entry.source, 80)
        if entry.array != array.name:
            return Text(
                f"fstab monte « {source} », qui n'est pas cette grappe", f"fstab mounts “{source}”, not this array"
            )
        if entry.by == "loose":
            return Text(
                f"fstab monte « {source} », nom que mdadm.conf ne donne pas à cette grappe : il peut changer",
                f"fstab mounts “{source}”, a name that mdadm.conf does not give this array: it may change",
            )
        return Text("montage non automatique (noauto)", "not mounted automatically (noauto)")
