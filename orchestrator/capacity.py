"""Whether a bench still fits on the host, said with figures before anything is touched."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.hypervisor.port import Hypervisor

MACHINE_OVERHEAD_MIB = 80
"""What QEMU itself takes beside the guest's memory (measured: 50 to 90 MiB)."""

HOST_RESERVE_MIB = 512
"""Memory and, separately, disk that stays with the host."""

OVERLAY_START_MIB = 64
"""What a new overlay grows to while its machine is personalised."""


class BenchError(EpreuveError):
    """A bench cannot do what was asked of it."""

    code = "bench"
    exit_code = 6


class CapacityError(BenchError):
    """There is not enough memory or disk left."""

    code = "capacity"


@dataclass(frozen=True)
class Room:
    """How many benches fit on a host, by what limits them. ``needed``: for one bench, in MiB; of memory, what is set
    aside for it: ``memory_share`` percent of what its machines may come to use."""

    wanted: int
    by_memory: int
    by_disk: int
    free_memory_mib: int
    free_disk_mib: int
    needed_memory_mib: int
    needed_disk_mib: int
    cores: int
    memory_share: int
    by_host: dict[str, int] = field(default_factory=dict)
    """Of several hosts: how many fit into the memory of each."""

    @property
    def fits(self) -> int:
        """How many fit."""
        return min(self.by_memory, self.by_disk)

    @property
    def is_enough(self) -> bool:
        """Whether all that are wanted do."""
        return self.wanted <= self.fits


POINTS_PER_BENCH = 4
"""RAM files of a bench on the disk at the end of an exam: two checkpoints, one being made, and what is frozen."""


def room_for(
    hypervisor: Hypervisor,
    place: Path,
    one: Need,
    wanted: int,
    *,
    points: int = POINTS_PER_BENCH,
    worked_mib: int = 1024,
) -> Room:
    """Whether so many benches fit through a whole exam. ``worked_mib``: what a candidate may write on the disks."""
    info = hypervisor.info()
    memory = max(0, info.free_memory_mib - HOST_RESERVE_MIB)
    needed_memory = info.set_aside(one.memory_mib)
    disk = max(0, (shutil.disk_usage(_existing(place)).free >> 20) - HOST_RESERVE_MIB)
    needed_disk = (1 + points) * one.disk_mib + worked_mib  # saved RAM takes what is used of it
    if info.simulated:
        needed_disk = 0  # they write next to nothing: this host's disk does not limit a rehearsal
    return Room(
        wanted=wanted,
        by_memory=memory // max(1, needed_memory),
        by_disk=disk // max(1, needed_disk),
        free_memory_mib=memory,
        free_disk_mib=disk,
        needed_memory_mib=needed_memory,
        needed_disk_mib=needed_disk,
        cores=info.cores,
        memory_share=info.memory_share,
    )


def room_on(hosts: Mapping[str, Hypervisor], place: Path, one: Need, wanted: int) -> Room:
    """The same for benches that are spread over hosts, which share the disk. hosts: those that answer; at least one."""
    rooms = {name: room_for(hypervisor, place, one, wanted) for name, hypervisor in hosts.items()}
    first = next(iter(rooms.values()))
    if len(rooms) == 1:
        return first
    return replace(
        first,
        by_memory=sum(room.by_memory for room in rooms.values()),
        free_memory_mib=sum(room.free_memory_mib for room in rooms.values()),
        cores=sum(room.cores for room in rooms.values()),
        by_host={name: room.by_memory for name, room in rooms.items()},
    )


def require_room_for(room: Room) -> None:
    """Refuse a session that does not fit, with all figures. Raises CapacityError."""
    if room.is_enough:
        return
    each = "".join(f", {name}: {count}" for name, count in room.by_host.items())
    raise CapacityError(
        Text(
            f"{room.wanted} postes ne tiennent pas ici : {room.fits} au plus.",
            f"{room.wanted} benches do not fit here: {room.fits} at most.",
        ),
        where=str(
            Text(
                f"mémoire : {room.needed_memory_mib} Mio par poste (memory_share {room.memory_share} %), "
                f"{room.free_memory_mib} libres, donc {room.by_memory} postes{each} ; "
                f"disque : {room.needed_disk_mib} Mio par poste, {room.free_disk_mib} libres, donc {room.by_disk} "
                f"postes ; {room.cores} cœurs",
                f"memory: {room.needed_memory_mib} MiB a bench (memory_share {room.memory_share} %), "
                f"{room.free_memory_mib} free, so {room.by_memory} benches{each}; "
                f"disk: {room.needed_disk_mib} MiB a bench, {room.free_disk_mib} free, so {room.by_disk} "
                f"benches; {room.cores} cores",
            )
        ),
        do=Text(
            "Répartissez les candidats sur plusieurs sessions, ou libérez ce qui manque.",
            "Split the candidates over several sessions, or free what is missing.",
        ),
    )


@dataclass(frozen=True)
class Need:
    """What is about to be made takes this much."""

    memory_mib: int
    disk_mib: int


def require_room(hypervisor: Hypervisor, place: Path, need: Need) -> None:
    """Refuse what does not fit.

    :raises CapacityError: memory or disk is short, with the figures.
    """
    info = hypervisor.info()
    needed, free_memory = info.set_aside(need.memory_mib), info.free_memory_mib - HOST_RESERVE_MIB
    if needed > free_memory:
        raise CapacityError(
            Text(
                f"Mémoire insuffisante : il faut {needed} Mio, il en reste {max(free_memory, 0)}.",
                f"Not enough memory: {needed} MiB needed, {max(free_memory, 0)} left.",
            ),
            where=f"{info.uri}, memory_share {info.memory_share} %",
            do=Text("Détruisez des postes ou ajoutez un hyperviseur.", "Destroy benches or add a hypervisor."),
        )
    free_disk = (shutil.disk_usage(_existing(place)).free >> 20) - HOST_RESERVE_MIB
    if need.disk_mib > free_disk:
        raise CapacityError(
            Text(
                f"Disque insuffisant : il faut {need.disk_mib} Mio, il en reste {max(free_disk, 0)}.",
                f"Not enough disk: {need.disk_mib} MiB needed, {max(free_disk, 0)} left.",
            ),
            where=str(place),
            do=Text("Libérez de la place ou détruisez des postes.", "Free some space or destroy benches."),
        )


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path
