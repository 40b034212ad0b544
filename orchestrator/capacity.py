"""Whether a bench still fits on the host, said with figures before anything is touched."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
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
class Need:
    """What is about to be made takes this much."""

    memory_mib: int
    disk_mib: int


def require_room(hypervisor: Hypervisor, place: Path, need: Need) -> None:
    """Refuse what does not fit.

    :raises CapacityError: memory or disk is short, with the figures.
    """
    free_memory = hypervisor.info().free_memory_mib - HOST_RESERVE_MIB
    if need.memory_mib > free_memory:
        raise CapacityError(
            Text(
                f"Mémoire insuffisante : il faut {need.memory_mib} Mio, il en reste {max(free_memory, 0)}.",
                f"Not enough memory: {need.memory_mib} MiB needed, {max(free_memory, 0)} left.",
            ),
            where=hypervisor.info().uri,
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
