"""After the bell: the work is saved as it stood, then looked at on a copy.

``<bench>/frozen/`` holds ``<machine>.ram``, ``screen-<machine>.png`` and, when all are there, ``banked.json``. The
disks stay where they are and are not written to any more: what is observed is a copy, made of overlays over those disks
and of the saved RAM. So nothing that happens after the bell, by a clock in the machine or by the observation, gets into
the evidence. A machine of the copy that answers nothing is ended, and its disk read.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from checkers.checks import CHECKS
from checkers.disk.dialect import DISKS
from checkers.judge import plan
from checkers.report.write import observation_json
from labs.files import sync_file, write_atomic
from labs.loader import LoadedLab
from labs.model import Machine
from labs.text import Text
from orchestrator.bench import Bench, BenchError
from orchestrator.bench_start import domain_spec
from orchestrator.devices.nets import bench_devices
from orchestrator.devices.reach import Devices
from orchestrator.disk_channel import DiskAtRest, Ended, can_read, power_off
from orchestrator.engine.actual import BANKED, FROZEN, OBSERVED, is_whole, off_at_bell
from orchestrator.engine.other_keys import keep_other_keys
from orchestrator.engine.points import set_right
from orchestrator.engine.screens import keep_screen
from orchestrator.golden import Golden
from orchestrator.hypervisor.port import DomainState, Hypervisor
from orchestrator.observer import observe_bench
from orchestrator.sessions import Session
from orchestrator.together import together

LOOK = "look"
"""Directory of a bench with the overlays of the copy that is observed."""


def bank(bench: Bench, at: datetime, *, hypervisor: Hypervisor) -> None:
    """Save the RAM of every paused machine. Done in part: it goes on with the rest.

    :raises HypervisorError: a machine could not be saved; it is paused still.
    :raises BenchError: a machine neither stands still nor is off; nothing is said to be saved then.
    """
    frozen = bench.dir / FROZEN
    frozen.mkdir(mode=0o700, exist_ok=True)

    def save(machine: str) -> None:
        domain, ram = bench.machines[machine].domain, frozen / f"{machine}.ram"
        if not is_whole(ram):
            hypervisor.settle(domain)  # the bell, or a death, may have come in the middle of a checkpoint
            state = hypervisor.state(domain)
            if state is DomainState.PAUSED:  # a machine that was saved is off
                keep_screen(hypervisor, domain, frozen / f"screen-{machine}.png")
                hypervisor.save(domain, ram)  # the file is not removed before: somebody may be writing to it
            elif state is not DomainState.OFF:
                raise BenchError(
                    Text("Une machine n'est pas arrêtée.", "A machine does not stand still."),
                    where=f"{bench.label}: {machine}: {state}",
                )
        if ram.exists():
            sync_file(ram)

    together(save, bench.machines)
    off = [machine for machine in bench.machines if not is_whole(frozen / f"{machine}.ram")]
    write_atomic(frozen / BANKED, json.dumps({"at": at.isoformat(), "off": off}), mode=0o600)


def look(
    bench: Bench,
    lab: LoadedLab,
    golden: Golden,
    session: Session,
    *,
    hypervisor: Hypervisor,
    devices: Devices,
    radio: str | None,
) -> None:
    """Observe a copy of a banked bench; what was seen is in ``frozen/observation.json``.

    devices: the physical ones, which nothing freezes: they are seen as they are now. radio: the adapter that hears
    them.

    :raises EpreuveError: the copy could not be made; what could not be seen of it is in the observation instead.
    """
    frozen = bench.dir / FROZEN
    clear_look(bench, hypervisor)
    place = fresh(bench.dir / LOOK)
    try:
        awake = awake_at_bell(bench)
        wake(bench, awake, golden, place, hypervisor=hypervisor)
        planned = plan(lab.lab.checks(), CHECKS)
        disks = _disks(bench, lab, golden, place, awake, hypervisor)
        with bench_devices(lab.lab, devices, session, bench, hypervisor, radio) as reached:
            observation = observe_bench(
                bench, lab, planned, session=session, hypervisor=hypervisor, devices=reached.places, disks=disks
            )
        # First: whoever finds an observation finds what is to be said of its devices, too.
        keep_other_keys(frozen, devices, reached.other_keys)
        write_atomic(frozen / OBSERVED, observation_json(observation), mode=0o600)
    finally:
        clear_look(bench, hypervisor)


def _disks(
    bench: Bench, lab: LoadedLab, golden: Golden, place: Path, awake: Sequence[str], hypervisor: Hypervisor
) -> dict[str, DiskAtRest]:
    """The disk of each machine, for when nothing else answers: the copy's; of one that was off at the bell, its own."""
    if not can_read(hypervisor):
        return {}

    def end(machine: str, family: str) -> Ended:
        return power_off(hypervisor, bench.machines[machine].domain, family) if machine in awake else "off"

    disks = {}
    for machine in bench.machines:
        spec = lab.lab.machines[machine]
        if not isinstance(spec, Machine) or spec.family not in DISKS:
            continue
        frozen = domain_spec(golden, machine, session=bench.session, bench=bench.name, store=bench.store).disk
        disks[machine] = DiskAtRest(
            place / frozen.name if machine in awake else frozen,
            spec,
            emulated=hypervisor.info().accelerator != "kvm",
            end=partial(end, machine, spec.family),
        )
    return disks


def awake_at_bell(bench: Bench) -> list[str]:
    """The machines of a banked bench that were on. Raises OSError or ValueError."""
    off = off_at_bell(bench)
    return [machine for machine in bench.machines if machine not in off]


def fresh(place: Path) -> Path:
    """An empty directory in a bench's, for a copy of it."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    place.chmod(place.parent.stat().st_mode & 0o777)  # QEMU may have to pass through it
    return place


def wake(bench: Bench, machines: Sequence[str], golden: Golden, place: Path, *, hypervisor: Hypervisor) -> None:
    """Start machines of a banked bench as a copy: all that it writes goes into ``place``.

    :raises HypervisorError: one could not be started.
    """

    def one(machine: str) -> None:
        spec = domain_spec(golden, machine, session=bench.session, bench=bench.name, store=bench.store)
        copy = replace(spec, disk=place / spec.disk.name, serial_log=place / spec.serial_log.name)
        hypervisor.create_overlay(spec.disk, copy.disk)
        hypervisor.restore(copy, bench.dir / FROZEN / f"{machine}.ram")
        set_right(bench, machine, hypervisor)

    together(one, machines)


def clear_look(bench: Bench, hypervisor: Hypervisor) -> None:
    """Remove the copy; the saved work stays. Idempotent."""
    for machine in bench.machines.values():
        hypervisor.destroy(machine.domain)
    shutil.rmtree(bench.dir / LOOK, ignore_errors=True)


def observation_file(folder: Path) -> Path:
    """Where a frozen bench's observation is."""
    return folder / FROZEN / OBSERVED
