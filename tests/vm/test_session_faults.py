"""Killed again and again at random moments, service and libvirtd lose nothing: real machines, real ``kill -9``.

Many minutes long, so not part of every run (``tests/unit/engine/test_faults.py`` is): ``./epreuve test -m long``.
EPREUVE_KILLS: how often the service at least (30); libvirtd, where it is a private one, is killed besides.
EPREUVE_SEED: to have the same moments again.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestrator import daemon
from orchestrator.engine.actual import Listing
from orchestrator.engine.desk import Desk
from orchestrator.engine.opening import Enrolment, open_session
from orchestrator.exam import EVENT, Exam, Phase, fold
from orchestrator.exam import commands as order
from orchestrator.store import journal, open_store
from orchestrator.store.exams import StoredCandidate
from tests.vm.ground import VmGround, ours

LIBVIRTD_SHARE = 0.25
"""Of all kills."""
KILLS = int(os.environ.get("EPREUVE_KILLS", "30"))
WHO = "test"
MINUTES = 2
ROUND_LIMIT_S = 1500.0
RESTART_LIMIT_S = 60.0

pytestmark = [pytest.mark.vm, pytest.mark.long]


class Service:
    """The real service in a process of its own, and what is known of the times at which there was none."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None
        self.kills = 0
        self.libvirtd_kills = 0
        self.longest_outage_s = 0.0
        self._down_since = time.monotonic()

    def start(self) -> None:
        argv = [sys.executable, "-m", "orchestrator", "service", "run"]
        with (self._data / "service.log").open("ab") as log:
            settings = {"EPREUVE_DATA": str(self._data), "EPREUVE_CHECKPOINT_MINUTES": "0.3"}
            self._process = subprocess.Popen(argv, stdout=log, stderr=log, env={**os.environ, **settings})
        while not (self._data / "service.json").exists():  # written with every pass, removed by us before
            assert self._process.poll() is None, (self._data / "service.log").read_text()[-2000:]
            time.sleep(0.02)
        self.longest_outage_s = max(self.longest_outage_s, time.monotonic() - self._down_since)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._down_since = time.monotonic()
        self.kills += 1
        (self._data / "service.json").unlink(missing_ok=True)

    def kill_libvirtd(self) -> None:
        """The service starts it again; the machines live on."""
        pid = daemon._pid("libvirtd")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        began = time.monotonic()
        while daemon._pid("libvirtd") in (None, pid) or not daemon._answers(daemon.uri()):
            assert time.monotonic() - began < RESTART_LIMIT_S, "nobody starts libvirtd again"
            time.sleep(0.05)
        self.libvirtd_kills += 1
        self.longest_outage_s = max(self.longest_outage_s, time.monotonic() - began)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=300)


def test_killed_at_any_moment_the_service_loses_nothing(ground: VmGround, data: Path) -> None:
    seed = int(os.environ.get("EPREUVE_SEED", str(time.time_ns() % 10**6)))
    print(f"seed {seed}")
    moments = random.Random(seed)  # noqa: S311 - nothing secret
    service = Service(data)
    with open_store(data / "epreuve.db") as store:
        desk = Desk(store)
        service.start()
        try:
            rounds = 0
            while service.kills < KILLS:
                rounds += 1
                _live_through(ground, desk, service, f"faults{rounds}", moments, data)
        finally:
            service.stop()
    killed = f"{service.kills} kills of the service and {service.libvirtd_kills} of libvirtd"
    print(f"{killed} in {rounds} sessions, longest outage {service.longest_outage_s:.1f} s")
    assert ours(ground.hypervisor, data / "benches") == []
    assert not any((data / "benches").rglob("*.qcow2"))


