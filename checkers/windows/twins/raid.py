"""Storage Spaces, in the terms of the check on RAID arrays."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.probe import Probe, Unreadable
from checkers.probes.raid import Array, Member, MemberState, Raid, RaidValue, Return
from checkers.windows.answer import number, rows, text, texts
from checkers.windows.twin import WindowsTwin
from labs.text import Text

_MAX = 100
_HEALTHY = 0
_SPARE, _RETIRED = 3, 4
"""Usage of a physical disk: hot spare, retired."""
_IN_SERVICE = 11
_LEVELS = {"simple": "raid0", "mirror": "raid1", "parity": "raid5"}


class RaidTwin(WindowsTwin[RaidValue]):
    """Virtual disks as arrays. Windows mounts again what is not attached by hand, and needs no declaration."""

    probe: ClassVar[type[Probe[Any]]] = Raid
    script: ClassVar[str] = "raid"
    timeout_s: ClassVar[int | None] = 60

    def read(self, probe: Raid, answer: Any) -> RaidValue:
        if number(answer["dynamic"]) > 0:
            raise Unreadable(
                Text(
                    "des disques dynamiques (Gestion des disques : miroir, RAID-5…) ne sont pas lus : à voir sur place",
                    "dynamic disks (Disk Management: mirror, RAID-5…) are not looked into: see them on the machine",
                )
            )
        disks = rows(answer["disks"], _MAX)
        arrays = [_array(one) for one in disks]
        return RaidValue(
            present=bool(disks),
            arrays=tuple(arrays),
            returns=tuple(
                Return(target=path, source=array.name, automatic=disk["manual"] is not True, array=array.name,
                       by="identity")
                for disk, array in zip(disks, arrays, strict=True)
                for path in array.mounted
            )[:_MAX],
            declared=tuple(sorted(array.name for array in arrays)),
            others=True,
            mail="",
            program="",
        )  # fmt: skip


def _level(disk: Any) -> str:
    kind = text(disk["resiliency"], 40).lower()
    if kind == "parity" and number(disk["redundancy"], 1) >= 2:
        return "raid6"
    if kind == "mirror" and number(disk["columns"], 1) > 1:
        return "raid10"
    return _LEVELS.get(kind, kind)


def _member(found: Any) -> Member:
    usage = number(found["usage"], 0)
    state: MemberState = "active"
    if number(found["health"]) != _HEALTHY or usage == _RETIRED:
        state = "failed"
    elif usage == _SPARE:
        state = "spare"
    return Member(device=f"disk{text(found['name'], 40)}", state=state)


def _array(disk: Any) -> Array:
    members = tuple(_member(one) for one in rows(disk["members"], _MAX))
    active = [one for one in members if one.state == "active"]
    wanted = [one for one in members if one.state != "spare"]
    volumes = rows(disk["volumes"], 20)
    paths = [path for one in volumes for path in texts(one["paths"], 20) if not path.startswith("\\\\?\\")]
    healthy = number(disk["health"]) == _HEALTHY
    return Array(
        name=text(disk["name"], 80),
        devices=(f"disk{number(disk['number'])}",),
        level=_level(disk),
        active=disk["offline"] is not True,
        wanted=max(len(wanted), 1),
        # A member that was taken out is not listed any more: the virtual disk's own health tells.
        working=len(active) if healthy else min(len(active), max(len(wanted) - 1, 0)),
        action="" if _IN_SERVICE not in rows(disk["states"], 20) else "in service",
        members=members,
        mounted=tuple(_folder(path) for path in paths)[:20],
        read_only=disk["read_only"] is True or any(one["read_only"] is True for one in volumes),
        filesystem=next((text(one["file_system"], 40).lower() for one in volumes if one["file_system"]), ""),
    )


def _folder(path: str) -> str:
    """``D:`` for a drive, and no backslash at the end of a folder: as a lab writes it."""
    return path.rstrip("\\")
