"""What a hypervisor has of a bench, found by the stamps: they are there when no file is any more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from orchestrator.hypervisor.port import DomainState, Hypervisor, Stamp, store_id
from orchestrator.together import together


def machines_of(hypervisor: Hypervisor, store: Path, session: str, name: str) -> dict[str, DomainState]:
    """The machines of a bench that a hypervisor has, by the lab's names for them."""
    ours = _ours(store, session, name)
    return {view.stamp.machine: view.state for view in hypervisor.domains() if ours(view.stamp)}


def clear_hypervisor(hypervisor: Hypervisor, store: Path, session: str, name: str) -> None:
    """Remove the machines and networks of a bench, each found by its stamp; its files stay. Idempotent."""
    ours = _ours(store, session, name)
    domains = [view.name for view in hypervisor.domains() if ours(view.stamp)]
    networks = [view.name for view in hypervisor.networks() if ours(view.stamp)]
    together(hypervisor.destroy, domains)
    together(hypervisor.destroy_network, networks)


def _ours(store: Path, session: str, name: str) -> Callable[[Stamp], bool]:
    mine = ("bench", store_id(store), session, name)
    return lambda stamp: (stamp.role, stamp.store, stamp.session, stamp.bench) == mine
