"""The installation's secret key: signs cookies and console tokens."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from labs.files import write_atomic
from orchestrator.settings import Settings

_BYTES = 32


def load_secret(settings: Settings) -> bytes:
    """The key of this installation, made (mode 0600) the first time it is asked for. Safe for several processes."""
    path = settings.data_dir / "web.key"
    with suppress(FileNotFoundError):
        return path.read_bytes()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".web.key-{os.getpid()}")
    write_atomic(new, secrets.token_bytes(_BYTES), mode=0o600)
    with suppress(FileExistsError):
        os.link(new, path)  # whoever comes first makes the key
    Path(new).unlink()
    return path.read_bytes()
