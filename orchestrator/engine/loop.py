"""The loop: rings the bells, and brings every bench step by step to what its session wants.

What should be is in the database, what is comes from the hypervisor; nothing else is remembered between two passes but
when to try a failing step again. Killed at any moment, the next pass of another process goes on.
"""

from __future__ import annotations

import logging
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.bench_start import domain_name
from orchestrator.capacity import MACHINE_OVERHEAD_MIB
from orchestrator.dossier.files import forget_dossiers
from orchestrator.engine import steps
from orchestrator.engine.desk import Desk, Open
from orchestrator.engine.hosting import Hosting
from orchestrator.engine.lab import session_lab
from orchestrator.engine.noting import note_attempt, note_failure, note_success
from orchestrator.engine.plan import QUICK, Step, next_step
from orchestrator.engine.trials import is_trial
from orchestrator.engine.watching import is_watched
from orchestrator.engine.work import Ground, Outcome, Work
from orchestrator.exam import Sitting, desired
from orchestrator.exam import commands as report
from orchestrator.exam.rules import OVER
from orchestrator.hypervisor.port import DomainState
from orchestrator.sessions import forget_session
from orchestrator.store import benches
from orchestrator.store.benches import StoredBench
from orchestrator.store.errors import StoreError

log = logging.getLogger(__name__)

INTERVAL_S = 0.5
"""Between two passes when nothing happens."""
KEEP_TIME_S = 5.0
FIRST_RETRY_S, LAST_RETRY_S = 2.0, 120.0
BELL_PATIENCE_S = 2.0
"""How long the bell waits for machines to be stopped: a host that dies at that moment holds up nobody else's."""

Key = tuple[str, str]


@dataclass(frozen=True)
class _Pools:
    """The threads of one host: none of them waits for another host.

    heavy: for steps that take long; few at a time, they share the processors with the candidates. quick: for those of a
    moment. bells: they wait behind nothing.
    """

    heavy: Executor
    quick: Executor
    bells: Executor

    def shutdown(self) -> None:
        for pool in (self.heavy, self.quick, self.bells):
            pool.shutdown()


def _pools() -> _Pools:
    return _Pools(
        heavy=ThreadPoolExecutor(max_workers=2, thread_name_prefix="heavy"),
        quick=ThreadPoolExecutor(max_workers=8, thread_name_prefix="quick"),
        bells=ThreadPoolExecutor(max_workers=16, thread_name_prefix="bell"),
    )


