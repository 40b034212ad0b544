"""What Épreuve asks of a hypervisor: a port, in the words of libvirt and QEMU.

Data first (frozen, no behaviour but spelling), then the protocol that the libvirt adapter and the shipped fake
both fulfil; ``tests/contract/test_hypervisor.py`` is the promise they share. Sizes are in MiB or bytes as named,
times in seconds. Every method may raise :class:`HypervisorError`; methods that remove things are idempotent.
"""

from __future__ import annotations

import hashlib
import socket
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Literal, Protocol

from checkers.channel import Agent

Accelerator = Literal["kvm", "tcg"]
Role = Literal["golden", "bench"]


class DomainState(StrEnum):
    """What a domain is doing, as far as an exam cares."""

    RUNNING = "running"
    PAUSED = "paused"
    OFF = "off"
    """Somebody in the machine powered it off, or it was saved."""
    CRASHED = "crashed"
    """Its RAM is lost: its process ended by itself or was killed, or the host went down."""


ON = (DomainState.RUNNING, DomainState.PAUSED)
"""The machine's RAM is in its process."""


@dataclass(frozen=True)
class Stamp:
    """Whose a libvirt object is; written in the ``<metadata>`` of every domain and network that Épreuve makes.

    A domain's stamp has ``machine``, a network's has ``network``: the name the lab gives it. ``store`` tells the data
    directories that share a hypervisor apart (:func:`store_id`): nobody cleans up another's.
    """

    session: str
    bench: str
    lab: str
    role: Role
    golden_key: str
    store: str
    machine: str = ""
    network: str = ""


@dataclass(frozen=True)
class NetworkSpec:
    """An isolated L2 segment: a bridge without host address and without forwarding."""

    name: str
    stamp: Stamp


@dataclass(frozen=True)
class NicSpec:
    """A card: the guest's device name (for humans), the libvirt network it is plugged in, its MAC address."""

    device: str
    network: str
    mac: str


@dataclass(frozen=True)
class DomainSpec:
    """One virtual machine. ``disk`` is a qcow2 file; kernel and initrd are booted directly. No kernel: the disk boots
    itself, through UEFI, and the machine has what Windows expects."""

    name: str
    uuid: str
    memory_mib: int
    vcpus: int
    disk: Path
    kernel: Path | None
    initrd: Path | None
    cmdline: str
    nics: tuple[NicSpec, ...]
    stamp: Stamp
    serial_log: Path

    @property
    def nvram(self) -> Path:
        """The variables of a machine's UEFI; made when it first starts."""
        return self.disk.with_suffix(".nvram")


