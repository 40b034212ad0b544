"""The steps that the engine takes for a bench. Each may be cut short anywhere and taken again."""

from __future__ import annotations

import logging
import shutil

from checkers.facts import Observation
from labs.errors import EpreuveError
from labs.files import remove_temporaries
from labs.text import Text
from orchestrator.bench import Bench, destroy_bench, ensure_networks
from orchestrator.bench_stamps import clear_hypervisor
from orchestrator.engine import copy_steps
from orchestrator.engine.actual import COPY, FROZEN, MOVE, OBSERVED, POINTS
from orchestrator.engine.freeze import LOOK, bank, look
from orchestrator.engine.judging import Made, judge_with
from orchestrator.engine.move import move
from orchestrator.engine.other_keys import other_keys
from orchestrator.engine.plan import Step
from orchestrator.engine.points import (
    go_back,
    keep_aside,
    keep_disk_aside,
    last_checkpoint_with,
    load_point,
    remove_point,
    set_right,
    take_point,
    whole_points,
)
from orchestrator.engine.restoring import RESTORING, Restoring, keep_restoring
from orchestrator.engine.screens import SCREENS
from orchestrator.engine.watching import watch
from orchestrator.engine.work import Outcome, Work
from orchestrator.exam import commands as report
from orchestrator.exam.commands import Command
from orchestrator.golden import Golden
from orchestrator.hypervisor.checkpoint import OVERLAY
from orchestrator.hypervisor.port import DomainState
from orchestrator.together import together
from orchestrator.workshop import make_bench, reset_bench_machine

log = logging.getLogger(__name__)

POINTS_KEPT = 2
"""Checkpoints kept of each bench; what resets threw away is kept beside them until the session is closed."""


_NO_MORE = Text("le poste n'existe plus", "the bench is no more")
_UNTOUCHED = Text("sans pratique : personne n'y a travaillé", "no practical: nobody has worked on it")


def take(step: Step, work: Work) -> Outcome:
    """Take a step. Raises EpreuveError or OSError: it is tried again later."""
    return _STEPS[step](work)


def suspend(work: Work) -> Outcome:
    """Stop the processors of every machine at once."""
    domains = [work.bench.machines[name].domain for name in work.actual.are(DomainState.RUNNING)]
    together(work.hypervisor.suspend, domains)
    return Outcome()


def _reach(work: Work) -> Outcome:
    """Asked for when a host does not answer, so that this is told; and when it does again, so that that is."""
    for host in {work.host, work.sitting.home or work.host} - set(work.sitting.given_up):
        work.ground.hosts.get(host).domains()
    return Outcome((report.BenchReached(candidate=work.sitting.id),))


def _forget(work: Work) -> Outcome:
    """A host that was said to be dead is back: what it has of the bench was replaced, and must not run beside it."""
    back = [(host, it) for host, it in work.ground.hosts.up().items() if host in work.sitting.given_up]
    for _, hypervisor in back:
        clear_hypervisor(hypervisor, work.ground.settings.benches_dir, work.slug, work.sitting.id)
    return Outcome(tuple(report.HostCleared(candidate=work.sitting.id, host=host) for host, _ in back))


def _move(work: Work) -> Outcome:
    """Bring the bench to its host. One that was not made to its end is made there."""
    benches_dir, others = work.ground.settings.benches_dir, work.others()
    if work.actual.is_made:
        for host in work.sitting.hosts_but(work.host) - set(work.sitting.given_up):
            others[host] = work.ground.hosts.get(host)  # what one that is down has cannot be known
        move(work.bench, work.hypervisor, others, work.ground.golden(work.opened))
    else:
        for hypervisor in others.values():
            clear_hypervisor(hypervisor, benches_dir, work.slug, work.sitting.id)
        shutil.rmtree(benches_dir / work.slug / work.sitting.id / MOVE, ignore_errors=True)
    return Outcome((report.BenchMoved(candidate=work.sitting.id, host=work.host),))


def _make(work: Work) -> Outcome:
    ground = work.ground
    lab, golden, session = work.lab, ground.golden(work.opened), ground.session(work.opened)
    if work.actual.is_made:  # machines of it were lost before anybody worked on them
        destroy_bench(work.hypervisor, ground.settings.benches_dir, work.slug, work.sitting.id)
    missing = Restoring(missing_since=work.missing_since or work.opened.now)

    def keep(made: Bench) -> None:
        if work.sitting.clock.started_at is not None:
            keep_restoring(made.dir, missing)

    bench = make_bench(
        lab,
        golden,
        session=session,
        name=work.sitting.id,
        candidate=work.sitting.id,  # names are in the database alone
        hypervisor=work.hypervisor,
        settings=ground.settings,
        also=keep,
    )
    for machine in bench.machines.values():
        work.hypervisor.suspend(machine.domain)
    return _restored(work, bench, missing) if work.sitting.clock.started_at is not None else Outcome()


def _ready(work: Work) -> Outcome:
    return Outcome((report.BenchReady(candidate=work.sitting.id, variants=work.bench.variants),))


def _resume(work: Work) -> Outcome:
    names = work.actual.are(DomainState.PAUSED)
    for name in names:
        work.hypervisor.resume(work.bench.machines[name].domain)
    for name in names:
        set_right(work.bench, name, work.hypervisor)
    return Outcome()


def _power_on(work: Work) -> Outcome:
    names = work.actual.are(DomainState.OFF)
    ensure_networks(work.bench, work.hypervisor)
    for name in names:
        work.hypervisor.power_on(work.bench.machines[name].domain)
    return Outcome(tuple(report.PoweredOn(candidate=work.sitting.id, machine=name) for name in names))


def _checkpoint(work: Work) -> Outcome:
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


