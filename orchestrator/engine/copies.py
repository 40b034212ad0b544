"""A copy of a frozen bench, for the jury to look at: the same machines, woken from what was saved at the bell.

Like the copy that is observed (``freeze``), it is overlays over the frozen disks, with the saved RAM, in a directory of
its own: whatever anybody does in it, the evidence is not written to. It has the bench's own names, as saved RAM goes
back to no other; a frozen bench has no machines, so nothing else bears them.

Whether there should be one is in the exam (``Sitting.frozen_copy``). One that was half made when its maker died is
removed and made again by the next pass; one that nobody wants any more is put away like any leftover.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from labs.text import Text
from orchestrator.bench import Bench, BenchError, ensure_networks
from orchestrator.bench_stamps import clear_hypervisor
from orchestrator.capacity import MACHINE_OVERHEAD_MIB, OVERLAY_START_MIB, Need, require_room
from orchestrator.engine.actual import COPY, Actual
from orchestrator.engine.freeze import awake_at_bell, fresh, wake
from orchestrator.exam.model import Copy, Sitting
from orchestrator.golden import Golden, load_golden
from orchestrator.hypervisor.port import DomainState, Hypervisor

IDLE = timedelta(hours=2)
"""A copy of which nobody has opened a console for so long is removed: it holds memory that an exam may need."""


def open_copy(bench: Bench, goldens: Path, *, hypervisor: Hypervisor) -> None:
    """Make the copy of a frozen bench; what is there of an earlier one is removed first.

    :raises CapacityError: memory or disk is short; nothing was made.
    :raises EpreuveError: it could not be made; what is there of it is for the next pass to remove.
    """
    golden = _golden_of(bench, goldens)
    clear_hypervisor(hypervisor, bench.store, bench.session, bench.name)
    place = fresh(bench.dir / COPY)
    awake = _awake(bench)
    memory = sum(golden.machines[machine].memory_mib + MACHINE_OVERHEAD_MIB for machine in awake)
    require_room(hypervisor, place, Need(memory, OVERLAY_START_MIB * len(awake)))
    ensure_networks(bench, hypervisor)
    wake(bench, awake, golden, place, hypervisor=hypervisor)


def why_ended(sitting: Sitting, copy: Copy, actual: Actual, now: datetime) -> Literal["idle", "lost"] | None:
    """Why an open copy is of no use any more; None as long as it is."""
    if not actual.machines or actual.are(DomainState.CRASHED):
        return "lost"  # the host went down
    uses = [copy.opened_at, copy.used_at, copy.asked_at]
    for incident in sitting.incidents:  # of an earlier copy: those are older
        uses += [incident.asked_at, *(one.asked_at for one in incident.verifications)]
    last = max(moment for moment in uses if moment is not None)
    return "idle" if now - last >= IDLE else None


def _golden_of(bench: Bench, goldens: Path) -> Golden:
    """By its key and not by the lab, which may have been corrected since."""
    golden = load_golden(goldens / bench.golden_key)
    if golden is None:
        raise BenchError(
            Text("Le modèle dont ce poste a été fait n'est plus là.", "The golden of this bench is no more."),
            where=f"{bench.label}: {bench.golden_key}",
            do=Text("Sans lui, il reste le relevé et ses preuves.", "Without it, there is the observation."),
        )
    return golden


def _awake(bench: Bench) -> list[str]:
    try:
        awake = awake_at_bell(bench)
    except (OSError, ValueError) as error:
        raise BenchError(
            Text("Ce poste n'a pas été enregistré à la fin.", "This bench was not saved at the bell."),
            where=f"{bench.label}: {error}",
        ) from error
    if not awake:
        raise BenchError(
            Text(
                "Le candidat avait éteint toutes ses machines : il n'y a rien à réveiller.",
                "The candidate had powered off every machine: there is nothing to wake.",
            ),
            where=bench.label,
        )
    return awake
