"""What becomes of a step is written down: that it begins, what it leaves, or why it failed; each in one transaction."""

from __future__ import annotations

from datetime import timedelta

from labs.errors import EpreuveError
from orchestrator.engine import judging
from orchestrator.engine.desk import Desk
from orchestrator.engine.plan import QUICK, Step
from orchestrator.engine.points import Kept
from orchestrator.engine.recording import record
from orchestrator.engine.work import Outcome, Work
from orchestrator.exam import commands as report
from orchestrator.exam.commands import Command
from orchestrator.exam.events import BenchFrozen
from orchestrator.store import benches
from orchestrator.store.benches import Failure
from orchestrator.store.database import Transaction


def note_attempt(desk: Desk, work: Work, step: Step) -> None:
    """A step begins. Raises StoreError."""
    with desk.store.write() as tx:
        benches.put_bench(tx, work.slug, work.sitting.id, host=work.host, step=step, at=work.opened.now)
        benches.record_attempt(tx, work.slug, work.sitting.id, step=step, at=work.opened.now)


def note_success(desk: Desk, work: Work, step: Step, outcome: Outcome) -> None:
    """A step is done. Of one of a moment that has nothing to tell, nothing is. Raises StoreError or OSError."""
    if step in QUICK and not outcome.reports:
        return
    slug, candidate = work.slug, work.sitting.id
    with desk.store.write() as tx:
        made = desk.within(tx, slug, *outcome.reports)
        if outcome.judgement is not None and any(isinstance(event, BenchFrozen) for event in made):
            judging.keep(desk, tx, slug, candidate, outcome.judgement, who=report.ENGINE)
        if outcome.entry is not None and made:
            what, entry = outcome.entry
            record(desk, tx, slug, candidate, "incidents", what, entry, who=report.ENGINE)
        if step not in QUICK:
            benches.record_success(tx, slug, candidate, step=step, at=work.opened.now)
            _note_points(tx, work, step, outcome)
    if outcome.done is not None:
        outcome.done.unlink(missing_ok=True)


def _note_points(tx: Transaction, work: Work, step: Step, outcome: Outcome) -> None:
    stored = {one.folder: one for one in benches.checkpoints(tx, work.slug, work.sitting.id)}
    if outcome.point is not None and outcome.point.point.id not in stored:
        _add_point(tx, work, step, outcome.point)
    for name in outcome.removed:
        if name in stored:
            benches.mark_removed(tx, stored[name].id, work.opened.now)


def _add_point(tx: Transaction, work: Work, step: Step, kept: Kept) -> None:
    benches.add_checkpoint(
        tx,
        work.slug,
        work.sitting.id,
        taken_at=kept.point.taken_at,
        folder=kept.point.id,
        machines=kept.point.machines,
        stopped_ms=round(kept.point.stopped_s * 1000),
        kind="checkpoint" if step is Step.CHECKPOINT else "kept-aside",
        why=step,
        size=kept.size,
    )


def note_failure(desk: Desk, work: Work, step: Step, error: EpreuveError, *, again_s: float) -> None:
    """A step failed. again_s: in how many seconds it is tried again. Raises StoreError."""
    failed: Command
    if step is Step.CHECKPOINT:
        failed = report.CheckpointFailed(candidate=work.sitting.id, error=error.what)
    else:
        failed = report.BenchFailed(candidate=work.sitting.id, error=error.what)
    now = work.opened.now
    with desk.store.write() as tx:
        benches.put_bench(tx, work.slug, work.sitting.id, host=work.host, step=step, at=now)
        next_try = now + timedelta(seconds=again_s)
        benches.record_failure(tx, work.slug, work.sitting.id, Failure.of(error, now), next_try_at=next_try)
        desk.within(tx, work.slug, failed)
