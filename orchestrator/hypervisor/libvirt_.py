"""The libvirt adapter of the port: QEMU machines on this host or, by URI, on another."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from ipaddress import IPv4Interface
from pathlib import Path
from time import sleep
from typing import Any
from xml.etree import ElementTree as ET

import libvirt

from labs.text import Text
from orchestrator.hypervisor import accelerator as accelerators
from orchestrator.hypervisor import checkpoint, host
from orchestrator.hypervisor.agent import GuestAgent
from orchestrator.hypervisor.connection import Connection
from orchestrator.hypervisor.disks import create_overlay
from orchestrator.hypervisor.errors import HypervisorError, NoSuchDomain, WarmCloneImpossible
from orchestrator.hypervisor.port import (
    Accelerator,
    DomainSpec,
    DomainState,
    DomainView,
    HostInfo,
    NetworkSpec,
    NetworkView,
    Stamp,
)
from orchestrator.hypervisor.warm import SaveImageError, image_with_xml, read_header
from orchestrator.hypervisor.wire import Wire, open_wire
from orchestrator.hypervisor.xml.domain import domain_xml
from orchestrator.hypervisor.xml.network import network_xml
from orchestrator.hypervisor.xml.saved import UnfitError, clone_xml
from orchestrator.hypervisor.xml.stamp import read_stamp
from orchestrator.settings import Settings

SAVE_FORMAT = "raw"
"""Of the formats that a header can be rewritten in: 'sparse' (mapped-ram) takes twice the CPU to load (measured)."""

_STATES = {
    libvirt.VIR_DOMAIN_RUNNING: DomainState.RUNNING,
    libvirt.VIR_DOMAIN_BLOCKED: DomainState.RUNNING,
    libvirt.VIR_DOMAIN_PAUSED: DomainState.PAUSED,
    libvirt.VIR_DOMAIN_PMSUSPENDED: DomainState.PAUSED,
    libvirt.VIR_DOMAIN_SHUTDOWN: DomainState.RUNNING,
    libvirt.VIR_DOMAIN_SHUTOFF: DomainState.OFF,
    libvirt.VIR_DOMAIN_CRASHED: DomainState.CRASHED,
}

# Not "destroyed": that is what powering off by a person from outside is, and what on_poweroff does.
_LOST = (
    libvirt.VIR_DOMAIN_SHUTOFF_UNKNOWN,  # defined, never started since libvirtd knows it: the host went down
    libvirt.VIR_DOMAIN_SHUTOFF_CRASHED,
    libvirt.VIR_DOMAIN_SHUTOFF_FAILED,
    libvirt.VIR_DOMAIN_SHUTOFF_DAEMON,
)

_KEY_S, _KEY_U, _KEY_LEFT_ALT, _KEY_SYSRQ = 31, 22, 56, 99
_SYSRQ_S = 5.0
"""Seconds that a kernel has for what a SysRq key asks of it: nothing tells from outside when it is done."""

_GONE = (libvirt.VIR_ERR_NO_DOMAIN, libvirt.VIR_ERR_NO_NETWORK)


class LibvirtHypervisor:
    """One QEMU host, through libvirt. Safe to use from several threads."""

    def __init__(self, uri: str, settings: Settings) -> None:
        self._connection = Connection(uri)
        self._settings = settings
        self._cache = settings.data_dir / "host"
        with self._explaining("Hôte illisible", "The host cannot be read"):
            self._facts = host.read_facts(self._connection.get())
        self._accelerator: Accelerator | None = None
        if settings.accelerator != "auto":
            self._accelerator = settings.accelerator

    # --- the host
    def info(self) -> HostInfo:
        """Versions, accelerator, cores and memory, now."""
        with self._explaining("Hôte illisible", "The host cannot be read"):
            share = self._settings.memory_share
            return host.read_info(self._connection.get(), self._facts, self._known_accelerator(), share)

    def choose_accelerator(self, kernel: Path | None, initrd: Path | None) -> Accelerator:
        """What the setting says, else what booting this kernel showed (once per host)."""
        if kernel is None or initrd is None:
            return self._known_accelerator() or ("kvm" if self._facts.offers_kvm else "tcg")
        if self._accelerator is None:
            if self._facts.is_local:
                self._accelerator = accelerators.probe(kernel, initrd, self._cache, self._facts.qemu)
            else:
                self._accelerator = "kvm" if self._facts.offers_kvm else "tcg"
        return self._accelerator

    def wait(self, seconds: float) -> None:
        """Wait for any event of libvirt."""
        self._connection.pause(seconds)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _known_accelerator(self) -> Accelerator | None:
        if self._accelerator is None and self._facts.is_local:
            return accelerators.remembered(self._cache, self._facts.qemu)
        return self._accelerator

    # --- networks
    def create_network(self, spec: NetworkSpec) -> None:
        """Define and start a network; a half-made one is forgotten again."""
        with self._explaining("Réseau non créé", "Network not made", spec.name):
            network = self._connection.get().networkDefineXML(network_xml(spec))
            try:
                network.create()
            except libvirt.libvirtError:
                network.undefine()
                raise

    def start_network(self, name: str) -> None:
        """Start a network again. One that another thread has just started is as good."""
        with self._explaining("Réseau non démarré", "Network not started", name):
            network = self._connection.get().networkLookupByName(name)
            try:
                if not network.isActive():
                    network.create()
            except libvirt.libvirtError:
                if not network.isActive():
                    raise

    def destroy_network(self, name: str) -> None:
        """Stop and forget a network of ours."""
        with self._explaining("Réseau non détruit", "Network not destroyed", name), _unless_gone():
            network = self._connection.get().networkLookupByName(name)
            self._ours(network.XMLDesc(), name)
            with suppress(libvirt.libvirtError):
                network.destroy()
            network.undefine()

    def networks(self) -> list[NetworkView]:
        """Every stamped network."""
        views = []
        with self._explaining("Réseaux illisibles", "The networks cannot be listed"):
            for network in self._connection.get().listAllNetworks():
                with _unless_gone():
                    root = ET.fromstring(network.XMLDesc())  # noqa: S314 - libvirt wrote it
                    stamp = read_stamp(root)
                    if stamp:
                        bridge = root.find("bridge")
                        name = "" if bridge is None else bridge.get("name", "")
                        views.append(NetworkView(network.name(), name, bool(network.isActive()), stamp))
        return sorted(views, key=lambda view: view.name)

    def taps(self, network: str) -> list[str]:
        """Interfaces of running machines on a network."""
        found = []
        with self._explaining("Cartes illisibles", "The cards cannot be listed", network):
            for domain in self._connection.get().listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE):
                with _unless_gone():
                    root = ET.fromstring(domain.XMLDesc())  # noqa: S314 - libvirt wrote it
                    for interface in root.findall("devices/interface"):
                        source, target = interface.find("source"), interface.find("target")
                        if source is not None and target is not None and source.get("network") == network:
                            found.append(target.get("dev", ""))
        return sorted(found)

    # --- disks
    def create_overlay(self, backing: Path, path: Path) -> None:
        """Make a qcow2 overlay; see :mod:`orchestrator.hypervisor.disks`."""
        create_overlay(backing, path)

    # --- machines
    def start(self, spec: DomainSpec) -> None:
        """Define a machine and boot it cold; a machine that does not start is forgotten again."""
        self._start(spec, 0)

    def define(self, spec: DomainSpec) -> None:
        """Its power is cut before its processors ran: one that was never started would look lost, as after a crash of
        the host."""
        with self._explaining("Machine non définie", "Machine not defined", spec.name):
            self._start(spec, libvirt.VIR_DOMAIN_START_PAUSED).destroy()

    def _start(self, spec: DomainSpec, flags: int) -> Any:
        xml = domain_xml(spec, self.choose_accelerator(spec.kernel, spec.initrd))
        with self._explaining("Machine non démarrée", "Machine not started", spec.name):
            domain = self._connection.get().defineXML(xml)
            try:
                domain.createWithFlags(flags)
            except libvirt.libvirtError:
                domain.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)
                raise
            return domain

    def warm_clone(self, saved: Path, spec: DomainSpec) -> None:
        """Start a machine from another's saved RAM, through a copy of the save image."""
        xml = ""

        def edit(saved_xml: str) -> str:
            nonlocal xml
            xml = clone_xml(saved_xml, spec)
            return xml

        connection = self._connection.get()
        try:
            with image_with_xml(saved, edit) as image:
                domain = connection.defineXML(xml)
                try:
                    connection.restoreFlags(str(image), None, libvirt.VIR_DOMAIN_SAVE_RUNNING)
                except libvirt.libvirtError:
                    domain.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)
                    raise
        except (SaveImageError, UnfitError, OSError, libvirt.libvirtError) as error:
            raise WarmCloneImpossible(
                Text(
                    f"La mémoire enregistrée ne peut pas être reprise : {error}.",
                    f"The saved memory cannot be restored: {error}.",
                ),
                where=spec.name,
            ) from error

    def save(self, domain: str, path: Path) -> None:
        """Write RAM and devices to a file; the machine is off afterwards."""
        parameters = {
            libvirt.VIR_DOMAIN_SAVE_PARAM_FILE: str(path),
            libvirt.VIR_DOMAIN_SAVE_PARAM_IMAGE_FORMAT: SAVE_FORMAT,
        }
        with self._domain(domain, "Mémoire non enregistrée", "Memory not saved") as handle:
            try:
                handle.saveParams(parameters, 0)
            except libvirt.libvirtError as error:
                # The file stays: one that is not whole says so, and a save that outlived its service (libvirtd goes on
                # with it, and has us wait in vain) may be writing to it.
                if error.get_error_code() not in (libvirt.VIR_ERR_INVALID_ARG, libvirt.VIR_ERR_NO_SUPPORT):
                    raise
                handle.saveFlags(str(path), None, 0)  # libvirt before 11.2 knows no format here
        path.chmod(0o600)

    def restore(self, spec: DomainSpec, path: Path, *, paused: bool = False) -> None:
        """Start this machine again from its own saved RAM."""
        flag = libvirt.VIR_DOMAIN_SAVE_PAUSED if paused else libvirt.VIR_DOMAIN_SAVE_RUNNING
        try:
            with path.open("rb") as image:
                xml = clone_xml(read_header(image).xml, spec)
        except (SaveImageError, UnfitError, OSError) as error:
            raise HypervisorError(
                Text(f"Mémoire non reprise : {error}.", f"Memory not restored: {error}."), where=spec.name
            ) from error
        with self._explaining("Mémoire non reprise", "Memory not restored", spec.name):
            connection = self._connection.get()
            connection.defineXML(xml)
            connection.restoreFlags(str(path), xml, flag)

    def checkpoint(self, domain: str, ram: Path, disk: Path) -> float:
        """RAM and disk of one instant; see :mod:`orchestrator.hypervisor.checkpoint`."""
        try:
            with self._domain(domain, "Point de reprise non pris", "Checkpoint not taken") as handle:
                was_running = self._state(handle) is DomainState.RUNNING
                checkpoint.take(handle, ram, disk, wait_until=self._connection.wait_until)
        except OSError as error:
            raise HypervisorError(
                Text(f"Point de reprise non pris : {error.strerror}.", f"Checkpoint not taken: {error.strerror}."),
                where=str(disk),
                do=Text("Vérifiez la place sur le disque des données.", "Check free space on the data disk."),
            ) from error
        return round(self._connection.last_standstill(domain), 3) if was_running else 0.0

    def settle(self, domain: str) -> None:
        """Back to its own disk file."""
        with self._domain(domain, "Disque non ramené à un fichier", "Disk not folded back") as handle:
            checkpoint.settle(handle, wait_until=self._connection.wait_until)

    def suspend(self, domain: str) -> None:
        """Stop the processors. Already stopped: nothing to do."""
        with self._domain(domain, "Machine non suspendue", "Machine not suspended") as handle:
            if self._state(handle) is DomainState.RUNNING:
                handle.suspend()

    def resume(self, domain: str) -> None:
        """Let the processors go on. Already running: nothing to do."""
        with self._domain(domain, "Machine non reprise", "Machine not resumed") as handle:
            if self._state(handle) is DomainState.PAUSED:
                handle.resume()

    def shutdown(self, domain: str, *, timeout_s: float) -> bool:
        """Ask the guest to power off, and wait."""
        with self._domain(domain, "Machine non arrêtée", "Machine not shut down") as handle:
            if self._state(handle) in (DomainState.RUNNING, DomainState.PAUSED):
                handle.shutdown()
        return self._connection.wait_until(
            lambda: self.state(domain) in (DomainState.OFF, DomainState.CRASHED), timeout_s
        )

    def put_away(self, domain: str) -> None:
        """Alt-SysRq with S (sync), then with U (remount read-only); see the kernel's admin-guide/sysrq."""
        with self._domain(domain, "Disques non rangés", "Disks not put away") as handle:
            for key in (_KEY_S, _KEY_U):
                keys = [_KEY_LEFT_ALT, _KEY_SYSRQ, key]
                handle.sendKey(libvirt.VIR_KEYCODE_SET_LINUX, 100, keys, len(keys), 0)
                sleep(_SYSRQ_S)

    def power_on(self, domain: str) -> None:
        """Boot a defined machine."""
        with self._domain(domain, "Machine non démarrée", "Machine not started") as handle:
            if self._state(handle) in (DomainState.OFF, DomainState.CRASHED):
                handle.create()

    def destroy(self, domain: str) -> None:
        """Cut the power of a machine of ours and forget it."""
        with suppress(NoSuchDomain), self._domain(domain, "Machine non détruite", "Machine not destroyed") as handle:
            self._ours(handle.XMLDesc(), domain)
            with suppress(libvirt.libvirtError):
                handle.destroy()
            with _unless_gone():
                handle.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)

    def domains(self) -> list[DomainView]:
        """Every stamped machine."""
        views = []
        with self._explaining("Machines illisibles", "The machines cannot be listed"):
            for handle in self._connection.get().listAllDomains():
                with _unless_gone():
                    stamp = _stamp(handle.XMLDesc())
                    if stamp:
                        views.append(DomainView(handle.name(), handle.UUIDString(), self._state(handle), stamp))
        return sorted(views, key=lambda view: view.name)

    def state(self, domain: str) -> DomainState:
        """What the machine is doing."""
        with self._domain(domain, "État illisible", "State unknown") as handle:
            return self._state(handle)

    def cpu_time(self, domain: str) -> float:
        """Seconds of processor time used since it started."""
        with self._domain(domain, "État illisible", "State unknown") as handle:
            return float(handle.info()[4]) / 1e9

    def memory_resident(self, domain: str) -> int:
        """Bytes of host memory held by the machine's process; 0 when it is off."""
        with self._domain(domain, "État illisible", "State unknown") as handle:
            if self._state(handle) in (DomainState.OFF, DomainState.CRASHED):
                return 0
            return int(handle.memoryStats().get("rss", 0)) * 1024

    def screenshot(self, domain: str) -> bytes:
        """The screen now, as PNG."""
        with self._domain(domain, "Écran illisible", "Screen unreadable") as handle:
            return host.read_screen(self._connection.get(), handle)

    def open_console(self, domain: str) -> socket.socket:
        """The graphics of QEMU, handed over by libvirt as a connected socket: no port, no password."""
        with self._domain(domain, "Console non ouverte", "Console not opened") as handle:
            descriptor = handle.openGraphicsFD(0, libvirt.VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH)
        return socket.socket(fileno=descriptor)

    # --- cards
    def link_up(self, domain: str, mac: str) -> bool:
        """Whether the cable of this card is in."""
        with self._domain(domain, "Carte illisible", "Card unreadable") as handle:
            link = _interface(handle, mac).find("link")
            return link is None or link.get("state") != "down"

    def set_link(self, domain: str, mac: str, *, up: bool) -> None:
        """Plug or pull the cable of this card."""
        with self._domain(domain, "Carte inchangée", "Card not changed") as handle:
            interface = _interface(handle, mac)
            link = interface.find("link")
            if link is None:
                link = ET.SubElement(interface, "link")
            link.set("state", "up" if up else "down")
            handle.updateDeviceFlags(ET.tostring(interface, encoding="unicode"), libvirt.VIR_DOMAIN_AFFECT_CURRENT)

    # --- from inside and from outside
    def agent(self, domain: str) -> GuestAgent:
        """The guest agent of a machine."""
        return GuestAgent(self._connection, domain)

    def namespace(self) -> Path | None:
        """The network namespace of the libvirtd we speak to."""
        return host.daemon_namespace(self._connection.uri) if self._facts.is_local else None

    def witness(self, network: str, address: IPv4Interface, *, bench: str) -> AbstractContextManager[Wire]:
        """A host of our own on a network's wire."""
        namespace = self.namespace()
        if namespace is None:
            raise HypervisorError(
                Text(
                    "Le témoin réseau ne peut être branché que sur l'hyperviseur même.",
                    "The network witness can only be plugged in on the hypervisor itself.",
                ),
                where=self._connection.uri,
                do=Text("Lancez l'observation sur cet hôte.", "Run the observation on that host."),
            )
        with self._explaining("Réseau introuvable", "No such network", network):
            bridge = self._connection.get().networkLookupByName(network).bridgeName()
        return open_wire(bridge, namespace, address, bench=bench)

    # --- helpers
    def _explaining(self, fr: str, en: str, where: str = "") -> AbstractContextManager[None]:
        return self._connection.explaining(Text(fr, en), where)

    @contextmanager
    def _domain(self, name: str, fr: str, en: str) -> Iterator[Any]:
        with self._explaining(fr, en, name):
            yield self._connection.get().lookupByName(name)

    @staticmethod
    def _state(handle: Any) -> DomainState:
        state, reason = handle.state()
        if state == libvirt.VIR_DOMAIN_SHUTOFF and reason in _LOST:
            return DomainState.CRASHED
        return _STATES.get(state, DomainState.OFF)

    @staticmethod
    def _ours(xml: str, name: str) -> None:
        if _stamp(xml) is None:
            raise HypervisorError(
                Text("Cet objet de libvirt n'est pas d'Épreuve.", "This libvirt object is not Épreuve's."),
                where=name,
                do=Text("Il n'a pas été touché.", "It was left alone."),
            )


def _stamp(xml: str) -> Stamp | None:
    return read_stamp(ET.fromstring(xml))  # noqa: S314 - libvirt wrote it


def _interface(handle: Any, mac: str) -> ET.Element:
    root = ET.fromstring(handle.XMLDesc())  # noqa: S314 - libvirt wrote it
    for interface in root.findall("devices/interface"):
        found = interface.find("mac")
        if found is not None and found.get("address", "").lower() == mac.lower():
            return interface
    raise HypervisorError(
        Text(f"La machine n'a pas de carte {mac}.", f"The machine has no card {mac}."), where=handle.name()
    )


@contextmanager
def _unless_gone() -> Iterator[None]:
    try:
        yield
    except libvirt.libvirtError as error:
        if error.get_error_code() not in _GONE:
            raise
