"""What is in use: the goldens and images that benches, machines and disks of this installation stand on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from labs.text import Text
from orchestrator.bench import MANIFEST, load_bench
from orchestrator.hypervisor.port import DomainView, Hypervisor, NetworkView
from orchestrator.pruning.backing import backing_files
from orchestrator.settings import Settings

DISKS = "*.qcow2*"
"""Disks, and the overlays that checkpoints put over them."""

Uses = dict[Path, Text]
"""Why a golden's or an image's folder is needed."""


def uses(settings: Settings, hypervisors: Sequence[Hypervisor]) -> Uses:
    """The folders that something of a bench needs: its making (``bench.json`` is written first), its machines, the
    disks it has, its checkpoints, its frozen work, a copy. Machines of other data directories count, too."""
    found: Uses = {}
    for file in settings.benches_dir.glob(f"*/*/{MANIFEST}"):
        session, name = file.parent.parent.name, file.parent.name
        if bench := load_bench(settings.benches_dir, session, name):
            found.setdefault(settings.goldens_dir / bench.golden_key, _bench(session, name))
    for hypervisor in hypervisors:
        views: list[DomainView | NetworkView] = [*hypervisor.domains(), *hypervisor.networks()]
        for view in views:
            found.setdefault(settings.goldens_dir / view.stamp.golden_key, Text(view.name, view.name))
    for disk in settings.benches_dir.rglob(DISKS):
        session, name = (*disk.relative_to(settings.benches_dir).parts, "")[:2]
        _under(disk, settings, found, _bench(session, name))
    return found


def under_goldens(settings: Settings, removed: Sequence[Path] = ()) -> Uses:
    """The images that goldens stand on where they could not be linked into them; not those of ``removed`` goldens."""
    found: Uses = {}
    for disk in settings.goldens_dir.glob(f"*/{DISKS}"):
        if disk.parent not in removed:
            _under(disk, settings, found, Text(f"modèle {disk.parent.name[:12]}", f"golden {disk.parent.name[:12]}"))
    return found


def _under(disk: Path, settings: Settings, found: Uses, why: Text) -> None:
    for file in backing_files(disk):
        for store, depth in ((settings.goldens_dir, 1), (settings.images_dir, 2)):
            real, place = file.resolve(), store.resolve()  # disks may have been made by another name of the directory
            if real.is_relative_to(place):
                found.setdefault(store.joinpath(*real.relative_to(place).parts[:depth]), why)


def _bench(session: str, name: str) -> Text:
    return Text(f"poste {session}/{name}", f"bench {session}/{name}")
