"""Benches: one candidate's running copy of a lab, cloned from its golden, on networks of its own.

What exists is written twice: in ``<store>/<session>/<name>/bench.json`` and in the stamps of libvirt's objects. The
file knows the candidate; the stamps survive the loss of the file. A bench that was half made when its maker was
killed says ``creating``: making it again or destroying it cleans up.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from checkers.channel import Agent
from labs.errors import EpreuveError
from labs.files import write_atomic
from labs.text import Text
from labs.variant import Value, Values
from orchestrator.bench_dir import forget, working_on
from orchestrator.bench_stamps import clear_hypervisor
from orchestrator.bench_start import Personalise, Start, domain_spec, network_name, start_machine
from orchestrator.capacity import BenchError, CapacityError, Need, require_room
from orchestrator.golden import Golden, remove_orphans
from orchestrator.hypervisor.port import DomainView, Hypervisor, NetworkSpec, NetworkView, Stamp, store_id
from orchestrator.together import together

__all__ = [
    "Bench",
    "BenchError",
    "BenchMachine",
    "CapacityError",
    "create_bench",
    "destroy_bench",
    "destroy_orphans",
    "ensure_networks",
    "list_benches",
    "load_bench",
    "reset_machine",
]

MANIFEST = "bench.json"
_SLUG = re.compile(r"^[a-z0-9][a-z0-9-]{0,15}$")

Progress = Callable[[Text], None]
Complete = Callable[["Bench"], None]


class BenchMachine(BaseModel):
    """A machine of a bench. ``reason``: why it was booted cold."""

    model_config = ConfigDict(frozen=True)

    name: str
    domain: str
    uuid: str
    start: Start
    reason: Text | None = None


class Bench(BaseModel):
    """A bench as it stands in ``bench.json``.

    ``timings``: seconds from the start of making (or resetting) until the last machine had passed each step.
    ``variants``: the values of the lab's variants that this candidate has. ``rebuilt``: the file was lost and this was
    read from libvirt's stamps; then candidate and values are unknown.
    """

    model_config = ConfigDict(frozen=True)

    session: str
    name: str
    candidate: str
    lab: str
    golden_key: str
    state: Literal["creating", "ready"]
    machines: dict[str, BenchMachine]
    networks: dict[str, str]
    created_at: float
    variants: dict[str, Value] = Field(default_factory=dict)
    timings: dict[str, float] = Field(default_factory=dict)
    rebuilt: bool = False
    dir: Path = Field(default=Path(), exclude=True)

    @property
    def store(self) -> Path:
        """The store of benches it is in."""
        return self.dir.parent.parent

    @property
    def label(self) -> str:
        """``session-name``, as in the names of its domains."""
        return f"{self.session}-{self.name}"

    def agents(self, hypervisor: Hypervisor) -> dict[str, Agent]:
        """The guest agent of every machine."""
        return {name: hypervisor.agent(machine.domain) for name, machine in self.machines.items()}


def create_bench(
    golden: Golden,
    *,
    hypervisor: Hypervisor,
    store: Path,
    session: str,
    name: str,
    candidate: str = "",
    variants: Values | None = None,
    personalise: Personalise | None = None,
    complete: Complete | None = None,
    progress: Progress | None = None,
) -> Bench:
    """Clone a golden for a candidate. Nothing is left of it when this raises.

    personalise: called for each machine in a thread of its own, once its agent answers and its clock is set.
    complete: called when all machines are there, to add files; only afterwards the bench says that it is ready.

    :raises BenchError: the names are not valid, the bench exists already, or it is being worked on.
    :raises CapacityError: memory or disk is short.
    :raises EpreuveError: a machine did not start, answer, or get ready.
    """
    say = progress or (lambda _text: None)
    for value in (session, name):
        if not _SLUG.match(value):
            raise BenchError(
                Text(f"« {value} » n'est pas un nom valable.", f"“{value}” is no valid name."),
                do=Text(
                    "16 caractères au plus : lettres minuscules, chiffres, tirets.",
                    "At most 16 characters: lower-case letters, digits, hyphens.",
                ),
            )
    place = store / session / name
    with working_on(place, hypervisor):
        found = load_bench(store, session, name)
        if found is not None and found.state == "ready":
            raise BenchError(
                Text("Ce poste existe déjà.", "This bench exists already."),
                where=f"{session}/{name}",
                do=Text("Détruisez-le d'abord ou changez de nom.", "Destroy it first, or choose another name."),
            )
        _remove(hypervisor, session, name, place)  # what a killed maker left
        try:
            _require_free_names(hypervisor, golden, session, name)
            require_room(hypervisor, store, golden.need())
            bench = _planned(golden, session, name, candidate, variants or {}, place)
            _write(bench)
            say(Text(f"Clonage du poste {name}", f"Cloning bench {name}"))
            bench = _made(bench, golden, hypervisor, personalise)
            if complete is not None:
                complete(bench)
            _write(bench)
        except BaseException:
            with suppress(EpreuveError):  # it says "creating" then, and the next run removes it
                _remove(hypervisor, session, name, place)
                forget(place)
            raise
    return bench


def reset_machine(
    bench: Bench,
    machine: str,
    golden: Golden,
    *,
    hypervisor: Hypervisor,
    personalise: Personalise | None = None,
) -> Bench:
    """Bring one machine back to the start of the exam, its disk and memory with it. The others go on.

    A machine of a directory (a member and its controller) may lose the other's trust by this: the caller decides.
    """
    if machine not in golden.machines:
        raise BenchError(
            Text(f"Le poste n'a pas de machine « {machine} ».", f"The bench has no machine “{machine}”."),
            where=bench.label,
            do=Text(f"Machines : {', '.join(golden.machines)}.", f"Machines: {', '.join(golden.machines)}."),
        )
    if bench.golden_key != golden.key:
        raise BenchError(
            Text("Ce poste a été fait d'un autre modèle.", "This bench was made from another golden."),
            where=bench.label,
            do=Text("Détruisez-le et recréez-le.", "Destroy it and make it again."),
        )
    with working_on(bench.dir, hypervisor):
        spec = domain_spec(golden, machine, session=bench.session, bench=bench.name, store=bench.store)
        require_room(hypervisor, bench.dir, Need(0, golden.machines[machine].saved_mib))
        began = monotonic()
        hypervisor.destroy(spec.name)
        spec.disk.unlink(missing_ok=True)
        started = start_machine(golden, spec, machine, hypervisor, personalise, began)
        made = BenchMachine(name=machine, domain=spec.name, uuid=spec.uuid, start=started.start, reason=started.reason)
        current = load_bench(bench.store, bench.session, bench.name) or bench
        current = current.model_copy(
            update={"machines": {**current.machines, machine: made}, "timings": started.timings, "dir": bench.dir}
        )
        _write(current)
    return current


def destroy_bench(hypervisor: Hypervisor, store: Path, session: str, name: str) -> None:
    """Remove a bench: machines, networks, files. Idempotent: what is not there is not missed."""
    place = store / session / name
    with working_on(place, hypervisor):
        _remove(hypervisor, session, name, place)
        forget(place)


def load_bench(store: Path, session: str, name: str) -> Bench | None:
    """A bench from its file; None when there is none that can be read."""
    place = store / session / name
    try:
        bench = Bench.model_validate_json((place / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return None
    return bench.model_copy(update={"dir": place})


def list_benches(hypervisor: Hypervisor, store: Path) -> list[Bench]:
    """Every bench: from the files, and from the stamps of machines and networks whose file is lost."""
    benches: dict[tuple[str, str], Bench] = {}
    for file in store.glob(f"*/*/{MANIFEST}"):
        session, name = file.parent.parent.name, file.parent.name
        if bench := load_bench(store, session, name):
            benches[session, name] = bench
    stamped: dict[tuple[str, str], list[DomainView | NetworkView]] = {}
    views: list[DomainView | NetworkView] = [*hypervisor.domains(), *hypervisor.networks()]
    for view in views:
        if view.stamp.role == "bench" and view.stamp.store == store_id(store):
            stamped.setdefault((view.stamp.session, view.stamp.bench), []).append(view)
    for (session, name), found in stamped.items():
        if (session, name) not in benches:
            benches[session, name] = _rebuilt(session, name, found, store / session / name)
    return [benches[key] for key in sorted(benches)]


def destroy_orphans(hypervisor: Hypervisor, store: Path, goldens: Path | None = None) -> list[str]:
    """Remove what nobody will use any more; the names of what was removed.

    That is: benches that were half made, networks of a bench without any machine, and, given the store of goldens,
    what golden builders left. A bench or a golden that is being worked on right now is left alone.
    """
    removed = []
    for bench in list_benches(hypervisor, store):
        if bench.state == "creating" or not bench.machines:
            with suppress(BenchError):
                destroy_bench(hypervisor, store, bench.session, bench.name)
                removed.append(bench.label)
    if goldens is not None:
        removed += remove_orphans(hypervisor, goldens)
    return removed


def ensure_networks(bench: Bench, hypervisor: Hypervisor) -> None:
    """Have every network of a bench going: after a host went down they stand still, on another host there is none."""
    there = {view.name for view in hypervisor.networks()}
    for network, name in bench.networks.items():
        if name in there:
            hypervisor.start_network(name)
        else:
            _create_network(bench, network, hypervisor)


# --- making
def _require_free_names(hypervisor: Hypervisor, golden: Golden, session: str, name: str) -> None:
    """libvirt's names are one space for all who use this hypervisor; a bench of another data directory stays alone."""
    wanted = {f"ep-{session}-{name}-{what}" for what in (*golden.machines, *golden.networks)}
    taken = {view.name for view in hypervisor.domains()} | {view.name for view in hypervisor.networks()}
    if wanted & taken:
        raise BenchError(
            Text(
                "Un poste du même nom existe sur cet hyperviseur, dans un autre répertoire de données.",
                "A bench of this name exists on this hypervisor, in another data directory.",
            ),
            where=", ".join(sorted(wanted & taken)),
            do=Text("Choisissez un autre nom de session.", "Choose another session name."),
        )


