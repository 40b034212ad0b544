"""Disks of machines: qcow2 overlays, made by qemu-img where the data directory is."""

from __future__ import annotations

import subprocess
from pathlib import Path

from labs.text import Text
from orchestrator.hypervisor.errors import HypervisorError


def create_overlay(backing: Path, path: Path) -> None:
    """Make an overlay over a disk that is only read from then on, mode 0600; nothing is left of it on an error.

    :raises HypervisorError: no such backing file, no room, no qemu-img.
    """
    # Named relatively inside one directory, so that the directory may be renamed.
    base = backing.name if backing.parent == path.parent else str(backing)
    argv = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", base, str(path)]
    try:
        subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60)
        path.chmod(0o600)
    except (OSError, subprocess.SubprocessError) as error:
        path.unlink(missing_ok=True)
        detail = (getattr(error, "stderr", "") or str(error)).strip()
        raise HypervisorError(
            Text(f"Le disque n'a pas pu être créé : {detail}.", f"The disk could not be made: {detail}."),
            where=str(path),
            do=Text("Vérifiez la place sur le disque et que l'image existe.", "Check free space and the image."),
        ) from error


def fold_file(overlay: Path) -> None:
    """Write what an overlay holds into its backing file; nobody may be using either. The overlay stays.

    :raises HypervisorError: no room, no qemu-img.
    """
    try:
        argv = ["qemu-img", "commit", "-q", "-d", str(overlay)]
        subprocess.run(argv, check=True, capture_output=True, text=True, timeout=600)
    except (OSError, subprocess.SubprocessError) as error:
        detail = (getattr(error, "stderr", "") or str(error)).strip()
        raise HypervisorError(
            Text(f"Le disque n'a pas pu être ramené à un fichier : {detail}.", f"The disk was not folded: {detail}."),
            where=str(overlay),
            do=Text("Vérifiez la place sur le disque.", "Check free space."),
        ) from error
