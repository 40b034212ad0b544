"""Starting one machine of a bench: warm from the golden's RAM, else cold, until its services answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Literal

from checkers.channel import Agent
from labs.text import Text
from orchestrator.golden import Golden
from orchestrator.hypervisor.errors import HypervisorError, WarmCloneImpossible
from orchestrator.hypervisor.port import DomainSpec, Hypervisor, MachineAgent, NicSpec, Stamp, store_id
from orchestrator.hypervisor.readiness import wait_agent, wait_ready

Start = Literal["warm", "cold", "simulated"]
Personalise = Callable[[str, Agent], None]

WARM_AGENT_LIMIT_S = 60.0
COLD_AGENT_LIMIT_S = 300.0
CLOCK_LIMIT_S = 60.0
READY_LIMIT_S = 180.0
_NAMES = uuid.UUID("5b0f6b0e-9d0c-4c39-9a52-6a1f3a0c7e11")


@dataclass(frozen=True)
class Started:
    """How a machine was started, and when (seconds since ``began``) it passed each step."""

    start: Start
    reason: Text | None
    timings: dict[str, float]


def network_name(session: str, bench: str, network: str) -> str:
    """The libvirt name of a bench's network."""
    return f"ep-{session}-{bench}-{network}"


def domain_name(session: str, bench: str, machine: str) -> str:
    """The libvirt name of a bench's machine."""
    return f"ep-{session}-{bench}-{machine}"


def domain_spec(golden: Golden, machine: str, *, session: str, bench: str, store: Path) -> DomainSpec:
    """The machine of a bench, all of it derived from golden and names: the same after every crash."""
    saved = golden.machines[machine]
    name = domain_name(session, bench, machine)
    place = store / session / bench
    return DomainSpec(
        name=name,
        uuid=str(uuid.uuid5(_NAMES, f"{session}/{bench}/{machine}")),
        memory_mib=saved.memory_mib,
        vcpus=saved.vcpus,
        disk=place / f"{machine}.qcow2",
        kernel=golden.path(saved.kernel) if saved.kernel else None,
        initrd=golden.path(saved.initrd) if saved.initrd else None,
        cmdline=saved.cmdline,
        nics=tuple(NicSpec(nic.device, network_name(session, bench, nic.network), nic.mac) for nic in saved.nics),
        stamp=Stamp(session, bench, golden.lab, "bench", golden.key, store_id(store), machine=machine),
        serial_log=place / f"{machine}.log",
    )


def start_machine(
    golden: Golden,
    spec: DomainSpec,
    machine: str,
    hypervisor: Hypervisor,
    personalise: Personalise | None,
    began: float,
) -> Started:
    """Clone one machine and bring it to the start of the exam."""
    timings: dict[str, float] = {}

    def lap(step: str) -> None:
        timings[step] = round(monotonic() - began, 3)

    saved = golden.machines[machine]
    hypervisor.create_overlay(golden.path(saved.disk), spec.disk)
    reason = golden.cold_reason
    agent: MachineAgent | None = None
    if reason is None:
        try:
            hypervisor.warm_clone(golden.path(saved.saved), spec)
            lap("clone")
            agent = wait_agent(hypervisor, spec.name, timeout_s=WARM_AGENT_LIMIT_S)
        except (WarmCloneImpossible, HypervisorError) as error:
            reason = error.what
            hypervisor.destroy(spec.name)
            spec.disk.unlink(missing_ok=True)
            hypervisor.create_overlay(golden.path(saved.disk), spec.disk)
    if agent is None:
        hypervisor.start(spec)
        lap("clone")
        agent = wait_agent(hypervisor, spec.name, timeout_s=COLD_AGENT_LIMIT_S)
    lap("agent")
    agent.set_clock(timeout_s=CLOCK_LIMIT_S)
    lap("clock")
    if personalise is not None:
        personalise(machine, agent)
        lap("personalise")
    wait_ready(agent, saved.ready, family=saved.family, domain=spec.name, timeout_s=READY_LIMIT_S)
    lap("ready")
    start: Start = "cold" if reason is not None else "simulated" if hypervisor.info().simulated else "warm"
    return Started(start, reason, timings)
