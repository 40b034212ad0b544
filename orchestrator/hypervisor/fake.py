"""The simulated hypervisor: the port kept in memory, for tests and for ``--simulated`` where no machine can run.

It keeps the same promises as the libvirt adapter (one contract suite for both). What its machines answer is a
program of the caller's: ``hypervisor.programs = lambda stamp: recorded[stamp.machine]``.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Interface
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from checkers.channel import Agent, ExecResult
from labs.files import write_atomic
from labs.text import Text
from orchestrator.hypervisor.errors import AgentError, HypervisorError, NoSuchDomain, WarmCloneImpossible
from orchestrator.hypervisor.fake_console import serve_console
from orchestrator.hypervisor.fake_screen import Screen
from orchestrator.hypervisor.port import (
    ON,
    Accelerator,
    DomainSpec,
    DomainState,
    DomainView,
    HostInfo,
    MachineAgent,
    NetworkSpec,
    NetworkView,
    Stamp,
)
from orchestrator.hypervisor.xml.network import bridge_name

FakeAgentProgram = Callable[[Sequence[str], bytes], ExecResult | None]
"""What a machine answers to a command and its standard input; None: nothing, successfully."""

FakePrograms = Callable[[Stamp], FakeAgentProgram | None]
"""The program of a machine (``stamp.machine``) or, for the witness, of a network (``stamp.network``)."""

_MAGIC = "epreuve-simulated-memory"
_OVERLAY = ".live"


@dataclass
class _Machine:
    spec: DomainSpec
    state: DomainState = DomainState.RUNNING
    links: dict[str, bool] = field(default_factory=dict)
    agent_lives: bool = True
    on_overlay: bool = False
    """Writes to an overlay, as a machine does while a checkpoint of it is being made."""

    @property
    def disk(self) -> str:
        """The name of the file that it writes to."""
        return self.spec.disk.name + (_OVERLAY if self.on_overlay else "")


class FakeAgent:
    """Answers as its program says."""

    def __init__(self, program: FakeAgentProgram | None, name: str, alive: Callable[[], bool]) -> None:
        self._program = program
        self._name = name
        self._alive = alive

    def ping(self, timeout_s: float = 5.0) -> bool:
        """Whether the machine runs and its agent was not killed."""
        return self._alive()

    def set_clock(self, *, timeout_s: float = 15.0) -> None:
        """The clock of a simulated machine is right."""
        self._require_life()

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        """What the program says; success without output when it says nothing."""
        self._require_life()
        result = self._program(argv, stdin) if self._program else None
        return result or ExecResult(0, b"", b"")

    def _require_life(self) -> None:
        if not self._alive():
            raise AgentError(Text("L'agent ne répond pas.", "The agent does not answer."), where=self._name)


class FakeHypervisor:
    """A host that exists only in this object."""

    def __init__(
        self,
        programs: FakePrograms | None = None,
        *,
        memory_mib: int = 65536,
        memory_share: int = 100,
        state: Path | None = None,
    ) -> None:
        """state: a file in which the machines outlive this object, as libvirt's outlive the service."""
        self.programs: FakePrograms = programs or (lambda _stamp: None)
        self.warm_works = True
        self.memory_mib = memory_mib
        self.memory_share = memory_share
        self._machines: dict[str, _Machine] = {}
        self._networks: dict[str, NetworkSpec] = {}
        self._screens: dict[str, Screen] = {}
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._file = state
        if state is not None and state.exists():
            self._machines, self._networks = _read_state(state)

    # --- the host
    def info(self) -> HostInfo:
        """A host that says it is simulated."""
        with self._lock:
            used = sum(m.spec.memory_mib for m in self._machines.values() if m.state in ON)
        return HostInfo(
            uri="simulated:///",
            accelerator="tcg",
            qemu="0",
            libvirt="0",
            cpu="simulated",
            cores=2,
            memory_mib=self.memory_mib,
            free_memory_mib=self.memory_mib - used * self.memory_share // 100,
            is_local=True,
            simulated=True,
            guests_as_root=True,
            memory_share=self.memory_share,
        )

    def choose_accelerator(self, kernel: Path | None, initrd: Path | None) -> Accelerator:
        """None is needed."""
        return "tcg"

    def wait(self, seconds: float) -> None:
        """Until a machine or network changes."""
        with self._changed:
            self._changed.wait(seconds)

    def close(self) -> None:
        """Nothing to let go of."""

    # --- networks
    def create_network(self, spec: NetworkSpec) -> None:
        """Remember a network."""
        with self._lock:
            if spec.name in self._networks:
                raise HypervisorError(Text("Ce réseau existe déjà.", "This network exists already."), where=spec.name)
            self._networks[spec.name] = spec
            self._keep()

    def start_network(self, name: str) -> None:
        """A simulated network never stands still."""
        with self._lock:
            if name not in self._networks:
                raise NoSuchDomain(Text("Réseau introuvable.", "No such network."), where=name)

    def destroy_network(self, name: str) -> None:
        """Forget a network."""
        with self._lock:
            self._networks.pop(name, None)
            self._keep()

    def networks(self) -> list[NetworkView]:
        """Every network."""
        with self._lock:
            specs = sorted(self._networks.values(), key=lambda spec: spec.name)
        return [NetworkView(spec.name, bridge_name(spec.name), True, spec.stamp) for spec in specs]

    def taps(self, network: str) -> list[str]:
        """One name for each card of a running machine."""
        with self._lock:
            running = [m for m in self._machines.values() if m.state in ON]
            cards = [nic for m in running for nic in m.spec.nics if nic.network == network]
        return [f"sim{number}" for number, _ in enumerate(cards)]

    # --- disks
    def create_overlay(self, backing: Path, path: Path) -> None:
        """Write a small file in place of a disk."""
        try:
            path.write_text(json.dumps({"backing": str(backing)}))
        except OSError as error:
            raise HypervisorError(
                Text(f"Le disque n'a pas pu être créé : {error}.", f"The disk could not be made: {error}."),
                where=str(path),
            ) from error
        path.chmod(0o600)

    # --- machines
    def start(self, spec: DomainSpec) -> None:
        """A machine that runs at once."""
        with self._lock:
            self._add(spec)

    def define(self, spec: DomainSpec) -> None:
        """A machine that is off."""
        with self._lock:
            self._add(spec)
            self._machines[spec.name].state = DomainState.OFF
            self._keep()

    def warm_clone(self, saved: Path, spec: DomainSpec) -> None:
        """A machine that runs at once, if the file was written by :meth:`save` from one of the same shape."""
        try:
            memory = json.loads(saved.read_text())
            fits = memory["magic"] == _MAGIC and memory["shape"] == _shape(spec)
        except (OSError, ValueError, KeyError, TypeError):
            fits = False
        if not fits or not self.warm_works:
            raise WarmCloneImpossible(
                Text("La mémoire enregistrée ne peut pas être reprise.", "The saved memory cannot be restored."),
                where=spec.name,
            )
        with self._lock:
            self._add(spec)

    def save(self, domain: str, path: Path) -> None:
        """Write the machine's shape."""
        with self._lock:
            machine = self._running(domain)
            path.write_text(_memory(machine))
            path.chmod(0o600)
            machine.state = DomainState.OFF
            self._keep()

    def restore(self, spec: DomainSpec, path: Path, *, paused: bool = False) -> None:
        """Run again, if the file is this machine's and was saved with this disk under it."""
        with self._lock:
            machine = self._machines.get(spec.name)
            try:
                memory = json.loads(path.read_text())
                own = (memory["name"], memory["disk"]) == (spec.name, spec.disk.name)
            except (OSError, ValueError, KeyError, TypeError):
                own = False
            if not own or (machine is not None and machine.state in ON):
                raise HypervisorError(Text("Mémoire non reprise.", "Memory not restored."), where=spec.name)
            self._machines.pop(spec.name, None)
            self._add(spec)
            self._machines[spec.name].state = DomainState.PAUSED if paused else DomainState.RUNNING
            self._keep()

    def checkpoint(self, domain: str, ram: Path, disk: Path) -> float:
        """Write the machine's shape and its disk's name."""
        with self._lock:
            machine = self._running(domain)
            if ram.exists() or disk.exists():
                raise HypervisorError(Text("Le fichier existe déjà.", "The file exists already."), where=str(disk))
            self.settle(domain)
            memory = _memory(machine)
            self._write_to_overlay(machine, True)
            try:
                for path, content in ((ram, memory), (disk, machine.spec.disk.read_text())):
                    path.write_text(content)
                    path.chmod(0o600)
            except OSError as error:
                ram.unlink(missing_ok=True)
                disk.unlink(missing_ok=True)
                raise HypervisorError(
                    Text(f"Point de reprise non pris : {error}.", f"Checkpoint not taken: {error}."), where=str(disk)
                ) from error
            finally:
                self.settle(domain)
        return 0.0

    def settle(self, domain: str) -> None:
        """Back to its own disk file."""
        with self._lock:
            machine = self._machine(domain)
            if machine.on_overlay:
                self._write_to_overlay(machine, False)

    def suspend(self, domain: str) -> None:
        """Stop a running machine."""
        with self._lock:
            machine = self._machine(domain)
            if machine.state is DomainState.RUNNING:
                machine.state = DomainState.PAUSED
                self._keep()

    def resume(self, domain: str) -> None:
        """Let a paused machine go on."""
        with self._lock:
            machine = self._machine(domain)
            if machine.state is DomainState.PAUSED:
                machine.state = DomainState.RUNNING
                self._keep()

    def shutdown(self, domain: str, *, timeout_s: float) -> bool:
        """Off at once."""
        with self._lock:
            self._machine(domain).state = DomainState.OFF
            self._keep()
        return True

    def put_away(self, domain: str) -> None:
        """Its disks are always written back."""
        self._machine(domain)

    def power_on(self, domain: str) -> None:
        """On at once."""
        with self._lock:
            machine = self._machine(domain)
            if machine.state not in ON:
                machine.state = DomainState.RUNNING
                self._keep()

    def destroy(self, domain: str) -> None:
        """Forget a machine."""
        with self._lock:
            if domain in self._machines:
                self._screen(domain).clear()
            self._machines.pop(domain, None)
            self._keep()

    def domains(self) -> list[DomainView]:
        """Every machine."""
        with self._lock:
            machines = sorted(self._machines.values(), key=lambda machine: machine.spec.name)
            return [DomainView(m.spec.name, m.spec.uuid, m.state, m.spec.stamp) for m in machines]

    def state(self, domain: str) -> DomainState:
        """What the machine is doing."""
        with self._lock:
            return self._machine(domain).state

    def cpu_time(self, domain: str) -> float:
        """None used."""
        with self._lock:
            self._machine(domain)
        return 0.0

    def memory_resident(self, domain: str) -> int:
        """What the machine was given."""
        with self._lock:
            machine = self._machine(domain)
            return machine.spec.memory_mib << 20 if machine.state in ON else 0

    def screenshot(self, domain: str) -> bytes:
        """What its console shows."""
        with self._lock:
            self._running(domain)
            return self._screen(domain).png()

    def typed(self, domain: str) -> str:
        """The last characters that were typed on its console; none when it is not there."""
        with self._lock:
            return self._screen(domain).typed if domain in self._machines else ""

    def open_console(self, domain: str) -> socket.socket:
        """A screen on which what is typed can be read."""

        def state() -> DomainState:
            machine = self._machines.get(domain)
            return machine.state if machine is not None else DomainState.OFF

        with self._lock:
            self._running(domain)
            return serve_console(self._screen(domain), state)

    # --- cards
    def link_up(self, domain: str, mac: str) -> bool:
        """Whether the cable is in."""
        with self._lock:
            return self._links(domain, mac)[mac]

    def set_link(self, domain: str, mac: str, *, up: bool) -> None:
        """Plug or pull the cable."""
        with self._lock:
            self._links(domain, mac)[mac] = up
            self._keep()

    # --- from inside and from outside
    def agent(self, domain: str) -> MachineAgent:
        """The agent of a machine, with the program that fits its stamp."""

        def alive() -> bool:
            machine = self._machines.get(domain)
            return machine is not None and machine.state is DomainState.RUNNING and machine.agent_lives

        machine = self._machines.get(domain)
        return FakeAgent(self.programs(machine.spec.stamp) if machine else None, domain, alive)

    def device(self, stamp: Stamp) -> FakeAgent:
        """What answers in the place of a physical device, with the program that fits its stamp."""
        return FakeAgent(self.programs(stamp), stamp.machine, lambda: True)

    def kill_agent(self, domain: str) -> None:
        """Make a machine's agent silent, as a candidate can."""
        with self._lock:
            self._machine(domain).agent_lives = False
            self._keep()

    def lose(self, domain: str) -> None:
        """Make a machine's process die, as a host that runs out of memory does."""
        with self._lock:
            self._machine(domain).state = DomainState.CRASHED
            self._keep()

    def namespace(self) -> Path | None:
        """There are no bridges."""
        return None

    def witness(self, network: str, address: IPv4Interface, *, bench: str) -> AbstractContextManager[Agent]:
        """The witness, with the program that fits the network's stamp."""

        @contextmanager
        def wire() -> Iterator[Agent]:
            with self._lock:
                spec = self._networks.get(network)
            if spec is None:
                raise NoSuchDomain(Text("Réseau introuvable.", "No such network."), where=network)
            yield FakeAgent(self.programs(spec.stamp), network, lambda: True)

        return wire()

    # --- helpers
    def _add(self, spec: DomainSpec) -> None:
        if spec.name in self._machines:
            raise HypervisorError(Text("Cette machine existe déjà.", "This machine exists already."), where=spec.name)
        missing = {nic.network for nic in spec.nics} - set(self._networks)
        if missing:
            raise HypervisorError(
                Text(f"Réseau introuvable : {missing}.", f"No such network: {missing}."), where=spec.name
            )
        self._machines[spec.name] = _Machine(spec, links={nic.mac: True for nic in spec.nics})
        self._keep()

    def _keep(self) -> None:
        self._changed.notify_all()
        if self._file is not None:
            kept = _State(machines=self._machines, networks=self._networks)
            write_atomic(self._file, _STATE.dump_json(kept), mode=0o600)

    def _write_to_overlay(self, machine: _Machine, overlay: bool) -> None:
        machine.on_overlay = overlay
        self._keep()

    def _machine(self, domain: str) -> _Machine:
        if domain not in self._machines:
            raise NoSuchDomain(Text("Machine introuvable.", "No such machine."), where=domain)
        return self._machines[domain]

    def _running(self, domain: str) -> _Machine:
        machine = self._machine(domain)
        if machine.state not in ON:
            raise HypervisorError(Text("La machine est arrêtée.", "The machine is off."), where=domain)
        return machine

    def _screen(self, domain: str) -> Screen:
        if domain not in self._screens:
            stamp = self._machines[domain].spec.stamp
            file = self._file.parent / "screens" / f"{domain}.txt" if self._file is not None else None
            self._screens[domain] = Screen(f"{stamp.machine} · {stamp.session}/{stamp.bench}", file)
        return self._screens[domain]

    def _links(self, domain: str, mac: str) -> dict[str, bool]:
        machine = self._machine(domain)
        if mac not in machine.links:
            raise HypervisorError(
                Text(f"La machine n'a pas de carte {mac}.", f"The machine has no card {mac}."), where=domain
            )
        return machine.links


@dataclass
class _State:
    machines: dict[str, _Machine]
    networks: dict[str, NetworkSpec]


_STATE = TypeAdapter(_State)


def _read_state(file: Path) -> tuple[dict[str, _Machine], dict[str, NetworkSpec]]:
    try:
        kept = _STATE.validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise HypervisorError(
            Text("L'état de l'hyperviseur simulé est illisible.", "The simulated hypervisor's state cannot be read."),
            where=str(file),
            do=Text(
                "Retirez ce fichier : les postes simulés seront refaits.", "Remove it: benches will be made again."
            ),
        ) from error
    return kept.machines, kept.networks


def _memory(machine: _Machine) -> str:
    spec = machine.spec
    return json.dumps({"magic": _MAGIC, "shape": _shape(spec), "name": spec.name, "disk": machine.disk})


def _shape(spec: DomainSpec) -> list[object]:
    return [spec.memory_mib, spec.vcpus, sorted(nic.mac for nic in spec.nics)]
