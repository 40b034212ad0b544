"""Making a golden: boot, set up, settle, save all machines at one moment, prove that they can be cloned warm."""

from __future__ import annotations

import dataclasses
import os
import shutil
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from checkers.channel import Agent, ChannelError
from labs.files import write_atomic
from labs.model import Lab, Machine
from labs.text import Text
from orchestrator.capacity import MACHINE_OVERHEAD_MIB, Need, require_room
from orchestrator.golden import (
    MANIFEST,
    BaseImage,
    Golden,
    GoldenMachine,
    GoldenNic,
    Prepare,
    PrepareContext,
    Progress,
)
from orchestrator.hypervisor.errors import HypervisorError, WarmCloneImpossible
from orchestrator.hypervisor.port import DomainSpec, Hypervisor, NetworkSpec, NicSpec, Stamp, store_id
from orchestrator.hypervisor.readiness import wait_agent, wait_calm, wait_ready
from orchestrator.together import together

SESSION = "golden"
BOOT_LIMIT_S = 600.0
READY_LIMIT_S = 600.0
CALM_LIMIT_S = 120.0
PROOF_LIMIT_S = 60.0
_DISK_GROWTH_MIB = 512

_ZERO = """\
sync
free=$(sed -n 's/^MemFree: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo)
size=$((free / 1024 - 48))
[ "$size" -gt 0 ] || exit 0
place=$(mktemp -d) && mount -t tmpfs -o size=${size}m none "$place" || exit 0
head -c ${size}M /dev/zero >"$place/fill" 2>/dev/null
umount "$place"; rmdir "$place"; sync
"""
"""Write zeros over free memory: what was once used and freed is saved and restored, pages of zeros are not."""

_WRITES = {
    "linux": ("sh", "-c", "echo proof >/root/.proof; sync; rm /root/.proof"),
    "windows": (
        r"C:\Windows\System32\cmd.exe",
        "/d",
        "/c",
        r"echo proof>C:\Windows\proof.tmp & del C:\Windows\proof.tmp",
    ),
}
"""What writes to the disk of each kind of machine (``family`` in a lab)."""


