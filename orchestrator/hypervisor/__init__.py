"""Hypervisors: the port, the libvirt adapter, the shipped fake, and how to get one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from orchestrator.hypervisor.port import Hypervisor
from orchestrator.settings import Settings

__all__ = ["connect"]

SIMULATED_MEMORY_MIB = 1 << 20
"""A simulated host has room for any exam room: rehearsals are not limited by what they do not use."""


@contextmanager
def connect(settings: Settings, *, simulated: bool = False) -> Iterator[Hypervisor]:
    """The hypervisor that the settings name: a libvirt URI, or this host (with a private libvirtd when none runs).

    :raises DaemonError: no libvirtd can be reached or started.
    """
    if simulated:
        from orchestrator.hypervisor.fake import FakeHypervisor

        yield FakeHypervisor(
            memory_mib=SIMULATED_MEMORY_MIB,
            memory_share=settings.memory_share,
            state=settings.data_dir / "machines.json",
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

    if settings.libvirt_uri:
        with adapter(settings.libvirt_uri) as hypervisor:
            yield hypervisor
    else:
        with daemon.local_uri(settings.data_dir) as uri, adapter(uri) as hypervisor:
            yield hypervisor
