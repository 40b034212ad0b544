"""The service: the one process of a data directory that runs the loop.

It holds a lock for as long as it lives, so there is never a second one; what it says of itself is in
``<data>/service.json``, written anew every pass. Killed, it leaves nothing that the next one must clean up.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar

from labs.errors import EpreuveError
from labs.files import write_atomic
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.engine.desk import Desk
from orchestrator.engine.locks import is_held, take
from orchestrator.hypervisor import connect_all
from orchestrator.hypervisor.errors import HypervisorError
from orchestrator.hypervisor.hosts import Hosts
from orchestrator.hypervisor.port import Hypervisor, Stamp
from orchestrator.settings import Settings
from orchestrator.store import open_store
from orchestrator.store.errors import StoreBusyError, StoreFullError

log = logging.getLogger(__name__)

V = TypeVar("V")

_START_LIMIT_S = 60.0
_STOP_LIMIT_S = 300.0
_AFTER_TROUBLE_S = 2.0


class ServiceError(EpreuveError):
    """The service cannot be started or stopped."""

    code = "service"
    exit_code = 6


@dataclass(frozen=True)
class Status:
    """What the service last said of itself. ``busy``: what it is doing, by bench. ``trouble``: why it cannot work.
    ``machines``: the states of the machines of every bench (``juin/c03``). ``hosts``: what is wrong with each, by name;
    empty for one that answers."""

    pid: int
    since: datetime
    seen: datetime
    busy: dict[str, str]
    trouble: str
    machines: dict[str, dict[str, str]] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)


def lock_path(settings: Settings) -> Path:
    """The file that the running service has locked."""
    return settings.data_dir / "service.lock"


def log_path(settings: Settings) -> Path:
    """Where a service in the background writes."""
    return settings.data_dir / "service.log"


def running(settings: Settings) -> Status | None:
    """What the running service says of itself; None when none runs."""
    if not is_held(lock_path(settings)):
        return None
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads(_status_path(settings).read_text(encoding="utf-8"))
        since, seen = (datetime.fromisoformat(said[name]) for name in ("since", "seen"))
        machines, hosts = dict(said.get("machines", {})), dict(said.get("hosts", {}))
        return Status(int(said["pid"]), since, seen, dict(said["busy"]), str(said["trouble"]), machines, hosts)
    return Status(0, datetime.now(UTC), datetime.now(UTC), {}, "")  # it has just begun


def run(settings: Settings, *, simulated: bool = False) -> None:
    """Be the service until told to stop (SIGTERM, Ctrl-C). Raises ServiceError when another one runs."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with _alone(settings), open_store(settings.database) as store:
        log.info("service started, pid %d", os.getpid())
        state, desk = _State(settings, datetime.now(UTC)), Desk(store)
        try:
            with connect_all(settings, simulated=simulated, prepare=partial(_let_answer, settings, desk)) as hosts:
                _look_after(hosts, desk, state)
        except KeyboardInterrupt:
            log.info("service stops")
        finally:
            state.forget()


def _look_after(hosts: Hosts, desk: Desk, state: _State) -> None:
    """Run the loop until told to stop (KeyboardInterrupt)."""
    # Imported late: commands that start, stop or look at the service need none of it, and are typed in a hurry.
    from orchestrator.devices.lookout import Lookout
    from orchestrator.engine.loop import Engine
    from orchestrator.engine.screens import Screens, running_machines
    from orchestrator.engine.trials import Sweeper
    from orchestrator.engine.work import Ground

    interval_s = state.settings.checkpoint_minutes * 60
    engine = Engine(Ground(hosts, state.settings), desk, checkpoint_every_s=interval_s)
    engine.begin()
    screens = Screens(hosts, state.settings.benches_dir)
    sweeper = Sweeper(desk)
    lookout = Lookout(desk, state.settings.data_dir)
    screens.start()
    lookout.start()
    try:
        while True:
            pause, trouble = _AFTER_TROUBLE_S, ""
            try:
                pause = engine.run_pass()
                sweeper.look()
            except (HypervisorError, StoreBusyError, StoreFullError) as error:
                trouble = str(error)  # a backup holds the database, the disk is full: it goes on when it can
            machines = engine.machines()
            screens.look(running_machines(machines), engine.bell_in_s)
            state.say(_by_bench(engine.busy()), trouble, _by_bench(machines), hosts.troubles())
            hosts.wait(max(0.01, pause))
    finally:
        lookout.close()
        screens.close()
        engine.end()