def build_golden(
    lab: Lab,
    lab_dir: Path,
    key: str,
    *,
    images: Mapping[str, BaseImage],
    hypervisor: Hypervisor,
    store: Path,
    prepare: Prepare | None,
    say: Progress,
) -> None:
    """Make the golden ``store/key``. The caller holds its lock, and cleans up when this raises."""
    memory = sum(machine.memory_mib + MACHINE_OVERHEAD_MIB for machine in lab.virtual.values())
    disk = sum(machine.memory_mib + _DISK_GROWTH_MIB for machine in lab.virtual.values())
    require_room(hypervisor, store, Need(memory, disk))
    place = store / f"{_building_prefix(key)}{os.getpid()}"
    place.mkdir(mode=0o700)
    place.chmod(store.stat().st_mode & 0o777)
    clock = _Clock()
    names = _Names(lab, key, store_id(store))
    specs = {name: _spec(names, name, machine, images[machine.image], place) for name, machine in lab.virtual.items()}

    say(Text("Démarrage à froid des machines", "Booting the machines cold"))
    for network in lab.networks:
        hypervisor.create_network(NetworkSpec(names.libvirt(network), names.stamp(network=network)))
    for name, spec in specs.items():
        _link(images[lab.virtual[name].image], spec, place)
        hypervisor.create_overlay(_base(images[lab.virtual[name].image], place), spec.disk)
    together(hypervisor.start, specs.values())
    agents: dict[str, Agent] = dict(
        together(lambda item: (item[0], wait_agent(hypervisor, item[1].name, timeout_s=BOOT_LIMIT_S)), specs.items())
    )
    clock.lap("boot")

    if prepare is not None:
        say(Text("Mise en place des machines", "Setting the machines up"))
        work = place / "work"
        work.mkdir()
        by_name = {name: spec.name for name, spec in specs.items()}
        prepare(PrepareContext(lab, lab_dir, hypervisor, hypervisor.info().uri, by_name, agents, work))
        shutil.rmtree(work)
        clock.lap("prepare")

    say(Text("Attente des services", "Waiting for the services"))
    together(
        lambda item: wait_ready(
            agents[item[0]],
            item[1].ready,
            family=item[1].family,
            domain=specs[item[0]].name,
            timeout_s=READY_LIMIT_S,
        ),
        lab.virtual.items(),
    )
    clock.lap("ready")

    say(Text("Attente du repos des machines", "Waiting for the machines to settle"))
    domains = [spec.name for spec in specs.values()]
    if not wait_calm(hypervisor, domains, timeout_s=CALM_LIMIT_S):
        say(Text("Une machine reste occupée : elle est prise ainsi", "A machine stays busy: it is taken as it is"))
    together(_zero_free_memory, [agents[name] for name, one in lab.virtual.items() if one.family == "linux"])
    wait_calm(hypervisor, domains, timeout_s=20.0, window_s=1.0)
    clock.lap("settle")

    say(Text("Enregistrement de la mémoire", "Saving the memory"))
    for domain in domains:
        hypervisor.suspend(domain)
    together(lambda spec: hypervisor.save(spec.name, _saved(spec)), specs.values())
    for spec in specs.values():
        hypervisor.destroy(spec.name)
        spec.disk.chmod(0o400)
        spec.serial_log.unlink(missing_ok=True)
    clock.lap("save")

    machines = {name: _machine(name, machine, specs[name]) for name, machine in lab.virtual.items()}
    golden = Golden(
        key=key,
        lab=lab.id,
        lab_version=lab.version,
        networks=tuple(lab.networks),
        machines=machines,
        created_at=time.time(),
        dir=place,
    )
    say(Text("Épreuve du clonage à chaud", "Proving the warm clone"))
    smallest = min(specs, key=lambda name: specs[name].memory_mib)
    reason = _prove_warm(hypervisor, golden, specs[smallest], _WRITES[lab.machines[smallest].family])
    for network in lab.networks:
        hypervisor.destroy_network(names.libvirt(network))
    clock.lap("proof")
    golden = golden.model_copy(update={"cold_reason": reason, "seconds": clock.laps})
    write_atomic(place / MANIFEST, golden.model_dump_json(indent=2) + "\n", mode=0o600)
    shutil.rmtree(store / key, ignore_errors=True)  # one that is not whole, or there would be nothing to build
    place.rename(store / key)
    os.sync()  # an image of half a gigabyte that the host forgets would be believed whole


def remove_leftovers(hypervisor: Hypervisor, store: Path, key: str) -> list[str]:
    """Remove what an ended builder of this golden left; names of what was removed. The caller holds the lock."""
    removed = []

    def ours(stamp: Stamp) -> bool:
        return (stamp.role, stamp.store, stamp.golden_key) == ("golden", store_id(store), key)

    for domain in hypervisor.domains():
        if ours(domain.stamp):
            hypervisor.destroy(domain.name)
            removed.append(domain.name)
    for network in hypervisor.networks():
        if ours(network.stamp):
            hypervisor.destroy_network(network.name)
            removed.append(network.name)
    for place in store.glob(f"{_building_prefix(key)}*"):
        shutil.rmtree(place, ignore_errors=True)
        removed.append(str(place))
    return removed


def building_keys(store: Path) -> set[str]:
    """The keys of half-made goldens in a store."""
    return {place.name[1:].split(".")[0] for place in store.glob(".*.building-*")}


def _prove_warm(hypervisor: Hypervisor, golden: Golden, model: DomainSpec, writes: Sequence[str]) -> Text | None:
    """Clone the smallest machine warm, let it write to its disk, and see that the golden did not change.

    The rewriting of save images is no promised interface of libvirt; so each golden shows on its own host that it
    works there. Returns why it does not, or None.
    """
    disk = model.disk.with_name("proof.qcow2")
    name, log = f"{model.name}-proof", disk.with_suffix(".log")
    spec = dataclasses.replace(model, name=name, uuid=str(uuid.uuid4()), disk=disk, serial_log=log)
    before = _fingerprint(golden)
    try:
        hypervisor.create_overlay(model.disk, disk)
        hypervisor.warm_clone(_saved(model), spec)
        agent = wait_agent(hypervisor, spec.name, timeout_s=PROOF_LIMIT_S)
        agent.run(writes, timeout_s=PROOF_LIMIT_S)
    except WarmCloneImpossible as error:
        return error.what
    except (HypervisorError, ChannelError) as error:
        return error.what
    finally:
        hypervisor.destroy(spec.name)
        disk.unlink(missing_ok=True)
        spec.serial_log.unlink(missing_ok=True)
    if _fingerprint(golden) != before:
        return Text("le clonage à chaud a écrit dans le modèle lui-même", "the warm clone wrote to the golden itself")
    return None


