"""Where a lab is proved: its benches are made here, one run at a time.

Nothing runs on, whatever happens: what a killed run left goes when another one starts. Of the solved bench the memory
and the disks are kept until the lab is proved, as solving takes minutes and mutants are written one after the other.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

from labs.files import write_atomic
from labs.folder import LAB_FILE, lab_files
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.bench import (
    Bench,
    BenchError,
    Progress,
    destroy_bench,
    ensure_networks,
    list_benches,
    load_bench,
)
from orchestrator.bench_stamps import clear_hypervisor
from orchestrator.engine.points import load_point
from orchestrator.golden import Golden
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.proving.ground import SOLVED, ProvingBench
from orchestrator.sessions import Session, ensure_session, forget_session, load_session
from orchestrator.settings import Settings
from orchestrator.workshop import ensure_lab_golden, make_bench

PREFIX = "0-preuve-"
"""How the sessions of proofs are named; no exam's is, as those begin with a letter."""
_BENCH, _OTHER = "a", "b"
"""The bench that is solved, and an untouched one beside it while that is kept."""
_MARK = "solved-from"
"""The file of the session that says what its solved bench comes from."""


class Workbench:
    """Where one lab is proved: makes its benches, and keeps the solved one for the next run. Made by ``proving``."""

    def __init__(
        self, lab: LoadedLab, golden: Golden, session: Session, hypervisor: Hypervisor, settings: Settings
    ) -> None:
        self.lab = lab
        self.golden = golden
        self.session = session
        self.hypervisor = hypervisor
        self.settings = settings
        self.keep = True
        """Whether the solved bench is kept, to go on from."""
        self._blank: ProvingBench | None = None

    def blank(self, progress: Progress) -> ProvingBench:
        """A bench that nobody has touched. It is the one that is solved then, if none is kept. Raises EpreuveError."""
        self._blank = self._make(_OTHER if is_kept(self.settings, self.session.name) else _BENCH, progress)
        return self._blank

    def solved(self, progress: Progress) -> ProvingBench:
        """The bench where everything is done, and what every check says of it. Raises EpreuveError."""
        ground, store = self._blank, self.settings.benches_dir
        kept = load_bench(store, self.session.name, _BENCH) if is_kept(self.settings, self.session.name) else None
        if kept is None:
            ground = ground or self._make(_BENCH, progress)
            ground.solve(progress)
            ground.settle()
            return ground
        if ground is not None:
            destroy_bench(self.hypervisor, store, ground.bench.session, ground.bench.name)
        progress(Text("Reprise du poste où tout est fait", "Going on from the solved bench"))
        ensure_networks(kept, self.hypervisor)
        ground = self._ground(kept)
        ground.settle(load_point(kept, SOLVED))
        return ground

    def _make(self, name: str, progress: Progress) -> ProvingBench:
        bench = make_bench(
            self.lab,
            self.golden,
            session=self.session,
            name=name,
            candidate="",
            hypervisor=self.hypervisor,
            settings=self.settings,
            progress=progress,
        )
        return self._ground(bench)

    def _ground(self, bench: Bench) -> ProvingBench:
        return ProvingBench(self.lab, bench, self.golden, self.session, self.hypervisor)


@contextmanager
def proving(
    lab: LoadedLab, *, hypervisor: Hypervisor, settings: Settings, progress: Progress, fresh: bool = False
) -> Iterator[Workbench]:
    """Where a lab is proved, for the time of a ``with`` block. Of it nothing runs on; the memory and disks of the
    solved bench may be kept, as solving takes minutes. fresh: what an earlier run kept is thrown away.

    :raises BenchError: the lab is being proved already.
    :raises EpreuveError: its golden could not be made.
    """
    name = session_of(lab)
    with _alone(settings, name):
        if fresh:
            clear(hypervisor, settings, name)
        golden = ensure_lab_golden(lab, hypervisor, settings, progress)
        session = _session(lab, golden, hypervisor, settings)
        made = Workbench(lab, golden, session, hypervisor, settings)
        try:
            yield made
        finally:
            if made.keep and is_kept(settings, name):
                _stop(hypervisor, settings, name)
            else:
                clear(hypervisor, settings, name)


def is_kept(settings: Settings, session: str) -> bool:
    """Whether there is a solved bench to go on from."""
    bench = load_bench(settings.benches_dir, session, _BENCH)
    return bench is not None and load_point(bench, SOLVED) is not None


def _session(lab: LoadedLab, golden: Golden, hypervisor: Hypervisor, settings: Settings) -> Session:
    """The session of the proof; the former one with its solved bench, if it would be solved the same way now."""
    name, mark = session_of(lab), settings.data_dir / "sessions" / session_of(lab) / _MARK
    key = solved_from(lab, golden)
    if is_kept(settings, name) and mark.is_file() and mark.read_text(encoding="ascii") == key:
        _stop(hypervisor, settings, name)
        return load_session(settings.data_dir, name)
    clear(hypervisor, settings, name)
    session = ensure_session(settings.data_dir, name, lab)
    write_atomic(mark, key)
    return session


def solved_from(lab: LoadedLab, golden: Golden) -> str:
    """The hash of all that a solved bench comes from: the golden, the values of variants, and what the lab holds but
    for what is asked of the bench only when it is there (its checks, mutants, incidents, paper)."""
    apart = {str(lab.lab.subject), str(lab.lab.mutants), LAB_FILE}
    folders = ("incidents", str(lab.lab.tests))
    whole = hashlib.sha256(f"{golden.key} {golden.created_at} {sorted(lab.values.items())}".encode())
    declared = lab.lab.model_dump(mode="json", include={"machines", "networks", "secrets", "solution"})
    whole.update(json.dumps([declared, [task.id for task in lab.lab.tasks]], sort_keys=True).encode())
    for path in lab_files(lab.folder):
        relative = path.relative_to(lab.folder)
        if str(relative) not in apart and relative.parts[0] not in folders:
            whole.update(f"{relative.as_posix()}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def session_of(lab: LoadedLab) -> str:
    """The session in which a lab is proved: one for each lab, so that several are proved at a time."""
    return PREFIX + hashlib.sha256(lab.lab.id.encode()).hexdigest()[:7]


def _stop(hypervisor: Hypervisor, settings: Settings, session: str) -> None:
    """Nothing of it runs on; of the solved bench the files stay."""
    clear_hypervisor(hypervisor, settings.benches_dir, session, _BENCH)
    destroy_bench(hypervisor, settings.benches_dir, session, _OTHER)


def clear(hypervisor: Hypervisor, settings: Settings, session: str) -> None:
    """Remove the bench and the session of a proof. Idempotent."""
    for bench in list_benches(hypervisor, settings.benches_dir):
        if bench.session == session:
            destroy_bench(hypervisor, settings.benches_dir, bench.session, bench.name)
    forget_session(settings.data_dir, session)


@contextmanager
def _alone(settings: Settings, session: str) -> Iterator[None]:
    """One process at a time proves a lab; the lock goes with it, however it ends."""
    locks = settings.proofs_dir
    locks.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(locks / f".{session}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor, session)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, session: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BenchError(
            Text("Ce sujet est déjà en train d'être prouvé.", "This lab is being proved already."),
            where=session,
            do=Text("Attendez la fin, puis recommencez.", "Wait until that has ended, then try again."),
        ) from None