def _restore(work: Work) -> Outcome:
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
    return _restored(work, work.bench, missing)


def _restored(work: Work, bench: Bench, missing: Restoring) -> Outcome:
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


def _reset(work: Work) -> Outcome:
    """Bring a machine, or all, back. What is thrown away becomes a point: a reset can be undone."""
    sitting, reset = work.sitting, work.sitting.reset
    assert reset is not None  # noqa: S101 - the plan asks for it only then
    golden = work.ground.golden(work.opened)
    ensure_networks(work.bench, work.hypervisor)
    machines = list(work.bench.machines) if reset.machine is None else [reset.machine]
    kept_from = load_point(work.bench, reset.to)
    if reset.to != "start" and kept_from is None:
        error = Text(
            f"Le point de reprise {reset.to} a été remplacé par de plus récents.",
            f"Checkpoint {reset.to} was replaced by newer ones.",
        )
        return Outcome((report.ResetFailed(candidate=sitting.id, number=reset.number, error=error),))
    alive = [name for name in machines if work.actual.machines.get(name) in (DomainState.RUNNING, DomainState.PAUSED)]
    aside = f"a{reset.number}"
    kept = keep_aside(work.bench, aside, machines, alive, work.opened.now, hypervisor=work.hypervisor)
    paused = sitting.state != "running"
    for machine in machines:
        if kept_from is None:
            _restart(work, machine, golden, paused=paused)
        else:
            go_back(work.bench, machine, kept_from, golden, hypervisor=work.hypervisor, paused=paused)
    reports: list[Command] = [report.ResetDone(candidate=sitting.id, number=reset.number)]
    if kept is not None:
        stopped_s = kept.point.stopped_s
        reports.insert(0, report.CheckpointTaken(candidate=sitting.id, checkpoint=kept.point.id, stopped_s=stopped_s))
    return Outcome(tuple(reports), kept)


def _bank(work: Work) -> Outcome:
    ended = work.sitting.clock.ended_at or work.opened.now
    bank(work.bench, ended, hypervisor=work.hypervisor)
    return Outcome()


def _look(work: Work) -> Outcome:
    ground = work.ground
    lab, golden, session = work.lab, ground.golden(work.opened), ground.session(work.opened)
    ensure_networks(work.bench, work.hypervisor)
    devices, radio = work.sitting.devices, ground.settings.radio
    look(work.bench, lab, golden, session, hypervisor=work.hypervisor, devices=devices, radio=radio)
    return Outcome()


def _frozen(work: Work) -> Outcome:
    if not work.actual.observed:
        why = _UNTOUCHED if work.sitting.clock.started_at is None else _NO_MORE
        return Outcome((report.BenchFrozen(candidate=work.sitting.id, observation=None, why=str(why)),))
    frozen = work.bench.dir / FROZEN
    observation = Observation.model_validate_json((frozen / OBSERVED).read_bytes())
    digest = observation.digest()
    judgement: Made | None = None
    try:
        judgement = judge_with(work.lab, observation, digest)
    except EpreuveError as error:  # the work is frozen all the same; the jury has it judged when the lab is back
        log.warning("%s is not judged: %s", work.label, error)
    looked = other_keys(frozen, work.sitting.id)
    done = report.BenchFrozen(candidate=work.sitting.id, observation=digest)
    return Outcome((*looked, done), judgement=judgement)


def _put_away(work: Work) -> Outcome:
    """No machine and no network is left, nor, once the session is closed, any point; the saved work is."""
    place = work.ground.settings.benches_dir / work.slug / work.sitting.id
    _clear_everywhere(work)
    for folder in (LOOK, COPY, SCREENS):
        shutil.rmtree(place / folder, ignore_errors=True)
    remove_temporaries(place)
    if work.opened.exam.state not in ("closed", "sealed"):
        return Outcome()
    shutil.rmtree(place / POINTS, ignore_errors=True)
    return Outcome(removed=tuple(work.points))


def _remove(work: Work) -> Outcome:
    _clear_everywhere(work)
    destroy_bench(work.hypervisor, work.ground.settings.benches_dir, work.slug, work.sitting.id)
    return Outcome(removed=tuple(work.points))


def _clear_everywhere(work: Work) -> None:
    for hypervisor in (work.hypervisor, *work.others().values()):
        clear_hypervisor(hypervisor, work.ground.settings.benches_dir, work.slug, work.sitting.id)


def _restart(work: Work, machine: str, golden: Golden, *, paused: bool) -> None:
    session = work.ground.session(work.opened)
    reset_bench_machine(work.bench, machine, work.lab, golden, session=session, hypervisor=work.hypervisor)
    (work.bench.dir / f"{machine}.qcow2{OVERLAY}").unlink(missing_ok=True)  # of a checkpoint that was cut short
    if paused:
        work.hypervisor.suspend(work.bench.machines[machine].domain)


_STEPS = {
    Step.REACH: _reach,
    Step.FORGET: _forget,
    Step.MOVE: _move,
    Step.MAKE: _make,
    Step.SUSPEND: suspend,
    Step.RESUME: _resume,
    Step.READY: _ready,
    Step.POWER_ON: _power_on,
    Step.RESTORE: _restore,
    Step.RESET: _reset,
    Step.CHECKPOINT: _checkpoint,
    Step.WATCH: watch,
    Step.BANK: _bank,
    Step.LOOK: _look,
    Step.FROZEN: _frozen,
    Step.OPEN_COPY: copy_steps.open_the_copy,
    Step.END_COPY: copy_steps.end_the_copy,
    Step.INJECT: copy_steps.inject_incident,
    Step.VERIFY: copy_steps.verify_incident,
    Step.PUT_AWAY: _put_away,
    Step.REMOVE: _remove,
}
