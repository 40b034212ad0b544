"""Specs used by several tests."""

from __future__ import annotations

from pathlib import Path

from orchestrator.hypervisor.port import DomainSpec, NetworkSpec, NicSpec, Stamp

STAMP = Stamp("jury-2026", "poste-1", "tai-complet", "bench", "0123456789abcdef", "5a5a5a5a", machine="server")

DOMAIN = DomainSpec(
    name="ep-jury-2026-poste-1-server",
    uuid="3b1d1a2e-6f0e-4d0c-8f57-0c9a2f6d9b11",
    memory_mib=1024,
    vcpus=2,
    disk=Path("/data/benches/jury-2026/poste-1/server.qcow2"),
    kernel=Path("/data/goldens/k/kernel-a"),
    initrd=Path("/data/goldens/k/initrd-a"),
    cmdline="root=/dev/vda rw console=ttyS0 quiet & <odd>",
    nics=(
        NicSpec("eth1", "ep-jury-2026-poste-1-internet", "52:54:00:50:01:10"),
        NicSpec("eth0", "ep-jury-2026-poste-1-lan", "52:54:00:50:00:10"),
    ),
    stamp=STAMP,
    serial_log=Path("/data/benches/jury-2026/poste-1/server.log"),
)

NETWORK = NetworkSpec(
    "ep-jury-2026-poste-1-lan",
    Stamp("jury-2026", "poste-1", "tai-complet", "bench", "0123456789abcdef", "5a5a5a5a", network="lan"),
)
