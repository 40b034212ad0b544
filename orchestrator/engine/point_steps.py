"""The steps of the engine that take checkpoints of a bench, and bring it back to one. Each may be cut short anywhere
and taken again."""

from __future__ import annotations

from labs.text import Text
from orchestrator.bench import Bench, ensure_networks
from orchestrator.engine.points import (
    go_back,
    keep_aside,
    keep_disk_aside,
    last_checkpoint_with,
    load_point,
    remove_point,
    take_point,
    whole_points,
)
from orchestrator.engine.restoring import RESTORING, Restoring, keep_restoring
from orchestrator.engine.work import Outcome, Work
from orchestrator.exam import commands as report
from orchestrator.exam.commands import Command
from orchestrator.golden import Golden
from orchestrator.hypervisor.checkpoint import OVERLAY
from orchestrator.hypervisor.port import DomainState
from orchestrator.workshop import reset_bench_machine

POINTS_KEPT = 2
"""Checkpoints kept of each bench; what resets threw away is kept beside them until the session is closed."""


def checkpoint(work: Work) -> Outcome:
    """Take the next checkpoint; of the older ones, few are kept."""
    sitting = work.sitting
    name = f"p{len(sitting.checkpoints) + 1}"
    running = work.actual.are(DomainState.RUNNING)
    kept = take_point(work.bench, name, running, work.opened.now, hypervisor=work.hypervisor)
    checkpoints = [one.point.id for one in whole_points(work.bench) if one.point.id.startswith("p")]
    for point in checkpoints[:-POINTS_KEPT]:
        remove_point(work.bench, point)
    old = [point for point in work.points if load_point(work.bench, point) is None]
    taken = report.CheckpointTaken(candidate=sitting.id, checkpoint=name, stopped_s=kept.point.stopped_s)
    return Outcome((taken,), kept, tuple(old))


def restore(work: Work) -> Outcome:
    """Bring lost machines back: from the last point that holds them, else from their start."""
    sitting, golden = work.sitting, work.ground.golden(work.opened)
    ensure_networks(work.bench, work.hypervisor)
    lost = work.actual.lost()
    missing = Restoring(missing_since=work.missing_since or work.opened.now, machines=lost)
    missing = keep_restoring(work.bench.dir, missing, told=sitting.missing_since)
    paused = sitting.state != "running"
    since = sitting.restored_at or sitting.clock.started_at or work.opened.now
    for machine in lost:
        kept = last_checkpoint_with(work.bench, machine)
        keep_disk_aside(work.bench, machine, f"since-{since:%H%M%S}")
        if kept is None:
            _restart(work, machine, golden, paused=paused)
        else:
            go_back(work.bench, machine, kept, golden, hypervisor=work.hypervisor, paused=paused)
    return restored(work, work.bench, missing)


def restored(work: Work, bench: Bench, missing: Restoring) -> Outcome:
    """What is told once that is back."""
    points = [last_checkpoint_with(bench, machine) for machine in missing.machines]
    used = next((kept.point for kept in reversed(points) if kept is not None), None)
    from_ = used.taken_at if used else (work.sitting.clock.started_at or missing.missing_since)
    restored = report.BenchRestored(
        candidate=work.sitting.id,
        missing_since=missing.missing_since,
        lost_s=max(0.0, round((missing.missing_since - from_).total_seconds(), 3)),
        checkpoint=used.id if used else None,
        why=", ".join(missing.machines),
    )
    return Outcome((restored,), done=bench.dir / RESTORING)


def reset(work: Work) -> Outcome:
    """Bring a machine, or all, back. What is thrown away becomes a point: a reset can be undone."""
    sitting, asked = work.sitting, work.sitting.reset
    assert asked is not None  # noqa: S101 - the plan asks for it only then
    golden = work.ground.golden(work.opened)
    ensure_networks(work.bench, work.hypervisor)
    machines = list(work.bench.machines) if asked.machine is None else [asked.machine]
    kept_from = load_point(work.bench, asked.to)
    if asked.to != "start" and kept_from is None:
        error = Text(
            f"Le point de reprise {asked.to} a été remplacé par de plus récents.",
            f"Checkpoint {asked.to} was replaced by newer ones.",
        )
        return Outcome((report.ResetFailed(candidate=sitting.id, number=asked.number, error=error),))
    alive = [name for name in machines if work.actual.machines.get(name) in (DomainState.RUNNING, DomainState.PAUSED)]
    aside = f"a{asked.number}"
    kept = keep_aside(work.bench, aside, machines, alive, work.opened.now, hypervisor=work.hypervisor)
    paused = sitting.state != "running"
    for machine in machines:
        if kept_from is None:
            _restart(work, machine, golden, paused=paused)
        else:
            go_back(work.bench, machine, kept_from, golden, hypervisor=work.hypervisor, paused=paused)
    reports: list[Command] = [report.ResetDone(candidate=sitting.id, number=asked.number)]
    if kept is not None:
        stopped_s = kept.point.stopped_s
        reports.insert(0, report.CheckpointTaken(candidate=sitting.id, checkpoint=kept.point.id, stopped_s=stopped_s))
    return Outcome(tuple(reports), kept)


def _restart(work: Work, machine: str, golden: Golden, *, paused: bool) -> None:
    session = work.ground.session(work.opened)
    reset_bench_machine(work.bench, machine, work.lab, golden, session=session, hypervisor=work.hypervisor)
    (work.bench.dir / f"{machine}.qcow2{OVERLAY}").unlink(missing_ok=True)  # of a checkpoint that was cut short
    if paused:
        work.hypervisor.suspend(work.bench.machines[machine].domain)
