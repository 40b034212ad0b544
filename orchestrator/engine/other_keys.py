"""The devices that showed another key than the confirmed one when a bench was observed after the bell.

They are kept in ``<bench>/frozen/other-keys.json``, beside the observation, until both are in the journal: a service
may die before.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from labs.files import write_atomic
from orchestrator.devices.reach import Devices
from orchestrator.exam.commands import DeviceLooked
from orchestrator.exam.model import DeviceAt

log = logging.getLogger(__name__)

_FILE = "other-keys.json"
_SHOWN = TypeAdapter(dict[str, DeviceAt])


def keep_other_keys(frozen: Path, devices: Devices, keys: Mapping[str, str]) -> None:
    """Keep what was shown, by machine, in place of what was kept before. Raises OSError."""
    shown = {machine: DeviceAt(address=devices[machine].address, shown=key) for machine, key in keys.items()}
    if shown:
        write_atomic(frozen / _FILE, _SHOWN.dump_json(shown, exclude_defaults=True), mode=0o600)
    else:
        (frozen / _FILE).unlink(missing_ok=True)


def other_keys(frozen: Path, candidate: str) -> list[DeviceLooked]:
    """What was kept, as it is reported; nothing where a disk spoilt it: the work is frozen all the same.

    Raises OSError.
    """
    try:
        shown = _SHOWN.validate_json((frozen / _FILE).read_bytes())
    except FileNotFoundError:
        return []
    except ValidationError as error:
        log.warning("what devices of %s showed cannot be read: %s", frozen, error)
        return []
    return [DeviceLooked(candidate, machine, there.address, there.shown) for machine, there in shown.items()]
