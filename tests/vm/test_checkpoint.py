"""A checkpoint that was cut short anywhere costs nothing: whatever the machine wrote since is on its own disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import libvirt
import pytest

from checkers.channel import Agent
from orchestrator.bench import Bench, create_bench, destroy_bench
from orchestrator.hypervisor.checkpoint import OVERLAY, _commit, _snapshot_xml, current_disk
from orchestrator.hypervisor.port import DomainState
from orchestrator.hypervisor.readiness import wait_agent
from tests.vm.ground import SESSION_PREFIX, VmGround

pytestmark = pytest.mark.vm
LIVE = libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_LIVE | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA


@pytest.fixture(scope="module")
def bench(ground: VmGround) -> Iterator[Bench]:
    golden = ground.golden.model_copy(update={"machines": {"client": ground.golden.machines["client"]}})
    session, store = f"{SESSION_PREFIX}-point", ground.settings.benches_dir
    yield create_bench(golden, hypervisor=ground.hypervisor, store=store, session=session, name="a")
    destroy_bench(ground.hypervisor, store, session, "a")


def _nothing(handle: Any, own: Path) -> None: ...


def _paused(handle: Any, own: Path) -> None:
    handle.suspend()


def _folding(handle: Any, own: Path) -> None:
    _commit(handle, own.with_name(own.name + OVERLAY), own)


def _folding_and_paused(handle: Any, own: Path) -> None:
    _folding(handle, own)
    handle.suspend()


def _powered_off(handle: Any, own: Path) -> None:
    handle.destroy()


@pytest.mark.parametrize("then", [_nothing, _paused, _folding, _folding_and_paused, _powered_off])
def test_what_was_cut_short_is_folded_back(
    ground: VmGround, bench: Bench, tmp_path: Path, then: Callable[[Any, Path], None]
) -> None:
    hypervisor, domain = ground.hypervisor, bench.machines["client"].domain
    connection = libvirt.open(hypervisor.info().uri)
    try:
        handle = connection.lookupByName(domain)
        own, ram = bench.dir / "client.qcow2", tmp_path / "point.ram"
        handle.snapshotCreateXML(_snapshot_xml(ram, own.with_name(own.name + OVERLAY)), LIVE)
        _run(hypervisor.agent(domain), f"echo {then.__name__} > /root/after; sync")
        then(handle, own)
        was = hypervisor.state(domain)

        hypervisor.settle(domain)

        assert current_disk(handle) == own
        assert not own.with_name(own.name + OVERLAY).exists()
        assert hypervisor.state(domain) is was
        hypervisor.resume(domain)
        if was is DomainState.OFF:
            hypervisor.power_on(domain)
        agent = wait_agent(hypervisor, domain, timeout_s=300)
        assert _run(agent, "cat /root/after").strip() == then.__name__
    finally:
        connection.close()


def _run(agent: Agent, command: str) -> str:
    result = agent.run(["/bin/sh", "-c", command], timeout_s=60)
    assert result.exit_code == 0, result.stderr
    return result.stdout.decode()
