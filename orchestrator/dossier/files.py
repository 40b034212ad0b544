"""Where sealed dossiers are: ``<data>/dossiers/<session>/<session>-<candidate>.zip``, mode 0600."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from orchestrator.settings import Settings


def dossier_file(settings: Settings, slug: str, candidate: str) -> Path:
    """Where a candidate's dossier is, once it is sealed."""
    return settings.dossiers_dir / slug / f"{slug}-{candidate}.zip"


def forget_dossiers(settings: Settings, slug: str) -> None:
    """Remove the dossiers of a session that is purged. Not there: nothing to do."""
    folder = settings.dossiers_dir / slug
    for path in folder.glob("*"):
        path.unlink(missing_ok=True)
    (settings.dossiers_dir / f"{slug}.lock").unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()