def start(settings: Settings, *, simulated: bool = False) -> Status:
    """Start a service in the background, unless one runs; returns once it has made its first pass.

    :raises ServiceError: it did not start; its last words are quoted.
    """
    if (status := running(settings)) is not None:
        return status
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "orchestrator", "service", "run"]
    if simulated:
        argv.append("--simulated")
    # Simulated data stand below the others: the child goes there by itself.
    data = settings.data_dir.parent if simulated else settings.data_dir
    with log_path(settings).open("ab") as output:
        child = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd="/",
            env={**os.environ, "EPREUVE_DATA": str(data)},
        )
    deadline = monotonic() + _START_LIMIT_S
    while monotonic() < deadline:
        status = running(settings)
        if status is not None and status.pid == child.pid:
            return status
        if child.poll() is not None:
            break
        sleep(0.05)
    said = log_path(settings).read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
    raise ServiceError(
        Text("Le service n'a pas démarré.", "The service did not start."),
        where=" ".join(said)[-500:],
        do=Text(f"Voir {log_path(settings)}.", f"See {log_path(settings)}."),
    )


def stop(settings: Settings) -> bool:
    """Tell the service to stop, and wait until it has finished what it was doing. False: none ran.

    :raises ServiceError: it did not stop in time.
    """
    status = running(settings)
    if status is None:
        return False
    with suppress(ProcessLookupError):
        os.kill(status.pid, signal.SIGTERM)
    deadline = monotonic() + _STOP_LIMIT_S
    while monotonic() < deadline:
        if running(settings) is None:
            return True
        sleep(0.05)
    raise ServiceError(
        Text("Le service ne s'arrête pas.", "The service does not stop."),
        where=f"pid {status.pid}",
        do=Text("Attendez qu'il ait fini ce qu'il fait (service status).", "Wait until it is done (service status)."),
    )


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    lock = take(lock_path(settings))
    if lock is None:
        raise ServiceError(
            Text("Le service tourne déjà.", "The service runs already."),
            where=str(settings.data_dir),
            do=Text("« epreuve service status » dit ce qu'il fait.", "“epreuve service status” says what it does."),
        )
    try:
        yield
    finally:
        os.close(lock)


def _let_answer(settings: Settings, desk: Desk, hypervisor: Hypervisor) -> None:
    """Simulated machines answer with recordings."""
    from orchestrator.hypervisor.fake import FakeHypervisor

    if isinstance(hypervisor, FakeHypervisor):
        from orchestrator.engine.lab import candidate_lab
        from orchestrator.sessions import load_session
        from orchestrator.simulated_incidents import SimulatedIncidents
        from orchestrator.simulation import replay_in_turn

        def lab(stamp: Stamp) -> LoadedLab:
            return candidate_lab(desk.open(stamp.session), stamp.bench)

        def put(stamp: Stamp) -> set[str]:
            sitting = desk.open(stamp.session).exam.candidates[stamp.bench]
            return {one.incident for one in sitting.incidents if one.state == "injected"}

        incidents = SimulatedIncidents(settings.benches_dir, lab=lab, put=put, typed=hypervisor.typed)
        hypervisor.programs = replay_in_turn(
            lambda stamp: load_session(settings.data_dir, stamp.session).secrets, incidents
        )


@dataclass
class _State:
    """What the service says of itself while it runs."""

    settings: Settings
    since: datetime
    trouble: str = ""

    def say(
        self,
        busy: Mapping[str, str],
        trouble: str,
        machines: Mapping[str, Mapping[str, str]],
        hosts: Mapping[str, str],
    ) -> None:
        several = len(hosts) > 1
        down = [f"{name}: {why}" if several else why for name, why in hosts.items() if why]
        trouble = "; ".join([*([trouble] if trouble else []), *down])
        if trouble and trouble != self.trouble:
            log.warning("%s", trouble)
        self.trouble = trouble
        said = {
            "pid": os.getpid(),
            "since": self.since.isoformat(),
            "seen": datetime.now(UTC).isoformat(),
            "busy": busy,
            "trouble": trouble,
            "machines": machines,
            "hosts": hosts,
        }
        with suppress(OSError):  # a full disk must not stop the bells
            write_atomic(_status_path(self.settings), json.dumps(said), mode=0o600)

    def forget(self) -> None:
        _status_path(self.settings).unlink(missing_ok=True)


def _by_bench(of: Mapping[tuple[str, str], V]) -> dict[str, V]:
    return {f"{session}/{candidate}": value for (session, candidate), value in of.items()}


def _status_path(settings: Settings) -> Path:
    return settings.data_dir / "service.json"
