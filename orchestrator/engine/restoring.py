"""A bench that is being brought back: since when it was missing, and which of its machines were.

Kept in ``<bench>/restoring.json`` from before anything is brought back until the journal says that it is: a service
that dies meanwhile takes neither the entry nor the candidate's time with it. Where the whole bench was lost, it is kept
once that is made anew; of what went by until a service died in the making, only what the next one sees is given back.
"""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from labs.files import write_atomic

log = logging.getLogger(__name__)

RESTORING = "restoring.json"


class Restoring(BaseModel):
    """missing_since: in exam time. machines: those that were lost; none where all of the bench was."""

    model_config = ConfigDict(frozen=True)

    missing_since: datetime
    machines: tuple[str, ...] = ()


def keep_restoring(folder: Path, found: Restoring, *, told: datetime | None = None) -> Restoring:
    """Keep what was found missing, and what another try had found before, where that can be read. Raises OSError.

    folder: the bench's. told: since when what the journal tells last was missing; that is over.
    """
    file = folder / RESTORING
    before = _kept(file)
    if before is not None and (before.missing_since != told or not found.machines):
        machines = tuple(dict.fromkeys((*before.machines, *found.machines)))
        found = before.model_copy(update={"machines": machines})
    write_atomic(file, found.model_dump_json(), mode=0o600)
    return found


def _kept(file: Path) -> Restoring | None:
    """What is kept; None where there is nothing, or a disk spoilt it: the bench must come back all the same."""
    try:
        return Restoring.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        log.warning("%s cannot be read, and is written anew: %s", file, error)
        return None
