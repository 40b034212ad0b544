"""How the installation is doing: what a page can say at once, without asking a hypervisor."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from orchestrator.engine import service
from orchestrator.engine.desk import Desk
from orchestrator.settings import Settings
from orchestrator.version import version

SILENT_S = 30.0
"""A service that has not said anything for so long is stuck."""


@dataclass(frozen=True)
class Health:
    """service: None: it does not run. silent_s: since it last said something. free_mib, database_mib: disk.
    sessions, candidates: how many, by state."""

    version: str
    service: service.Status | None
    silent_s: float
    free_mib: int
    total_mib: int
    database_mib: float
    sessions: Counter[str]
    candidates: Counter[str]

    @property
    def is_stuck(self) -> bool:
        """The service runs, and does nothing."""
        return self.service is not None and self.silent_s > SILENT_S


def look(settings: Settings, desk: Desk) -> Health:
    """Look once."""
    status = service.running(settings)
    disk = shutil.disk_usage(settings.data_dir)
    opened = desk.sessions()
    return Health(
        version=version(),
        service=status,
        silent_s=0.0 if status is None else (datetime.now(UTC) - status.seen).total_seconds(),
        free_mib=disk.free >> 20,
        total_mib=disk.total >> 20,
        database_mib=settings.database.stat().st_size / (1 << 20),
        sessions=Counter(one.exam.state for one in opened),
        candidates=Counter(
            sitting.state
            for one in opened
            if one.exam.state not in ("closed", "sealed", "purged")
            for sitting in one.exam.candidates.values()
        ),
    )
