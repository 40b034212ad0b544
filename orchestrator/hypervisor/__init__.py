"""Hypervisors: the port, the libvirt adapter, the shipped fake, and how to get one or all of an installation's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from orchestrator.hypervisor.hosts import Hosts
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.settings import LOCAL, Settings

__all__ = ["connect", "connect_all"]

SIMULATED_MEMORY_MIB = 1 << 20
"""A simulated host has room for any exam room: rehearsals are not limited by what they do not use."""

CONNECT_S = 20.0
"""How long the hosts are waited for at first; one that comes later is taken then."""


@contextmanager
def connect_all(
    settings: Settings, *, simulated: bool = False, prepare: Callable[[Hypervisor], None] | None = None
) -> Iterator[Hosts]:
    """Every host that the settings name; some may be down. prepare: called with each hypervisor that is connected."""
    hosts = Hosts(
        {
            name: partial(connect, settings, simulated=simulated, host=name, prepare=prepare)
            for name in settings.host_uris
        }
    )
    try:
        hosts.connect(wait_s=CONNECT_S)
        yield hosts
    finally:
        hosts.close()


@contextmanager
def connect(
    settings: Settings,
    *,
    simulated: bool = False,
    host: str | None = None,
    prepare: Callable[[Hypervisor], None] | None = None,
) -> Iterator[Hypervisor]:
    """The hypervisor of a host, by default of the first that the settings name: a libvirt URI, or this host (with a
    private libvirtd when none runs).

    :raises DaemonError: no libvirtd can be reached or started.
    """
    name = host or next(iter(settings.host_uris))
    with _connected(settings, name, simulated) as hypervisor:
        if prepare is not None:
            prepare(hypervisor)
        yield hypervisor


@contextmanager
def _connected(settings: Settings, name: str, simulated: bool) -> Iterator[Hypervisor]:
    if simulated:
        from orchestrator.hypervisor.fake import FakeHypervisor

        file = "machines.json" if name == LOCAL else f"machines-{name}.json"
        yield FakeHypervisor(
            memory_mib=SIMULATED_MEMORY_MIB, memory_share=settings.memory_share, state=settings.data_dir / file
        )
        return
    # Imported late: listing labs or judging a stored observation needs no libvirt.
    from orchestrator import daemon
    from orchestrator.hypervisor.libvirt_ import LibvirtHypervisor

    @contextmanager
    def adapter(uri: str) -> Iterator[Hypervisor]:
        hypervisor = LibvirtHypervisor(uri, settings)
        try:
            yield hypervisor
        finally:
            hypervisor.close()

    uri = settings.host_uris[name]
    if uri == LOCAL:
        with daemon.local_uri(settings.data_dir) as local, adapter(local) as hypervisor:
            yield hypervisor
    else:
        with adapter(uri) as hypervisor:
            yield hypervisor
