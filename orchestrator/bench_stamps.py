"""What a hypervisor has of a bench, found by the stamps: they are there when no file is any more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from orchestrator.hypervisor.port import Hypervisor, Stamp, store_id


def clear_hypervisor(hypervisor: Hypervisor, store: Path, session: str, name: str) -> None:
    """Remove the machines and networks of a bench, each found by its stamp; its files stay. Idempotent."""

    def ours(stamp: Stamp) -> bool:
        return (stamp.role, stamp.store, stamp.session, stamp.bench) == ("bench", store_id(store), session, name)

    domains = [view.name for view in hypervisor.domains() if ours(view.stamp)]
    networks = [view.name for view in hypervisor.networks() if ours(view.stamp)]
    with ThreadPoolExecutor(max_workers=max(1, len(domains), len(networks))) as pool:
        list(pool.map(hypervisor.destroy, domains))
        list(pool.map(hypervisor.destroy_network, networks))
