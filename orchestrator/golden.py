"""Goldens: the machines of a lab booted, set up, settled, and saved with their RAM at the same moment.

A golden is a directory named by the hash of everything that it is made from. It appears by one rename or not at all;
whatever a killed builder left (domains, networks, files) is recognised by its stamp or its name and removed by the
next one. Files are 0600 in a directory that only the service can enter (on a host with an unprivileged QEMU user,
0711: passable for it, listable by none; libvirt hands each file over for as long as a machine uses it).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from checkers.channel import Agent
from labs.model import Lab
from labs.text import Text
from orchestrator.capacity import MACHINE_OVERHEAD_MIB, OVERLAY_START_MIB, Need
from orchestrator.hypervisor.errors import HypervisorError
from orchestrator.hypervisor.port import Hypervisor, store_id

BUILDER_VERSION = 2
"""Raised when a golden made by this code would differ from one made before."""

MANIFEST = "golden.json"


class BaseImage(Protocol):
    """What a golden needs to know of an image (``vagrant.build`` makes them)."""

    @property
    def key(self) -> str: ...
    @property
    def disk(self) -> Path: ...
    @property
    def kernel(self) -> Path | None: ...
    @property
    def initrd(self) -> Path | None: ...
    @property
    def cmdline(self) -> str: ...


class GoldenNic(BaseModel):
    """A card of a machine."""

    model_config = ConfigDict(frozen=True)

    device: str
    network: str
    mac: str


class GoldenMachine(BaseModel):
    """One saved machine. Paths are file names in the golden's directory. No kernel: its disk boots itself (Windows)."""

    model_config = ConfigDict(frozen=True)

    name: str
    memory_mib: int
    vcpus: int
    nics: tuple[GoldenNic, ...]
    family: str = "linux"
    ready: str
    cmdline: str
    disk: str
    saved: str
    kernel: str | None
    initrd: str | None
    saved_mib: int


class Golden(BaseModel):
    """The saved machines of a lab. ``cold_reason``: why clones cannot be warm on this host, None when they can."""

    model_config = ConfigDict(frozen=True)

    key: str
    lab: str
    lab_version: str
    networks: tuple[str, ...]
    machines: dict[str, GoldenMachine]
    cold_reason: Text | None = None
    created_at: float
    seconds: dict[str, float] = Field(default_factory=dict)
    """How long each step of making it took."""
    dir: Path = Field(default=Path(), exclude=True)

    def path(self, name: str) -> Path:
        """The absolute path of one of its files."""
        return self.dir / name

    def need(self) -> Need:
        """What one bench of it takes when it starts (the copies of the saved RAM live as long as the cloning)."""
        return Need(
            memory_mib=sum(machine.memory_mib + MACHINE_OVERHEAD_MIB for machine in self.machines.values()),
            disk_mib=sum(machine.saved_mib + OVERLAY_START_MIB for machine in self.machines.values()),
        )


@dataclass(frozen=True)
class PrepareContext:
    """What the set-up hook is given: the golden's machines, running and answering."""

    lab: Lab
    lab_dir: Path
    hypervisor: Hypervisor
    uri: str
    domains: Mapping[str, str]
    agents: Mapping[str, Agent]
    work_dir: Path
    """A place for its files; removed afterwards."""


Prepare = Callable[[PrepareContext], None]
Progress = Callable[[Text], None]


