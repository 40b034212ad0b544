"""The lab of a session, as it was when the session was made; and that of each of its candidates."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.bench import BenchError
from orchestrator.catalog import open_lab
from orchestrator.engine.desk import Open
from orchestrator.store.exams import StoredSession

_reading = Lock()


def session_lab(stored: StoredSession) -> LoadedLab:
    """The lab, read once. Raises EpreuveError when it has changed since, or cannot be read."""
    return lab_as_it_was(stored.lab_folder, stored.lab_hash)


def lab_as_it_was(folder: str, hash_: str) -> LoadedLab:
    """The same, for those who know no more of the session."""
    with _reading:  # a room that begins asks for it all at once
        return _read(folder, hash_)


def candidate_lab(opened: Open, candidate: str) -> LoadedLab:
    """The lab with the values of its variants that are drawn for one candidate. Raises as ``session_lab`` does."""
    stored, exam = opened.stored, opened.exam
    return lab_as_drawn(stored.lab_folder, stored.lab_hash, exam.variants_seed, exam.slug, candidate)


def lab_as_drawn(folder: str, hash_: str, seed: str, session: str, candidate: str) -> LoadedLab:
    """The same, for those who know no more of the session."""
    return lab_as_it_was(folder, hash_).drawn(seed=seed, session=session, candidate=candidate)


@lru_cache(maxsize=16)
def _read(folder: str, hash_: str) -> LoadedLab:
    lab = open_lab(folder)
    if lab.hash != hash_:
        raise BenchError(
            Text("Le sujet a changé depuis la création de la session.", "The lab has changed since the session."),
            where=folder,
            do=Text("Remettez la version d'origine du sujet à sa place.", "Put the original lab back in place."),
        )
    return lab
