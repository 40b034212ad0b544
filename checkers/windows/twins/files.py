"""Files and volumes of Windows."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.probe import Probe
from checkers.probes.files import LIMIT, FileContent, FileContentValue, FileDigest, FileDigestValue
from checkers.probes.mounts import Encryption, MountPoint, MountValue
from checkers.probes.space import Space, SpaceValue
from checkers.windows.answer import number, text
from checkers.windows.twin import WindowsTwin

_MIB = 2**20
_ON, _LOCKED = 1, 2
"""ProtectionStatus: whole encrypted and its key protected; locked, so that the rest cannot be told."""


class FileContentTwin(WindowsTwin[FileContentValue]):
    """The beginning of a text file; lines end as on Linux."""

    probe: ClassVar[type[Probe[Any]]] = FileContent
    script: ClassVar[str] = "file-content"
    parameters: ClassVar[tuple[str, ...]] = ("Path", "Limit")

    def arguments(self, probe: FileContent) -> dict[str, Any]:
        return {"Path": probe.path, "Limit": LIMIT}

    def read(self, probe: FileContent, answer: Any) -> FileContentValue:
        if answer["present"] is not True:
            return FileContentValue(present=False, text="")
        found = answer["text"]
        if not isinstance(found, str):
            raise TypeError("not a text")
        return FileContentValue(present=True, text=found[:LIMIT].replace("\r\n", "\n"))


class FileDigestTwin(WindowsTwin[FileDigestValue]):
    """The SHA-256 of a whole file."""

    probe: ClassVar[type[Probe[Any]]] = FileDigest
    script: ClassVar[str] = "file-digest"
    parameters: ClassVar[tuple[str, ...]] = ("Path",)

    def arguments(self, probe: FileDigest) -> dict[str, Any]:
        return {"Path": probe.path}

    def read(self, probe: FileDigest, answer: Any) -> FileDigestValue:
        if answer["present"] is not True:
            return FileDigestValue(present=False)
        return FileDigestValue(present=True, size=number(answer["size"]), sha256=text(answer["sha256"], 64))


class SpaceTwin(WindowsTwin[SpaceValue]):
    """The room on the volume that holds a path. NTFS sets no bound on the number of files."""

    probe: ClassVar[type[Probe[Any]]] = Space
    script: ClassVar[str] = "free-space"
    parameters: ClassVar[tuple[str, ...]] = ("Path",)

    def arguments(self, probe: Space) -> dict[str, Any]:
        return {"Path": probe.path}

    def read(self, probe: Space, answer: Any) -> SpaceValue:
        if answer["present"] is not True:
            return SpaceValue(exists=False)
        return SpaceValue(
            exists=True, total_mib=number(answer["total"]) // _MIB, free_mib=number(answer["free"]) // _MIB
        )


class MountPointTwin(WindowsTwin[MountValue]):
    """The volume at a drive (``D:``) or in a folder. A volume whose key lies open beside it is not encrypted: BitLocker
    is suspended, or was never switched on."""

    probe: ClassVar[type[Probe[Any]]] = MountPoint
    script: ClassVar[str] = "mount"
    parameters: ClassVar[tuple[str, ...]] = ("Path",)
    timeout_s: ClassVar[int | None] = 30

    def arguments(self, probe: MountPoint) -> dict[str, Any]:
        # "D:" alone is the current folder of that drive.
        return {"Path": probe.path + "\\" if probe.path.endswith(":") else probe.path}

    def read(self, probe: MountPoint, answer: Any) -> MountValue:
        if answer["mounted"] is not True:
            return MountValue(mounted=False)
        locker = answer["locker"]
        encryption: Encryption = "none"
        if locker and number(locker["protection"]) in (_ON, _LOCKED):
            encryption = "bitlocker"
        return MountValue(
            mounted=True,
            file_system=text(answer["file_system"], 40).lower(),
            source=text(answer["device"]),
            encryption=encryption,
            container=text(answer["container"]),
        )
