"""Points that a bench can go back to: checkpoints, and what a reset threw away.

``<bench>/points/<id>/`` holds ``<machine>.ram`` and ``<machine>.qcow2`` of one moment and ``point.json``. It appears by
one rename or not at all.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from labs.errors import EpreuveError
from labs.files import sync_directory, sync_file, write_atomic
from labs.text import Text
from orchestrator.bench import Bench, BenchError
from orchestrator.bench_start import domain_spec
from orchestrator.engine.actual import POINTS
from orchestrator.golden import Golden
from orchestrator.hypervisor.checkpoint import OVERLAY, copy_disk
from orchestrator.hypervisor.port import DomainState, Hypervisor
from orchestrator.hypervisor.readiness import wait_agent
from orchestrator.together import together

MANIFEST = "point.json"
_PARTIAL = ".partial-"
AGENT_LIMIT_S = 20.0
"""How long a machine that stood still is given to answer before its clock is left as it is."""


class Point(BaseModel):
    """A point of a bench. ``machines``: those that it holds. ``stopped_s``: for how long the candidate was stopped."""

    model_config = ConfigDict(frozen=True)

    id: str
    taken_at: datetime
    machines: tuple[str, ...]
    stopped_s: float


@dataclass(frozen=True)
class Kept:
    """A point, where it is, and the bytes that it takes on the disk."""

    point: Point
    folder: Path
    size: int


def load_point(bench: Bench, name: str) -> Kept | None:
    """A whole point of a bench; None when there is none."""
    folder = bench.dir / POINTS / name
    try:
        point = Point.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return None
    return Kept(point, folder, sum(file.stat().st_blocks * 512 for file in folder.iterdir()))


def whole_points(bench: Bench) -> list[Kept]:
    """The points of a bench, the oldest first: all that are whole, written down elsewhere or not."""
    places = (bench.dir / POINTS).iterdir() if (bench.dir / POINTS).is_dir() else ()
    found = [load_point(bench, place.name) for place in places if not place.name.startswith(_PARTIAL)]
    return sorted((kept for kept in found if kept), key=lambda kept: kept.point.taken_at)


def take_point(bench: Bench, name: str, machines: Sequence[str], now: datetime, *, hypervisor: Hypervisor) -> Kept:
    """Take a point of these machines, at the same time for all, while they go on. There already: it is that one.

    :raises HypervisorError: a machine could not be saved; nothing is left of the point then.
    """
    if (kept := load_point(bench, name)) is not None:
        return kept
    points = bench.dir / POINTS
    points.mkdir(mode=0o700, exist_ok=True)
    for entry in points.glob(f"{_PARTIAL}*"):  # what a killed process left
        shutil.rmtree(entry)
    partial = points / f"{_PARTIAL}{name}"
    partial.mkdir(mode=0o700)

    def take(machine: str) -> float:
        domain = bench.machines[machine].domain
        return hypervisor.checkpoint(domain, partial / f"{machine}.ram", partial / f"{machine}.qcow2")

    try:
        stopped = together(take, machines)
        point = Point(id=name, taken_at=now, machines=tuple(machines), stopped_s=max(stopped, default=0.0))
        for machine in machines:  # the hypervisor wrote it: a host that fails now must not leave half of it
            sync_file(partial / f"{machine}.ram")
        write_atomic(partial / MANIFEST, point.model_dump_json(), mode=0o600)
        partial.rename(points / name)
        sync_directory(points)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    kept = load_point(bench, name)
    assert kept is not None  # noqa: S101 - it has just been written
    return kept


def last_checkpoint_with(bench: Bench, machine: str) -> Kept | None:
    """The newest checkpoint that holds a machine; not what a reset threw away."""
    for kept in reversed(whole_points(bench)):
        if kept.point.id.startswith("p") and machine in kept.point.machines:
            return kept
    return None


def keep_aside(
    bench: Bench, name: str, machines: Sequence[str], alive: Sequence[str], now: datetime, *, hypervisor: Hypervisor
) -> Kept | None:
    """What a reset of these machines is about to throw away; None when none is alive, as only disks are kept then.

    Kept already: that is what was thrown away. What is there now is what a try that was cut short has made.
    """
    if (kept := load_point(bench, name)) is not None:
        return kept
    for machine in machines:
        if machine not in alive:
            keep_disk_aside(bench, machine, name)
    return take_point(bench, name, alive, now, hypervisor=hypervisor) if alive else None


def keep_disk_aside(bench: Bench, machine: str, name: str) -> None:
    """The disk of a machine whose RAM is gone: what it had written is not thrown away.

    name: the same for every try, for the first is the candidate's; later ones find what the try before has made.
    """
    aside, disk = bench.dir / POINTS / f"disks-{name}", bench.dir / f"{machine}.qcow2"
    if (aside / disk.name).exists() or not disk.exists():
        return
    aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    overlay = disk.with_name(disk.name + OVERLAY)
    if overlay.exists():
        (aside / overlay.name).unlink(missing_ok=True)
        (aside / overlay.name).hardlink_to(overlay)
    (aside / disk.name).hardlink_to(disk)  # last: it says that all is there


def go_back(bench: Bench, machine: str, kept: Kept, golden: Golden, *, hypervisor: Hypervisor, paused: bool) -> None:
    """Bring one machine back to a point; the point stays. What is there of the machine is cut off and replaced.

    :raises BenchError: the point does not hold it.
    :raises HypervisorError: it could not be started from there; another try may follow. So may it after an OSError.
    """
    spec = domain_spec(golden, machine, session=bench.session, bench=bench.name, store=bench.store)
    ram, disk = kept.folder / f"{machine}.ram", kept.folder / f"{machine}.qcow2"
    if not ram.is_file() or not disk.is_file():
        raise BenchError(
            Text("Ce point de reprise ne contient pas la machine.", "This checkpoint does not hold the machine."),
            where=f"{bench.label}: {kept.point.id}: {machine}",
            do=Text("Choisissez un autre point de reprise ou le départ.", "Choose another checkpoint, or the start."),
        )
    hypervisor.destroy(spec.name)
    spec.disk.with_name(spec.disk.name + OVERLAY).unlink(missing_ok=True)
    spec.disk.unlink(missing_ok=True)
    copy_disk(disk, spec.disk)  # each point stands by itself: older ones may be removed
    hypervisor.restore(spec, ram, paused=paused)
    if not paused:
        set_right(bench, machine, hypervisor)


def set_right(bench: Bench, machine: str, hypervisor: Hypervisor) -> None:
    """Set the clock of a machine that stood still. One whose agent is silent is the candidate's doing, not an error."""
    domain = bench.machines[machine].domain
    try:
        wait_agent(hypervisor, domain, timeout_s=AGENT_LIMIT_S).set_clock(timeout_s=AGENT_LIMIT_S)
    except EpreuveError:
        if hypervisor.state(domain) not in (DomainState.RUNNING, DomainState.PAUSED):
            raise  # paused: by a bell or a supervisor, meanwhile


def remove_point(bench: Bench, name: str) -> None:
    """Remove a point, by one rename: half a point must not look like one. Not there: nothing to do."""
    removed = bench.dir / POINTS / f"{_PARTIAL}removed-{name}"
    shutil.rmtree(removed, ignore_errors=True)
    with suppress(FileNotFoundError):
        (bench.dir / POINTS / name).rename(removed)
    shutil.rmtree(removed, ignore_errors=True)