def _planned(golden: Golden, session: str, name: str, candidate: str, variants: Values, place: Path) -> Bench:
    return Bench(
        session=session,
        name=name,
        candidate=candidate,
        lab=golden.lab,
        golden_key=golden.key,
        state="creating",
        machines={},
        networks={network: network_name(session, name, network) for network in golden.networks},
        created_at=time.time(),
        variants=dict(variants),
        dir=place,
    )


def _made(bench: Bench, golden: Golden, hypervisor: Hypervisor, personalise: Personalise | None) -> Bench:
    began = monotonic()

    def network(name: str) -> None:
        _create_network(bench, name, hypervisor)

    def machine(name: str) -> tuple[BenchMachine, dict[str, float]]:
        spec = domain_spec(golden, name, session=bench.session, bench=bench.name, store=bench.store)
        started = start_machine(golden, spec, name, hypervisor, personalise, began)
        made = BenchMachine(name=name, domain=spec.name, uuid=spec.uuid, start=started.start, reason=started.reason)
        return made, started.timings

    together(network, bench.networks)
    timings = {"networks": round(monotonic() - began, 3)}
    made = together(machine, golden.machines)
    for step in made[0][1]:
        timings[step] = max(laps.get(step, 0.0) for _, laps in made)
    timings["total"] = round(monotonic() - began, 3)
    machines = {one.name: one for one, _ in made}
    return bench.model_copy(update={"state": "ready", "machines": machines, "timings": timings})


