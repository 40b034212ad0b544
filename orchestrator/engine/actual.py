"""What there is of a bench: its files and its machines, as the hypervisor reports them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from orchestrator.bench import Bench, load_bench
from orchestrator.engine.restoring import RESTORING
from orchestrator.hypervisor.port import DomainState, DomainView, Hypervisor, NetworkView, store_id

_V = TypeVar("_V", DomainView, NetworkView)

FROZEN = "frozen"
"""Directory of a bench with what was saved at the bell."""
BANKED = "banked.json"
"""In it: says that the RAM of every machine is saved, and which machines were off."""
OBSERVED = "observation.json"
COPY = "copy"
"""Directory of a bench with the overlays of the copy that the jury looks at."""
MOVE = "move"
"""Directory of a bench that is being moved to another host."""
POINTS = "points"
"""Directory of a bench with its checkpoints and what resets threw away."""


@dataclass(frozen=True)
class Actual:
    """One bench as it is. ``machines``: those there are. ``networks``: how many. ``saved``: machines whose RAM is saved
    since the bell; ``banked``: all are; ``observed``: and looked at. ``has_files``: anything is left of it on the disk;
    ``has_points``: checkpoints are; ``has_copy``: files of a copy for the jury; ``moving``: it is between two hosts;
    ``restoring``: it is being brought back, or is back and that was not written down."""

    bench: Bench | None
    machines: Mapping[str, DomainState]
    networks: int
    saved: tuple[str, ...]
    banked: bool
    observed: bool
    has_files: bool
    has_points: bool
    has_copy: bool = False
    moving: bool = False
    restoring: bool = False

    @property
    def is_made(self) -> bool:
        """Whether it was made to its end."""
        return self.bench is not None and self.bench.state == "ready" and not self.bench.rebuilt

    @property
    def exists(self) -> bool:
        """Whether anything is left of it."""
        return bool(self.machines) or self.networks > 0 or self.has_files

    def lost(self) -> tuple[str, ...]:
        """Machines whose RAM is nowhere: crashed or not there at all, and not saved."""
        assert self.bench is not None  # noqa: S101 - asked of made benches only
        return tuple(
            name
            for name in self.bench.machines
            if name not in self.saved and self.machines.get(name, DomainState.CRASHED) is DomainState.CRASHED
        )

    def are(self, state: DomainState) -> tuple[str, ...]:
        """The machines in this state."""
        return tuple(name for name, found in self.machines.items() if found is state)


class Listing:
    """What the hypervisor had at one moment, by session and bench: one pair of calls for all benches."""

    def __init__(self, hypervisor: Hypervisor | None, store: Path) -> None:
        """hypervisor: None where nobody can say; then there are only files."""
        self._store = store
        mine = store_id(store)
        self._domains: dict[tuple[str, str], dict[str, DomainState]] = {}
        self._networks: dict[tuple[str, str], int] = {}
        for domain in _ours(hypervisor.domains() if hypervisor else (), mine):
            key = (domain.stamp.session, domain.stamp.bench)
            self._domains.setdefault(key, {})[domain.stamp.machine] = domain.state
        for network in _ours(hypervisor.networks() if hypervisor else (), mine):
            key = (network.stamp.session, network.stamp.bench)
            self._networks[key] = self._networks.get(key, 0) + 1

    def machines(self) -> dict[tuple[str, str], dict[str, DomainState]]:
        """The states of all machines, by session and bench."""
        return self._domains

    def bench(self, session: str, name: str) -> Actual:
        """What there is of one bench."""
        place = self._store / session / name
        frozen = place / FROZEN
        return Actual(
            bench=load_bench(self._store, session, name),
            machines=self._domains.get((session, name), {}),
            networks=self._networks.get((session, name), 0),
            saved=tuple(file.stem for file in sorted(frozen.glob("*.ram")) if is_whole(file)),
            banked=(frozen / BANKED).is_file(),
            observed=(frozen / OBSERVED).is_file(),
            has_files=place.is_dir(),
            has_points=(place / POINTS).is_dir(),
            has_copy=(place / COPY).is_dir(),
            moving=(place / MOVE).is_dir(),
            restoring=(place / RESTORING).is_file(),
        )

    def has(self, session: str, name: str) -> bool:
        """Whether a machine or a network of this bench is there."""
        return (session, name) in self._domains or (session, name) in self._networks


def is_whole(ram: Path) -> bool:
    """Whether a saved RAM was written to its end: libvirt marks its file as partial until it is."""
    try:
        with ram.open("rb") as file:
            return file.read(16) not in (b"", b"LibvirtQemudPart")
    except FileNotFoundError:
        return False


def off_at_bell(bench: Bench) -> tuple[str, ...]:
    """The machines of a banked bench that the candidate had powered off. Raises OSError or ValueError."""
    return tuple(json.loads((bench.dir / FROZEN / BANKED).read_text(encoding="utf-8"))["off"])


def _ours(views: Iterable[_V], store: str) -> list[_V]:
    return [view for view in views if view.stamp.role == "bench" and view.stamp.store == store]
