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
from orchestrator.engine import copy_steps, point_steps
from orchestrator.engine.actual import COPY, FROZEN, MOVE, OBSERVED, POINTS
from orchestrator.engine.freeze import LOOK, bank, look
from orchestrator.engine.judging import Made, judge_with
from orchestrator.engine.move import move
from orchestrator.engine.other_keys import other_keys
from orchestrator.engine.plan import Step
from orchestrator.engine.points import set_right
from orchestrator.engine.restoring import Restoring, keep_restoring
from orchestrator.engine.screens import SCREENS
from orchestrator.engine.watching import watch
from orchestrator.engine.work import Outcome, Work
from orchestrator.exam import commands as report
from orchestrator.hypervisor.port import DomainState
from orchestrator.together import together
from orchestrator.workshop import make_bench

log = logging.getLogger(__name__)

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
    return point_steps.restored(work, bench, missing) if work.sitting.clock.started_at is not None else Outcome()


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


_STEPS = {
    Step.REACH: _reach,
    Step.FORGET: _forget,
    Step.MOVE: _move,
    Step.MAKE: _make,
    Step.SUSPEND: suspend,
    Step.RESUME: _resume,
    Step.READY: _ready,
    Step.POWER_ON: _power_on,
    Step.RESTORE: point_steps.restore,
    Step.RESET: point_steps.reset,
    Step.CHECKPOINT: point_steps.checkpoint,
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