def _create_network(bench: Bench, network: str, hypervisor: Hypervisor) -> None:
    store = store_id(bench.store)
    stamp = Stamp(bench.session, bench.name, bench.lab, "bench", bench.golden_key, store, network=network)
    hypervisor.create_network(NetworkSpec(bench.networks[network], stamp))


def _rebuilt(session: str, name: str, views: list[DomainView | NetworkView], place: Path) -> Bench:
    stamp = views[0].stamp
    simulated: Start = "warm"
    return Bench(
        session=session,
        name=name,
        candidate="",
        lab=stamp.lab,
        golden_key=stamp.golden_key,
        state="ready",
        machines={
            view.stamp.machine: BenchMachine(name=view.stamp.machine, domain=view.name, uuid=view.uuid, start=simulated)
            for view in views
            if isinstance(view, DomainView)
        },
        networks={view.stamp.network: view.name for view in views if isinstance(view, NetworkView)},
        created_at=0.0,
        rebuilt=True,
        dir=place,
    )


# --- removing
def _remove(hypervisor: Hypervisor, session: str, name: str, place: Path) -> None:
    """Machines, then networks, then what we keep in the bench's directory."""
    clear_hypervisor(hypervisor, place.parent.parent, session, name)
    for entry in place.iterdir() if place.is_dir() else ():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink(missing_ok=True)


def _write(bench: Bench) -> None:
    write_atomic(bench.dir / MANIFEST, bench.model_dump_json(indent=2) + "\n", mode=0o600)