def _live_through(
    ground: VmGround, desk: Desk, service: Service, slug: str, moments: random.Random, data: Path
) -> None:
    """One session of two candidates from its creation to its purge, the service being killed on the way."""
    _create(ground, desk, slug)
    began = time.monotonic()
    desk.do(slug, order.Prepare(who=WHO))
    _until(desk, slug, "prepared", service, moments, began)
    desk.do(slug, order.Start(who=WHO))
    _survive(service, moments)
    desk.do(slug, order.Pause(who=WHO, why="essai", candidate="c02"))
    desk.do(slug, order.AskReset(who=WHO, why="essai", candidate="c01", machine="client"))
    _survive(service, moments)
    desk.do(slug, order.Resume(who=WHO, candidate="c02"))
    _until(desk, slug, "frozen", service, moments, began)
    _check(ground, desk, slug, service, data)
    desk.do(slug, order.Close(who=WHO))
    desk.purge(slug, order.Purge(who=WHO), early=True)
    while (data / "benches" / slug).exists():
        assert time.monotonic() - began < ROUND_LIMIT_S
        time.sleep(0.2)


def _create(ground: VmGround, desk: Desk, slug: str) -> None:
    phases = (Phase(kind="practical", title="essai", minutes=MINUTES, machines=tuple(ground.lab.lab.machines)),)
    c01, c02 = (StoredCandidate(id=name, surname="X", first_name="Y", number=name) for name in ("c01", "c02"))
    people = [Enrolment(c01), Enrolment(c02, extra_time="tiers")]
    open_session(desk, slug, ground.lab, people, format_id="repetition", phases=phases, who=WHO)


def _survive(service: Service, moments: random.Random) -> None:
    """Let the service live for a random while, then kill it and start it again. Making a bench takes it some 15 s: it
    must sometimes live long enough for that."""
    time.sleep(moments.choice((moments.uniform(0.05, 2), moments.uniform(2, 8), moments.uniform(8, 40))))
    if daemon._pid("libvirtd") is not None and moments.random() < LIBVIRTD_SHARE:
        service.kill_libvirtd()
    else:
        service.kill()
        service.start()


def _until(desk: Desk, slug: str, state: str, service: Service, moments: random.Random, began: float) -> None:
    while desk.open(slug).exam.state != state:
        assert time.monotonic() - began < ROUND_LIMIT_S, f"{slug} does not become {state}: {desk.open(slug).exam}"
        if service.kills < KILLS:
            _survive(service, moments)
        else:
            time.sleep(0.5)


def _check(ground: VmGround, desk: Desk, slug: str, service: Service, data: Path) -> None:
    with desk.store.read() as tx:
        entries = journal.entries(tx, slug)
        assert journal.verify(tx, slug) == []
    history = [
        EVENT.validate_python(
            {**entry.data, "kind": entry.kind, "at": entry.at, "who": entry.who, "why": entry.why}
            | ({"candidate": entry.candidate} if entry.candidate else {})
        )
        for entry in entries
    ]
    exam: Exam = desk.open(slug).exam
    assert fold(history) == exam
    assert [(one.id, one.state, bool(one.observation)) for one in exam.candidates.values()] == [
        ("c01", "frozen", True),
        ("c02", "frozen", True),
    ]
    for sitting in exam.candidates.values():
        assert sitting.clock.ended_at is not None
        extra_s = sitting.clock.worked_s(sitting.clock.ended_at) - sitting.clock.allotted_s
        assert 0 <= extra_s <= service.longest_outage_s + 3, "the bell is late by no more than an outage"
    # The machines are put away by the pass after: then nothing runs, and of each bench the saved work is there.
    deadline = time.monotonic() + 60
    while ours(ground.hypervisor, data / "benches"):
        assert time.monotonic() < deadline, ours(ground.hypervisor, data / "benches")
        time.sleep(0.2)
    listing = Listing(ground.hypervisor, data / "benches")
    for name in exam.candidates:
        actual = listing.bench(slug, name)
        assert (actual.banked, actual.observed, set(actual.saved)) == (True, True, set(exam.machines))
        left = {file.name for file in (data / "benches" / slug / name).iterdir()}
        wanted = {f"{machine}.qcow2" for machine in exam.machines} | {f"{machine}.log" for machine in exam.machines}
        assert left - {"points"} == wanted | {"bench.json", "host_keys.json", "sujet.html", "frozen"}