@dataclass(frozen=True)
class HostInfo:
    """What the hypervisor is and has.

    ``accelerator`` is None while nobody knows whether KVM really runs guests. ``free_memory_mib`` is what new machines
    can have: neither used nor promised to running ones. ``memory_share``: percent of a machine's memory that counts as
    promised to it (the setting).
    """

    uri: str
    accelerator: Accelerator | None
    qemu: str
    libvirt: str
    cpu: str
    cores: int
    memory_mib: int
    free_memory_mib: int
    is_local: bool
    simulated: bool
    guests_as_root: bool
    """QEMU runs as root (private daemon) and not as an unprivileged user; decides modes of directories."""
    memory_share: int = 100

    def set_aside(self, memory_mib: int) -> int:
        """What is set aside for machines that may come to use so much."""
        return -(-memory_mib * self.memory_share // 100)


@dataclass(frozen=True)
class DomainView:
    """A stamped domain as the hypervisor reports it."""

    name: str
    uuid: str
    state: DomainState
    stamp: Stamp


@dataclass(frozen=True)
class NetworkView:
    """A stamped network as the hypervisor reports it."""

    name: str
    bridge: str
    active: bool
    stamp: Stamp


class MachineAgent(Agent, Protocol):
    """The guest agent of a machine, which besides running programs can set the guest's clock."""

    def set_clock(self, *, timeout_s: float = 15.0) -> None:
        """Set the guest's clock to ours; a restored or resumed machine's is behind. Raises ChannelError."""


def store_id(store: Path) -> str:
    """Eight hexadecimal digits for a directory of goldens or benches."""
    return hashlib.sha256(str(store.resolve()).encode()).hexdigest()[:8]


class Hypervisor(Protocol):
    """One host that runs machines."""

    def info(self) -> HostInfo:
        """Versions, accelerator, cores and memory, now."""

    def choose_accelerator(self, kernel: Path | None, initrd: Path | None) -> Accelerator:
        """The accelerator that really boots this kernel here: probed once per host, then remembered. Without a kernel
        nothing can be probed: what is known, else what the host offers."""

    def wait(self, seconds: float) -> None:
        """Wait until anything changes on the host, at most so long."""

    def close(self) -> None:
        """Let go of the connection; machines keep running."""

    # --- networks
    def create_network(self, spec: NetworkSpec) -> None:
        """Make and start a network; it must not exist."""

    def start_network(self, name: str) -> None:
        """Start a network that is defined and stands still, as after the host went down. Active: nothing to do."""

    def destroy_network(self, name: str) -> None:
        """Stop and forget a network. Not there: nothing to do."""

    def networks(self) -> list[NetworkView]:
        """Every stamped network, by name."""

    def taps(self, network: str) -> list[str]:
        """Interfaces of running machines on this network's bridge."""

    # --- disks
    def create_overlay(self, backing: Path, path: Path) -> None:
        """Make a qcow2 overlay whose backing file is read-only from then on."""

    # --- machines
    def start(self, spec: DomainSpec) -> None:
        """Define a machine and boot it cold."""

    def define(self, spec: DomainSpec) -> None:
        """Define a machine that is off, as one that was powered off; it can be powered on."""

    def warm_clone(self, saved: Path, spec: DomainSpec) -> None:
        """Define a machine and start it from another machine's saved RAM.

        :raises WarmCloneImpossible: nothing was made; the caller may boot it cold and must say why.
        """

    def save(self, domain: str, path: Path) -> None:
        """Write the RAM and device state of a running or paused machine to a file (mode 0600); it is off afterwards."""

    def restore(self, spec: DomainSpec, path: Path, *, paused: bool = False) -> None:
        """Start this same machine again from its own saved RAM, on the disk ``spec.disk`` (which must be as it was at
        that moment, or an overlay over it). It is defined again if it was forgotten; it must not be running."""

    def checkpoint(self, domain: str, ram: Path, disk: Path) -> float:
        """Write the RAM of a machine to one file and its disk to another (mode 0600), both of one instant, while it
        goes on: it stands still only for the end of it. Returns for how many seconds it did; 0 when it was paused.
        On an error neither file is left."""

    def settle(self, domain: str) -> None:
        """Bring a machine that is on back to its own disk file after a checkpoint was cut short. Idempotent."""

    def suspend(self, domain: str) -> None:
        """Stop the processors; the RAM stays."""

    def resume(self, domain: str) -> None:
        """Let the processors go on."""

    def shutdown(self, domain: str, *, timeout_s: float) -> bool:
        """Ask the guest to power off; True when it is off in time."""

    def put_away(self, domain: str) -> None:
        """Have a Linux kernel write its file systems back and mount them read-only, by its magic SysRq keys. Whether it
        has done so its disk says."""

    def power_on(self, domain: str) -> None:
        """Boot a defined machine that is off."""

    def destroy(self, domain: str) -> None:
        """Cut the power and forget the machine (its files stay). Not there: nothing to do."""

    def domains(self) -> list[DomainView]:
        """Every stamped domain, by name."""

    def state(self, domain: str) -> DomainState:
        """What the machine is doing."""

    def cpu_time(self, domain: str) -> float:
        """Seconds of processor time used since it started."""

    def memory_resident(self, domain: str) -> int:
        """Bytes of host memory the running machine holds."""

    def screenshot(self, domain: str) -> bytes:
        """The screen now, as PNG."""

    def open_console(self, domain: str) -> socket.socket:
        """A connected stream that speaks RFB (RFC 6143) with the screen and keyboard of a running or paused machine;
        the caller closes it. Several may be open. Only on the hypervisor's own host."""

    # --- cards
    def link_up(self, domain: str, mac: str) -> bool:
        """Whether the cable of this card is in."""

    def set_link(self, domain: str, mac: str, *, up: bool) -> None:
        """Plug or pull the cable of this card."""

    # --- from inside and from outside
    def agent(self, domain: str) -> MachineAgent:
        """The guest agent of this machine."""

    def namespace(self) -> Path | None:
        """The network namespace where the bridges live; None when they are on another host."""

    def witness(self, network: str, address: IPv4Interface, *, bench: str) -> AbstractContextManager[Agent]:
        """A host of our own on this network's wire, for the time of a ``with`` block."""
