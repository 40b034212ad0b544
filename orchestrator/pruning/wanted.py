"""What is wanted though nothing uses it now: the goldens of this installation's labs and of its open sessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from labs.errors import EpreuveError
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.catalog import catalog
from orchestrator.engine.lab import session_lab
from orchestrator.golden import Golden
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.pruning.uses import Uses
from orchestrator.settings import Settings
from orchestrator.store import open_store
from orchestrator.store.exams import StoredSession, list_sessions
from orchestrator.workshop import key_if_built


def wanted(settings: Settings, hypervisors: Sequence[Hypervisor], goldens: Sequence[Golden]) -> Uses:
    """The folders of goldens that a lab, as it is now, or an open session would take.

    Where the lab of a session cannot be read any more, all goldens of that lab are: whatever is put back fits.
    """
    found: Uses = {}

    def want(lab: LoadedLab, why: Text) -> None:
        for hypervisor in hypervisors:
            if key := key_if_built(lab, hypervisor, settings):
                found.setdefault(settings.goldens_dir / key, why)

    for entry in catalog(settings.labs_dir):
        if entry.lab is not None:
            want(entry.lab, Text(f"sujet {entry.name}", f"lab {entry.name}"))
    for stored in _open_sessions(settings):
        why = Text(f"session {stored.slug}", f"session {stored.slug}")
        try:
            want(session_lab(stored), why)
        except EpreuveError:
            for golden in goldens:
                if golden.lab == stored.lab_id:
                    found.setdefault(golden.dir, why)
    return found


def _open_sessions(settings: Settings) -> Iterator[StoredSession]:
    if settings.database.exists():
        with open_store(settings.database) as store, store.read() as tx:
            yield from [one for one in list_sessions(tx) if one.closed_at is None]
