"""A candidate's notes for the jury: saved while they type, never over a text that the browser has not seen."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from orchestrator.store import seats
from web.candidate.place import place_in, whose
from web.site import now, site

LONGEST = 50_000
"""Characters."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Saved:
    """The notes as stored. ``text`` is given back only when somebody else's was there: nothing was saved then."""

    version: str
    at: datetime | None
    text: str | None = None


def version_of(text: str) -> str:
    """What the browser sends back to say which text it goes on from."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save(text: str, base: str) -> Saved:
    """Store the notes of whoever asks. base: the version that they go on from. Raises Refused out of their time."""
    clean = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    with site().store.write() as tx:
        place = place_in(tx)
        place.require_work()
        stored = place.page
        if version_of(stored.notes) not in (base, version_of(clean)):
            return Saved(version_of(stored.notes), stored.notes_at, stored.notes)
        at = now()
        seats.put(tx, *whose(), notes=clean, notes_at=at)
    return Saved(version_of(clean), at)