class Engine:
    """Looks after all sessions of a store on the hosts of an installation.

    heavy, quick: see ``_Pools``; given as executors so that tests can take one step after the other.
    """

    def __init__(
        self,
        ground: Ground,
        desk: Desk,
        *,
        checkpoint_every_s: float = 15 * 60.0,
        heavy: Executor | None = None,
        quick: Executor | None = None,
    ) -> None:
        self.ground = ground
        self.desk = desk
        self.checkpoint_every = timedelta(seconds=checkpoint_every_s)
        given = _Pools(heavy, quick, quick) if heavy and quick else None
        self._pools = {name: given or _pools() for name in ground.hosts.names}
        self._hosting = Hosting(ground.hosts, ground.settings.benches_dir)
        self._busy: dict[Key, tuple[Step, Future[None]]] = {}
        self._again: dict[tuple[Key, Step], tuple[float, float]] = {}
        self._missing: dict[Key, datetime] = {}
        self._kept: dict[str, float] = {}
        self._settled: set[tuple[str, str]] = set()
        self._frozen: set[Key] = set()
        self.bell_in_s = float("inf")
        """Seconds from the last pass until the next bell."""

    # --- the life of the loop
    def begin(self) -> None:
        """Say in every open session's journal that it is looked after."""
        for opened in self.desk.sessions():
            self.desk.keep_time(opened.exam.slug)  # before any bell: the host may have been down
            self.desk.do(opened.exam.slug, report.ServiceStarted())

    def end(self, *, say: bool = True) -> None:
        """Finish what is under way, and say that nobody looks after the sessions; benches go on."""
        for pools in self._pools.values():
            pools.shutdown()
        self._hosting.close()
        for opened in self.desk.sessions() if say else ():
            self.desk.do(opened.exam.slug, report.ServiceStopped())

    def run_pass(self) -> float:
        """One pass over everything. Returns how many seconds may go by until the next must come."""
        for key, (_, future) in list(self._busy.items()):
            if future.done():
                del self._busy[key]
        opened = self._sessions()
        troubles: list[StoreError] = []
        for one in opened:
            try:
                self.ring(one)
                self._keep_time(one)
            except StoreError as error:  # the disk is full: the bells of the other sessions ring all the same
                troubles.append(error)
        if troubles:
            raise troubles[0]  # machines that were stopped must not go on because that could not be written down
        if self._hosting.look():
            # A host is back: what waited for it goes on, and it may have something of a session that is over.
            self._settled.clear()
            self._again.clear()
        # Read again: what has just rung is another state.
        opened = self._sessions()
        self._frozen = {
            (one.exam.slug, name)
            for one in opened
            for name, sitting in one.exam.candidates.items()
            if sitting.state == "frozen"
        }
        for one in opened:
            stored = self._stored(one)
            to_do = [self._look_at(one, name, stored.get(name)) for name in one.exam.candidates]
            if one.exam.state in OVER and not any(to_do):
                self._settle(one)
        self.bell_in_s = min((left for one in opened for left in _seconds_left(one)), default=float("inf"))
        return min(INTERVAL_S, self.bell_in_s)

    def _settle(self, opened: Open) -> None:
        """Nothing is left to do for a session that is over; of a purged one, no file stays either."""
        slug, settings = opened.exam.slug, self.ground.settings
        if opened.exam.state == "purged":
            forget_session(settings.data_dir, slug)
            forget_dossiers(settings, slug)
            with suppress(OSError):  # not empty: something that is not ours
                (settings.benches_dir / slug).rmdir()
        with self.desk.store.write() as tx:  # that the points are gone may not have been written down
            for point in benches.checkpoints(tx, slug):
                benches.mark_removed(tx, point.id, opened.now)
        self._settled.add((slug, opened.exam.state))

    def busy(self) -> dict[Key, Step]:
        """What is being done, by bench."""
        return {key: step for key, (step, future) in self._busy.items() if not future.done()}

    def machines(self) -> dict[Key, dict[str, DomainState]]:
        """The states of all machines as the last pass found them, by bench; not those of copies for the jury."""
        return {key: states for key, states in self._hosting.machines().items() if key not in self._frozen}

    # --- bells
    def ring(self, opened: Open) -> None:
        """Stop the machines of everybody whose deadline is reached, then say so: the lateness is that of the stop."""
        due = [
            sitting
            for sitting in opened.exam.candidates.values()
            if sitting.state == "running" and sitting.clock.is_due(opened.now)
        ]
        if not due:
            return
        slug = opened.exam.slug
        stops = [
            self._pools[host].bells.submit(self._stop, host, domain_name(slug, sitting.id, machine))
            for sitting in due
            for host in self._hosting.hosts_of(sitting)
            for machine in opened.exam.machines
        ]
        for stop in wait_for(stops, timeout=BELL_PATIENCE_S).done:
            if (error := stop.exception()) is not None:
                log.error("bell of %s", slug, exc_info=error)
        self.desk.do(slug, report.RingBell())

    def _stop(self, host: str, domain: str) -> None:
        # Not there, or out of reach: the exam is over all the same, and the next pass sees to the machine.
        with suppress(EpreuveError):
            self.ground.hosts.get(host).suspend(domain)

    # --- benches
    def _look_at(self, opened: Open, candidate: str, stored: StoredBench | None) -> bool:
        """Have the next step of a bench taken; False when it is as it should be."""
        key = (opened.exam.slug, candidate)
        placed = self._placed(opened, candidate)
        if placed is None:
            return True
        opened, sitting = placed, placed.exam.candidates[candidate]
        over = opened.exam.state in OVER
        host = self._hosting.host_of(sitting, over=over) or self._hosting.found(*key) or self.ground.hosts.names[0]
        actual = self._hosting.actual(host, *key)
        told = stored is not None and stored.step == Step.REACH and stored.last_error is not None
        where = self._hosting.whereabouts(host, sitting, key, told=told, over=over)
        if where is None:
            if sitting.state in ("running", "paused"):
                self._missing.setdefault(key, opened.now)
            return True  # asked again with the next pass
        gone = where.silent or not actual.is_made or bool(actual.lost())
        if gone and sitting.state in ("running", "paused"):
            self._missing.setdefault(key, opened.now)
        else:
            self._missing.pop(key, None)
        step = next_step(
            sitting,
            opened.exam.state,
            actual,
            opened.now,
            checkpoint_at=self._checkpoint_at(sitting, stored),
            where=where,
            watched=is_trial(opened) and is_watched(self.ground.settings.benches_dir / key[0] / candidate),
        )
        if step is None:
            return key in self._busy
        work = Work(self.ground, opened, sitting, actual, host, self._points(key), self._missing.get(key))
        if key in self._busy:
            # A bell or a pause waits for no checkpoint, no look at a trial, and no agent that is silent after a pause:
            # the machine is stopped under it.
            if step is Step.SUSPEND and self._busy[key][0] in (Step.CHECKPOINT, Step.RESUME, Step.WATCH):
                with suppress(EpreuveError):
                    steps.suspend(work)
            return True
        due, _ = self._again.get((key, step), (0.0, 0.0))
        if self._host_s() < due:
            return True
        pools = self._pools.get(host) or next(iter(self._pools.values()))
        light = step in QUICK or step is Step.REACH
        executor = pools.bells if step is Step.SUSPEND else pools.quick if light else pools.heavy
        self._busy[key] = (step, executor.submit(self._take, key, step, work))
        return True

    def _placed(self, opened: Open, candidate: str) -> Open | None:
        """The session once it is written down where a bench is to be made; None when no host can be chosen now."""
        sitting = opened.exam.candidates[candidate]
        wanted = desired(sitting, opened.exam.state) in ("suspended", "running")
        if len(self.ground.hosts.names) == 1 or sitting.home is not None or not wanted:
            return opened
        slug = opened.exam.slug
        opened = self.desk.open(slug)  # those before were perhaps placed just now
        waiting = [one.home for one in opened.exam.candidates.values() if one.state == "preparing" and one.home]
        try:
            # Found, where it was made when this host had no name yet.
            host = sitting.host or self._hosting.found(slug, sitting.id)
            host = host or self._hosting.choose(self._memory_mib(opened), waiting)
            self.desk.do(slug, report.BenchPlaced(candidate=sitting.id, host=host))
        except EpreuveError as error:
            log.warning("%s/%s: %s", slug, sitting.id, error)
            return None
        return self.desk.open(slug)

    def _memory_mib(self, opened: Open) -> int:
        machines = session_lab(opened.stored).lab.virtual.values()
        return sum(machine.memory_mib + MACHINE_OVERHEAD_MIB for machine in machines)

    def _take(self, key: Key, step: Step, work: Work) -> None:
        slug, candidate = key
        try:
            if step not in QUICK:
                note_attempt(self.desk, work, step)
            outcome = steps.take(step, work)
            self._note_success(work, step, outcome)
        except (EpreuveError, OSError) as error:
            self._note_failure(work, step, _as_ours(error))
        except Exception:  # a defect of ours must not stop the other benches
            log.exception("%s of %s/%s", step, slug, candidate)
            self._note_failure(work, step, EpreuveError(_DEFECT, where=f"{slug}/{candidate}: {step}", do=_SEE_LOG))

    def _note_success(self, work: Work, step: Step, outcome: Outcome) -> None:
        self._again.pop(((work.slug, work.sitting.id), step), None)
        note_success(self.desk, work, step, outcome)

    def _note_failure(self, work: Work, step: Step, error: EpreuveError) -> None:
        key = (work.slug, work.sitting.id)
        _, last = self._again.get((key, step), (0.0, 0.0))
        pause = min(max(FIRST_RETRY_S, last * 2), LAST_RETRY_S)
        self._again[key, step] = (self._host_s() + pause, pause)
        log.warning("%s of %s: %s", step, work.label, error)
        note_failure(self.desk, work, step, error, again_s=pause)

    # --- what a pass reads
    def _sessions(self) -> list[Open]:
        """Those under way, and those that are over until nothing is left to do for them."""
        return [one for one in self.desk.sessions() if (one.exam.slug, one.exam.state) not in self._settled]

    def _stored(self, opened: Open) -> dict[str, StoredBench]:
        with self.desk.store.read() as tx:
            return {bench.candidate: bench for bench in benches.benches(tx, opened.exam.slug)}

    def _points(self, key: Key) -> tuple[str, ...]:
        with self.desk.store.read() as tx:
            return tuple(point.folder for point in benches.checkpoints(tx, *key))

    def _checkpoint_at(self, sitting: Sitting, stored: StoredBench | None) -> datetime | None:
        last = stored.last_checkpoint_at if stored is not None else None
        since = max((moment for moment in (last, sitting.clock.started_at) if moment is not None), default=None)
        return None if since is None else since + self.checkpoint_every

    def _keep_time(self, opened: Open) -> None:
        slug = opened.exam.slug
        now = self._host_s()
        if now - self._kept.get(slug, -KEEP_TIME_S) >= KEEP_TIME_S:
            self._kept[slug] = now
            self.desk.keep_time(slug)

    def _host_s(self) -> float:
        """Seconds that the host's clock has counted, whoever sets it."""
        return self.desk.clock.read().boottime_ns / 1e9


_DEFECT = Text("Défaut d'Épreuve : cette étape a échoué.", "A defect of Épreuve: this step failed.")
_SEE_LOG = Text("Voir le journal du service.", "See the service's log.")


def _as_ours(error: EpreuveError | OSError) -> EpreuveError:
    if isinstance(error, EpreuveError):
        return error
    return EpreuveError(
        Text(f"Le disque des données a refusé : {error.strerror}.", f"The data disk refused: {error.strerror}."),
        where=str(error.filename or ""),
        do=Text("Libérez de la place et vérifiez les droits.", "Free some space, and check the rights."),
    )


def _seconds_left(opened: Open) -> list[float]:
    return [
        sitting.clock.remaining_s(opened.now) / opened.stored.anchor.speed
        for sitting in opened.exam.candidates.values()
        if sitting.state == "running"
    ]
