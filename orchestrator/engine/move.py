"""A bench changes hosts: the RAM of each machine goes through a file that both hosts see.

``<bench>/move/`` is there from the first moment of a move to its last, and holds ``<machine>.ram``. A machine's RAM is
always in one place that counts: in the machine while it is on, else in its file. The file is whole before the machine
is started from it elsewhere, and what is off is forgotten only when all are where they should be. So a move that was
cut short anywhere goes on, in the same direction or back.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from labs.files import sync_directory, sync_file
from labs.text import Text
from orchestrator.bench import Bench, BenchError, ensure_networks
from orchestrator.bench_stamps import clear_hypervisor, machines_of
from orchestrator.bench_start import domain_spec
from orchestrator.engine.actual import MOVE, is_whole
from orchestrator.golden import Golden
from orchestrator.hypervisor.port import ON, DomainState, Hypervisor
from orchestrator.together import together


def move(bench: Bench, to: Hypervisor, others: Mapping[str, Hypervisor], golden: Golden) -> None:
    """Bring a bench to a host, its machines standing still. Done in part: it goes on with the rest.

    others: the other hosts on which something of it may be, by name. A machine whose RAM is nowhere is left out.

    :raises HypervisorError: a host did not do its part; nothing is lost, the next try goes on.
    :raises BenchError: a machine is on twice: whose work counts is not for us to say.
    """
    place, which = bench.dir / MOVE, (bench.store, bench.session, bench.name)
    if not place.is_dir():
        place.mkdir()
        place.chmod(bench.dir.stat().st_mode & 0o777)  # QEMU may have to pass through it
        sync_directory(bench.dir)
    ensure_networks(bench, to)
    there = machines_of(to, *which)
    elsewhere = {name: machines_of(hypervisor, *which) for name, hypervisor in others.items()}

    def bring(machine: str) -> None:
        domain, ram = bench.machines[machine].domain, place / f"{machine}.ram"
        sources = [name for name, found in elsewhere.items() if found.get(machine) in ON]
        here = there.get(machine)
        if len(sources) + (here in ON) > 1:
            raise BenchError(
                Text("Une machine est allumée sur deux hôtes.", "A machine is on on two hosts."),
                where=f"{bench.label}: {machine}: {', '.join(sources)}",
                do=Text(
                    "Dites lequel est perdu (move --host … --host-lost).",
                    "Say which is lost (move --host … --host-lost).",
                ),
            )
        if here in ON:
            to.suspend(domain)
            return
        for name in sources:  # one, or none
            others[name].suspend(domain)
            others[name].settle(domain)
            others[name].save(domain, ram)
        spec = domain_spec(golden, machine, session=bench.session, bench=bench.name, store=bench.store)
        if is_whole(ram):
            sync_file(ram)
            to.restore(spec, ram, paused=True)
        elif here is None and any(found.get(machine) is DomainState.OFF for found in elsewhere.values()):
            to.define(spec)

    together(bring, bench.machines)
    for hypervisor in others.values():
        clear_hypervisor(hypervisor, *which)
    shutil.rmtree(place)
    sync_directory(bench.dir)
