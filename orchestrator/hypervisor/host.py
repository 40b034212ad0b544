"""What is read from the host behind a libvirt connection."""

from __future__ import annotations

import re
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import libvirt

from labs.text import Text
from orchestrator.hypervisor.errors import HypervisorError
from orchestrator.hypervisor.port import Accelerator, HostInfo

SOCKETS = (Path("/run/libvirt/libvirt-sock"), Path("/run/libvirt/virtqemud-sock"))
_PNG = b"\x89PNG\r\n\x1a\n"
_SCREEN_LIMIT = 64 << 20


@dataclass(frozen=True)
class HostFacts:
    """What does not change while we are connected."""

    uri: str
    qemu: str
    libvirt: str
    cpu: str
    cores: int
    memory_mib: int
    is_local: bool
    offers_kvm: bool
    guests_as_root: bool


def read_facts(connection: Any) -> HostFacts:
    """Read them once."""
    uri = connection.getURI()
    model, memory_mib, cores = connection.getInfo()[:3]
    root = ET.fromstring(connection.getCapabilities())  # noqa: S314 - libvirt wrote it
    cpu = root.findtext("host/cpu/model") or model
    labels = {label.text or "" for label in root.findall("host/secmodel[model='dac']/baselabel")}
    return HostFacts(
        uri=uri,
        qemu=_version(connection.getVersion()),
        libvirt=_version(connection.getLibVersion()),
        cpu=cpu,
        cores=int(cores),
        memory_mib=(is_local(uri) and _meminfo_mib("MemTotal")) or int(memory_mib),
        is_local=is_local(uri),
        offers_kvm=root.find("guest/arch[@name='x86_64']/domain[@type='kvm']") is not None,
        guests_as_root=labels <= {"+0:+0"},
    )


def read_info(connection: Any, facts: HostFacts, accelerator: Accelerator | None, memory_share: int) -> HostInfo:
    """The facts and what changes."""
    return HostInfo(
        uri=facts.uri,
        accelerator=accelerator,
        qemu=facts.qemu,
        libvirt=facts.libvirt,
        cpu=facts.cpu,
        cores=facts.cores,
        memory_mib=facts.memory_mib,
        free_memory_mib=_free_memory_mib(connection, facts, memory_share),
        is_local=facts.is_local,
        simulated=False,
        guests_as_root=facts.guests_as_root,
        memory_share=memory_share,
    )


def is_local(uri: str) -> bool:
    """Whether the URI speaks to a libvirtd of this host, over its UNIX socket."""
    parts = urlsplit(uri)
    return not parts.netloc and parts.scheme in ("qemu", "qemu+unix")


def daemon_namespace(uri: str) -> Path | None:
    """The network namespace of the process that listens on this URI's socket.

    That is where its bridges are, be it the host's own (libvirtd or systemd, which listens for it) or a private one.
    """
    named = parse_qs(urlsplit(uri).query).get("socket")
    for path in [Path(named[0])] if named else SOCKETS:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(str(path))
            credentials = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
            pid = struct.unpack("3i", credentials)[0]
            return Path(f"/proc/{pid}/ns/net")
    return None


def read_screen(connection: Any, domain: Any) -> bytes:
    """A screenshot as PNG (QEMU makes it since 7.1)."""
    stream = connection.newStream()
    kind = domain.screenshot(stream, 0)
    data = bytearray()
    while chunk := stream.recv(1 << 18):
        data += chunk
        if len(data) > _SCREEN_LIMIT:
            stream.abort()
            break
    else:
        stream.finish()
    if not data.startswith(_PNG):
        raise HypervisorError(
            Text(f"L'écran a été rendu en {kind} et non en PNG.", f"The screen came as {kind}, not as PNG."),
            where=domain.name(),
            do=Text("Il faut QEMU 7.1 ou plus récent.", "QEMU 7.1 or newer is needed."),
        )
    return bytes(data)


def _free_memory_mib(connection: Any, facts: HostFacts, share: int) -> int:
    """Memory that new machines can have: what is available, less what running ones were promised and may still take.

    "Available" is the kernel's own estimate where we can read it (page cache is no loss).
    """
    return max(0, _available_mib(connection, facts) - _promised_mib(connection, share))


def _available_mib(connection: Any, facts: HostFacts) -> int:
    if facts.is_local:
        available = _meminfo_mib("MemAvailable")
        if available is not None:
            return available
    with suppress(libvirt.libvirtError):
        stats = connection.getMemoryStats(libvirt.VIR_NODE_MEMORY_STATS_ALL_CELLS)
        return int(sum(stats.get(key, 0) for key in ("free", "cached", "buffers")) // 1024)
    return int(connection.getFreeMemory()) >> 20


def _meminfo_mib(name: str) -> int | None:
    """A line of this host's ``/proc/meminfo``."""
    with suppress(OSError):
        found = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
        if found:
            return int(found[1]) // 1024
    return None


def _promised_mib(connection: Any, share: int) -> int:
    """A clone starts with a third of its memory and takes more as it works: up to its share, it is promised."""
    active = libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE
    promised = 0
    for _, stats in connection.getAllDomainStats(libvirt.VIR_DOMAIN_STATS_BALLOON, active):
        promised += max(0, stats.get("balloon.current", 0) * share // 100 - stats.get("balloon.rss", 0))
    return promised // 1024


def _version(number: int) -> str:
    return f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}"
