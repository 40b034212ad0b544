"""What tests on real machines stand on: this host's hypervisor and the golden of the first lab.

Both are those of the installation (``EPREUVE_DATA`` moves them), so that a golden is made once and then found again.
``python -m tests.vm.ground`` makes what is missing.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from labs.errors import EpreuveError
from labs.loader import LoadedLab
from orchestrator.bench import destroy_bench, list_benches
from orchestrator.catalog import open_lab
from orchestrator.golden import Golden
from orchestrator.hypervisor import connect
from orchestrator.hypervisor.port import DomainView, Hypervisor, NetworkView, store_id
from orchestrator.settings import Settings, load_settings
from orchestrator.workshop import Progress, ensure_lab_golden

LAB = "tai-complet"
SESSION_PREFIX = "vmtest"


@dataclass(frozen=True)
class VmGround:
    """A connected hypervisor and a golden. Sessions of tests are named ``vmtest-…`` and swept before and after."""

    hypervisor: Hypervisor
    golden: Golden
    lab: LoadedLab
    settings: Settings


@contextmanager
def vm_ground(progress: Progress | None = None) -> Iterator[VmGround]:
    """Connect, find or make the golden, sweep what an earlier killed run of the tests left."""
    settings = load_settings()
    lab = open_lab(LAB)
    with connect(settings) as hypervisor, _running(settings.data_dir) as alone:
        ground = VmGround(hypervisor, ensure_lab_golden(lab, hypervisor, settings, progress), lab, settings)
        try:
            if alone():
                sweep(ground)
            yield ground
        finally:
            if alone():
                sweep(ground)


@contextmanager
def _running(data: Path) -> Iterator[Callable[[], bool]]:
    """A run of the tests, and whether there is no other of this installation: what stands there is then nobody's."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / ".vmtest.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)

        def alone() -> bool:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            finally:
                fcntl.flock(lock, fcntl.LOCK_SH)
            return True

        yield alone


def ours(hypervisor: Hypervisor, benches: Path) -> list[DomainView | NetworkView]:
    """Every machine and network of a store of benches."""
    views = [*hypervisor.domains(), *hypervisor.networks()]
    return [view for view in views if view.stamp.store == store_id(benches)]


def sweep(ground: VmGround) -> None:
    """Remove every bench of the tests."""
    for bench in list_benches(ground.hypervisor, ground.settings.benches_dir):
        if bench.session.startswith(SESSION_PREFIX):
            with suppress(EpreuveError):
                destroy_bench(ground.hypervisor, ground.settings.benches_dir, bench.session, bench.name)


if __name__ == "__main__":
    with vm_ground(progress=lambda text: print(text, flush=True)):
        pass
