"""Which sessions use a lab: as long as one does, its files are needed, if only to judge again."""

from __future__ import annotations

import json
from pathlib import Path

from orchestrator.store import exams
from orchestrator.store.database import Transaction


def sessions_with(tx: Transaction, data_dir: Path, folder: Path) -> list[str]:
    """The sessions that use the lab in a folder: exams that are not purged, and benches of the command line."""
    place = folder.resolve()
    used = {
        one.slug for one in exams.list_sessions(tx) if one.state != "purged" and Path(one.lab_folder).resolve() == place
    }
    for about in data_dir.glob("sessions/*/session.json"):
        try:
            said = json.loads(about.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(said, dict) and Path(str(said.get("lab_folder"))).resolve() == place:
            used.add(about.parent.name)
    return sorted(used)