def load_golden(directory: Path) -> Golden | None:
    """A whole golden from its directory; None when there is none."""
    try:
        golden = Golden.model_validate_json((directory / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return None
    golden = golden.model_copy(update={"dir": directory})
    names = [name for m in golden.machines.values() for name in (m.disk, m.saved, m.kernel, m.initrd) if name]
    return golden if all(golden.path(name).is_file() for name in names) else None


def list_goldens(store: Path) -> list[Golden]:
    """Every whole golden of a store, newest first."""
    found = [load_golden(entry) for entry in store.iterdir() if entry.is_dir()] if store.is_dir() else []
    return sorted((golden for golden in found if golden), key=lambda golden: -golden.created_at)


def golden_key(lab: Lab, lab_dir: Path, images: Mapping[str, BaseImage], hypervisor: Hypervisor) -> str:
    """The hash of everything the golden is made from: images, machines, set-up files, builder, QEMU, accelerator."""
    first = images[next(iter(lab.virtual.values())).image]
    info = hypervisor.info()
    accelerator = hypervisor.choose_accelerator(first.kernel, first.initrd)
    parts: dict[str, Any] = {
        "builder": BUILDER_VERSION,
        "qemu": info.qemu,
        "accelerator": accelerator,
        "cpu": info.cpu if accelerator == "kvm" else "",  # under TCG every host shows the guest the same processor
        "simulated": info.simulated,
        "lab": lab.id,
        "networks": sorted(lab.networks),
        "machines": {
            name: {
                **machine.model_dump(mode="json", include={"memory_mib", "vcpus", "nics", "ready"}),
                "image": images[machine.image].key,
                "prepare": _content(lab_dir, machine.prepare, {m.personalise for m in lab.virtual.values()}),
            }
            for name, machine in lab.virtual.items()
        },
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def _content(lab_dir: Path, playbook: Path | None, later: Collection[Path | None]) -> dict[str, str]:
    """Hashes of a playbook and, when it has a folder of its own, of all that is in it (roles, templates).

    later: files that are run in benches only; they do not count.
    """
    if playbook is None:
        return {}
    file = lab_dir / playbook
    folder = file.parent
    files = [file] if folder.resolve() == lab_dir.resolve() else sorted(p for p in folder.rglob("*") if p.is_file())
    counted = [path for path in files if path.relative_to(lab_dir) not in later]
    return {str(path.relative_to(lab_dir)): hashlib.sha256(path.read_bytes()).hexdigest() for path in counted}


def ensure_golden(
    lab: Lab,
    lab_dir: Path,
    *,
    images: Mapping[str, BaseImage],
    hypervisor: Hypervisor,
    store: Path,
    prepare: Prepare | None = None,
    progress: Progress | None = None,
) -> Golden:
    """The golden of a lab: from the store, else built (minutes). One builds, others who want the same wait for it.

    images: by name, every image that the lab's machines name.

    :raises HypervisorError: a machine does not start, answer or get ready; nothing is left of the attempt.
    :raises CapacityError: memory or disk is short.
    """
    from orchestrator.golden_build import build_golden, remove_leftovers

    say = progress or (lambda _text: None)
    missing = sorted({machine.image for machine in lab.virtual.values()} - set(images))
    if missing:
        raise HypervisorError(
            Text(f"Image absente : {', '.join(missing)}.", f"Missing image: {', '.join(missing)}."),
            where=lab.id,
            do=Text("Construisez-la : « epreuve image build ».", "Build it: “epreuve image build”."),
        )
    key = golden_key(lab, lab_dir, images, hypervisor)
    if found := load_golden(store / key):
        with suppress(FileNotFoundError):
            os.utime(found.dir)  # when it was last used: “image prune --keep” asks
        return found
    store.mkdir(parents=True, exist_ok=True)
    _set_mode(store, hypervisor)
    with building(store, key, say):
        if found := load_golden(store / key):
            return found
        remove_leftovers(hypervisor, store, key)
        try:
            build_golden(lab, lab_dir, key, images=images, hypervisor=hypervisor, store=store, prepare=prepare, say=say)
        except BaseException:
            with suppress(HypervisorError):
                remove_leftovers(hypervisor, store, key)
            raise
    golden = load_golden(store / key)
    if golden is None:
        raise HypervisorError(
            Text("Le modèle des machines est incomplet.", "The golden is not whole."),
            where=str(store / key),
            do=Text("Supprimez ce répertoire et recommencez.", "Remove this directory and try again."),
        )
    return golden


def _set_mode(directory: Path, hypervisor: Hypervisor) -> None:
    """Closed to all, but passable for a QEMU that runs as a user of its own."""
    directory.chmod(0o700 if hypervisor.info().guests_as_root else 0o711)


@contextmanager
def building(store: Path, key: str, say: Progress | None) -> Iterator[None]:
    """The right to build this golden, waited for if another process has it.

    :raises BlockingIOError: another has it and ``say`` is None: there is nobody to tell why one waits.
    """
    lock = store / f".{key}.lock"
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if say is None:
                os.close(descriptor)
                raise
            say(Text("Un autre programme prépare ces machines : attente", "Another program is making these: waiting"))
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if lock.stat().st_ino == os.fstat(descriptor).st_ino:
                break
        os.close(descriptor)  # its last holder removed it while we waited
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def remove_orphans(hypervisor: Hypervisor, store: Path) -> list[str]:
    """Remove what killed builders left; a golden that is being built right now is left alone."""
    from orchestrator.golden_build import building_keys, remove_leftovers

    mine = store_id(store)
    stamps = [view.stamp for view in hypervisor.domains()] + [view.stamp for view in hypervisor.networks()]
    keys = {stamp.golden_key for stamp in stamps if (stamp.role, stamp.store) == ("golden", mine)} | building_keys(
        store
    )
    removed: list[str] = []
    for key in sorted(keys):
        store.mkdir(parents=True, exist_ok=True)
        with suppress(BlockingIOError), building(store, key, None):
            removed += remove_leftovers(hypervisor, store, key)
    return removed
