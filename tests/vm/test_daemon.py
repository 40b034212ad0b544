"""The private libvirtd: touches nothing of the host's, survives being killed, leaves nothing behind.

A second one is used here, beside the one that the other tests run on.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkers.channel import ChannelError
from orchestrator import daemon
from orchestrator.bench import create_bench, destroy_bench
from orchestrator.hypervisor import connect
from orchestrator.hypervisor.errors import DaemonError
from orchestrator.hypervisor.port import DomainState
from orchestrator.settings import Settings
from tests.vm.ground import VmGround

pytestmark = pytest.mark.vm

_HOSTS_OWN = ("/etc/libvirt", "/var/lib/libvirt", "/var/cache/libvirt", "/var/log/libvirt", "/run/libvirt")


@pytest.fixture
def settings(ground: VmGround, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of an installation of its own, on a host where no libvirtd answers."""
    if Path("/run/systemd/system").exists():
        pytest.skip("this host has systemd: libvirt's own daemon is used")
    monkeypatch.setattr(daemon, "NAMESPACE", "epreuve-test")
    monkeypatch.setattr(daemon, "RUN", Path("/run/epreuve-test"))
    data = ground.settings.data_dir / "test-daemon"
    yield Settings(data_dir=data, accelerator="tcg")
    shutil.rmtree(data)
    assert not daemon.RUN.exists()
    assert not Path("/run/netns/epreuve-test").exists()


def _pid() -> int:
    return int((daemon.RUN / "run" / "libvirtd.pid").read_text())


def _kill_libvirtd() -> None:
    pid = _pid()
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while daemon._pid("libvirtd") == pid:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _snapshot() -> list[str]:
    places = [Path(place) for place in _HOSTS_OWN]
    return sorted(str(path) for place in places for path in (place, *place.rglob("*")) if path.exists())


def test_it_comes_with_the_first_user_and_goes_with_the_last(settings: Settings) -> None:
    before = _snapshot()
    with connect(settings) as first:
        pid = _pid()
        assert first.info().guests_as_root
        with connect(settings) as second:
            assert second.info().uri == first.info().uri == daemon.uri()
            assert _pid() == pid
        assert first.domains() == []
    assert daemon._comm(pid) == ""
    assert _snapshot() == before


def test_one_that_was_killed_without_machines_is_replaced(settings: Settings) -> None:
    with connect(settings) as hypervisor:
        _kill_libvirtd()
        with pytest.raises(DaemonError) as caught:
            hypervisor.domains()
        assert caught.value.do is not None
        with connect(settings):
            assert hypervisor.domains() == []


def test_machines_outlive_a_killed_libvirtd(settings: Settings, ground: VmGround) -> None:
    golden = ground.golden.model_copy(update={"machines": {"client": ground.golden.machines["client"]}})
    with connect(settings) as hypervisor:
        try:
            bench = create_bench(
                golden, hypervisor=hypervisor, store=settings.benches_dir, session="vmtest-daemon", name="a"
            )
            domain = bench.machines["client"].domain
            agent = hypervisor.agent(domain)
            _kill_libvirtd()
            assert agent.ping(0.5) is False
            with pytest.raises(ChannelError):
                agent.run(["true"], timeout_s=2)
            with connect(settings):
                # The new one found the machine, and the old connection finds the new one.
                assert hypervisor.state(domain) is DomainState.RUNNING
                assert agent.ping(30)
        finally:
            destroy_bench(hypervisor, settings.benches_dir, "vmtest-daemon", "a")
