"""Observing a bench: which places there are, which channels lead to them, and one observation of all their facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from time import monotonic, sleep

from checkers.channel import Agent
from checkers.facts import Fact, Observation
from checkers.families import DIALECTS
from checkers.judge import LINKS_KEY, Asks, questions
from checkers.labtests import ask_lab_tests
from checkers.observe import Channel, Place, observe
from checkers.patience import ask_again
from checkers.probes.testinfra import LabTest
from labs.errors import EpreuveError
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.bench import Bench
from orchestrator.devices.reach import unreached
from orchestrator.disk_channel import DiskAtRest, ask_disks
from orchestrator.hypervisor.port import DomainState, Hypervisor
from orchestrator.second_channel import ssh_channel, ways, winrm_channel
from orchestrator.sessions import Session
from orchestrator.version import version


def observe_bench(
    bench: Bench,
    lab: LoadedLab,
    planned: Sequence[Asks],
    *,
    session: Session,
    hypervisor: Hypervisor,
    channels: Mapping[str, Sequence[Channel]] | None = None,
    devices: Sequence[Place] = (),
    patient: bool = True,
    disks: Mapping[str, DiskAtRest] | None = None,
) -> Observation:
    """Everything that these checks need to know of a bench, asked once. Never raises for a machine's fault.

    channels: the ways to each machine; by default those that the lab names: its guest agent, then WinRM or SSH from the
    bench's own wire. devices: where the physical ones are asked, when they are (``bench_devices``). patient: what
    checks that wait need is asked again while they do not pass. False: the bench is looked at again soon. disks: those
    of machines that may be ended, which are read where nothing else answers; only of a copy, never of a bench at work.
    """
    started = datetime.now(UTC)
    asked = questions(planned)
    # Recorded answers are replayed question by question: a lab test is one like any other there.
    info = hypervisor.info()
    tests = [question for question in asked if isinstance(question.probe, LabTest) and not info.simulated]
    others = [question for question in asked if question not in tests]
    links = links_fact(bench, lab, hypervisor)
    with bench_places(bench, lab, links, session=session, hypervisor=hypervisor, channels=channels) as places:
        places += devices or unreached(lab.lab, session)
        with ThreadPoolExecutor(max_workers=2, thread_name_prefix="observe") as pool:
            tested = pool.submit(ask_lab_tests, tests, places, lab.folder / (lab.lab.tests or "."))
            facts = {fact.key: fact for fact in observe(others, places)}
            facts.update((fact.key, fact) for fact in tested.result())
        if patient and not info.simulated:  # a recording does not change its answers
            facts = ask_again(
                planned,
                facts,
                links.value,
                lambda again, limit_s: observe(again, places, limit_s),
                now=monotonic,
                pause=sleep,
            )
    facts.update(ask_disks(disks or {}, asked, facts, session.secrets))
    return Observation(
        session=bench.session,
        bench=bench.name,
        candidate=bench.candidate,
        lab=lab.lab.id,
        lab_version=lab.lab.version,
        lab_hash=lab.hash,
        variants=dict(lab.values),
        simulated=info.simulated,
        started_at=started,
        ended_at=datetime.now(UTC),
        software={
            "épreuve": version(),
            "libvirt": info.libvirt,
            "qemu": info.qemu,
            "golden": bench.golden_key,
        },
        facts=(links, *(facts[question.key] for question in asked)),
    )


@contextmanager
def bench_places(
    bench: Bench,
    lab: LoadedLab,
    links: Fact,
    *,
    session: Session,
    hypervisor: Hypervisor,
    channels: Mapping[str, Sequence[Channel]] | None = None,
) -> Iterator[list[Place]]:
    """Where questions can be asked on a bench; witnesses and connections are there until the end of the ``with`` block.

    links: see ``links_fact``. channels: see ``observe_bench``.
    """
    with ExitStack() as stack:
        wires, troubles = _wires(stack, bench, lab, hypervisor)
        machines = channels or {
            name: _machine_channels(stack, bench, name, lab, wires, session, hypervisor, links)
            for name in bench.machines
        }
        yield _places(machines, wires, troubles, session)


def links_fact(bench: Bench, lab: LoadedLab, hypervisor: Hypervisor) -> Fact:
    """What the hypervisor says of each machine: for each of its networks, whether it runs and its cable is in."""
    value: dict[str, dict[str, bool]] = {}
    why: Text | None = None
    for name, machine in bench.machines.items():
        try:
            running = hypervisor.state(machine.domain) == DomainState.RUNNING
            value[name] = {
                nic.network: running and hypervisor.link_up(machine.domain, nic.mac)
                for nic in lab.lab.virtual[name].nics.values()
            }
        except EpreuveError as error:
            value[name] = {nic.network: False for nic in lab.lab.virtual[name].nics.values()}
            why = error.what
    return Fact(
        key=LINKS_KEY,
        at="bench",
        probe="links",
        status="seen",
        value=value,
        why=why,
        channel="hypervisor",
        taken_at=datetime.now(UTC),
    )


def _wires(
    stack: ExitStack, bench: Bench, lab: LoadedLab, hypervisor: Hypervisor
) -> tuple[dict[str, Agent], dict[str, Text]]:
    """A witness on every network of the bench; why there is none, where it could not be plugged in."""
    wires: dict[str, Agent] = {}
    troubles: dict[str, Text] = {}
    for name, network in lab.lab.networks.items():
        try:
            wires[name] = stack.enter_context(
                hypervisor.witness(bench.networks[name], network.witness, bench=f"{bench.session}-{bench.name}")
            )
        except (EpreuveError, KeyError) as error:
            what = error.what if isinstance(error, EpreuveError) else Text("réseau absent", "network missing")
            troubles[name] = Text(
                f"le témoin n'a pas pu se brancher sur le réseau « {name} » : {what.fr}",
                f"the witness could not join network “{name}”: {what.en}",
            )
    return wires, troubles


def _machine_channels(
    stack: ExitStack,
    bench: Bench,
    name: str,
    lab: LoadedLab,
    wires: Mapping[str, Agent],
    session: Session,
    hypervisor: Hypervisor,
    links: Fact,
) -> list[Channel]:
    machine = lab.lab.virtual[name]
    connected = [network for network, up in links.value.get(name, {}).items() if up and network in wires]
    found = ways(name, machine, [(network, wires[network]) for network in connected])
    agents: dict[str, Agent] = {}
    with suppress(EpreuveError):  # no such domain any more: then there is no such channel
        agents["agent"] = hypervisor.agent(bench.machines[name].domain)
    for kind, make in (("ssh", ssh_channel), ("winrm", winrm_channel)):
        agent = make(bench, machine, found, session) if kind in machine.ways else None
        if agent is not None:
            agents[kind] = agent
            stack.callback(agent.close)
    dialect = DIALECTS[machine.family]
    return [Channel(way, agents[way], dialect) for way in machine.ways if way in agents]


def _places(
    machines: Mapping[str, Sequence[Channel]],
    wires: Mapping[str, Agent],
    troubles: Mapping[str, Text],
    session: Session,
) -> list[Place]:
    secrets = session.secrets
    places = [Place(name, channels, secrets=secrets) for name, channels in machines.items()]
    places += [
        Place(f"radio:{name}", [Channel("radio", channel.agent) for channel in channels], secrets=secrets, reveal=True)
        for name, channels in machines.items()
    ]
    places += [
        Place(f"wire:{name}", [Channel("witness", wire)], parallel=True, secrets=secrets, reveal=True)
        for name, wire in wires.items()
    ]
    return places + [Place(f"wire:{name}", [], trouble=why) for name, why in troubles.items()]