def _fingerprint(golden: Golden) -> list[tuple[str, int, int]]:
    files = [golden.path(name) for machine in golden.machines.values() for name in (machine.disk, machine.saved)]
    return [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]


def _zero_free_memory(agent: Agent) -> None:
    # Only for size and speed: a guest where it fails is saved all the same.
    agent.run(["sh", "-c", _ZERO], timeout_s=60.0)


# --- names and files
def _building_prefix(key: str) -> str:
    return f".{key}.building-"


@dataclass(frozen=True)
class _Names:
    """What the golden's domains and networks are called while it is made."""

    lab: Lab
    key: str
    store: str

    def libvirt(self, what: str) -> str:
        return f"ep-golden-{self.key[:8]}{self.store[:4]}-{what}"

    def stamp(self, *, machine: str = "", network: str = "") -> Stamp:
        return Stamp(SESSION, self.key[:8], self.lab.id, "golden", self.key, self.store, machine, network)


def _spec(names: _Names, name: str, machine: Machine, image: BaseImage, place: Path) -> DomainSpec:
    return DomainSpec(
        name=names.libvirt(name),
        uuid=str(uuid.uuid4()),
        memory_mib=machine.memory_mib,
        vcpus=machine.vcpus,
        disk=place / f"{name}.qcow2",
        kernel=place / f"kernel-{image.key[:16]}" if image.kernel else None,
        initrd=place / f"initrd-{image.key[:16]}" if image.initrd else None,
        cmdline=image.cmdline,
        nics=tuple(NicSpec(device, names.libvirt(nic.network), nic.mac) for device, nic in machine.nics.items()),
        stamp=names.stamp(machine=name),
        serial_log=place / f"{name}.log",
    )


def _machine(name: str, machine: Machine, spec: DomainSpec) -> GoldenMachine:
    saved = _saved(spec)
    return GoldenMachine(
        name=name,
        memory_mib=machine.memory_mib,
        vcpus=machine.vcpus,
        nics=tuple(
            GoldenNic(device=device, network=nic.network, mac=nic.mac) for device, nic in sorted(machine.nics.items())
        ),
        family=machine.family,
        ready=machine.ready,
        cmdline=spec.cmdline,
        disk=spec.disk.name,
        saved=saved.name,
        kernel=spec.kernel.name if spec.kernel else None,
        initrd=spec.initrd.name if spec.initrd else None,
        saved_mib=(saved.stat().st_blocks * 512 >> 20) + 1,
    )


def _saved(spec: DomainSpec) -> Path:
    return spec.disk.with_suffix(".save")


def _base(image: BaseImage, place: Path) -> Path:
    """The image's disk as the golden names it: a hard link beside it, else the image where it is."""
    linked = place / f"base-{image.key[:16]}.qcow2"
    return linked if linked.exists() else image.disk


def _link(image: BaseImage, spec: DomainSpec, place: Path) -> None:
    """Bring kernel, initrd and disk of an image into the golden, so that it outlives the image's cache entry.

    By hard link; on another file system the small ones are copied and the disk is referred to.
    """
    base = place / f"base-{image.key[:16]}.qcow2"
    for source, target in ((image.kernel, spec.kernel), (image.initrd, spec.initrd), (image.disk, base)):
        if source is None or target is None or target.exists():
            continue
        try:
            os.link(source, target)
        except OSError:
            if target is not base:
                shutil.copyfile(source, target)


# --- small helpers
class _Clock:
    """Laps of one build."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._since = monotonic()

    def lap(self, name: str) -> None:
        now = monotonic()
        self.laps[name] = round(now - self._since, 2)
        self._since = now
