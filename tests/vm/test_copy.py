"""A copy of frozen work on a real machine: awake with its memory, and nothing of it reaches what is frozen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from checkers.channel import Agent
from orchestrator.bench import Bench, create_bench, destroy_bench
from orchestrator.bench_stamps import clear_hypervisor
from orchestrator.engine.actual import COPY
from orchestrator.engine.copies import open_copy
from orchestrator.engine.freeze import bank
from orchestrator.hypervisor.readiness import wait_agent
from tests.vm.ground import SESSION_PREFIX, VmGround

pytestmark = pytest.mark.vm


@pytest.fixture
def bench(ground: VmGround) -> Iterator[Bench]:
    golden = ground.golden.model_copy(update={"machines": {"client": ground.golden.machines["client"]}})
    session, store = f"{SESSION_PREFIX}-copy", ground.settings.benches_dir
    yield create_bench(golden, hypervisor=ground.hypervisor, store=store, session=session, name="a")
    destroy_bench(ground.hypervisor, store, session, "a")


def test_what_is_done_in_a_copy_never_reaches_the_evidence(ground: VmGround, bench: Bench) -> None:
    hypervisor, domain = ground.hypervisor, bench.machines["client"].domain
    run(hypervisor.agent(domain), "echo disk > /root/work; sync; echo memory > /run/work")
    hypervisor.suspend(domain)
    bank(bench, datetime.now(UTC), hypervisor=hypervisor)
    clear_hypervisor(hypervisor, bench.store, bench.session, bench.name)
    before = evidence(bench)
    for _ in range(2):  # a second copy begins where the first one did
        open_copy(bench, ground.settings.goldens_dir, hypervisor=hypervisor)
        agent = wait_agent(hypervisor, domain, timeout_s=60)
        assert run(agent, "cat /root/work /run/work") == "disk\nmemory\n"
        with hypervisor.open_console(domain) as screen:
            screen.settimeout(10)
            assert screen.recv(12).startswith(b"RFB ")
        run(agent, "echo jury > /root/work; rm -f /run/work; sync")
    clear_hypervisor(hypervisor, bench.store, bench.session, bench.name)
    assert evidence(bench) == before


def evidence(bench: Bench) -> dict[str, str]:
    """The hash of every file of the bench but the copy's."""
    found = {}
    for path in sorted(bench.dir.rglob("*")):
        if path.is_file() and COPY not in path.relative_to(bench.dir).parts:
            with path.open("rb") as file:
                found[str(path.relative_to(bench.dir))] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def run(agent: Agent, command: str) -> str:
    result = agent.run(["sh", "-c", command], timeout_s=30)
    assert result.exit_code == 0, result
    return result.stdout.decode()
