"""What a candidate may see of the lab: the subject with their session's secrets and their own values of the variants,
the tasks' names, the machines.

Nothing else of the lab leaves this module. A lab is read once, a subject laid out once for each candidate.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from labs.errors import EpreuveError
from labs.model import Lab
from labs.subject import SubjectLab, render_part
from orchestrator.engine.lab import lab_as_drawn, session_lab
from orchestrator.sessions import load_session
from orchestrator.store.exams import StoredSession
from web.candidate.place import Place
from web.site import site

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Machine:
    """A machine with a console. admin: where its administration page was at the start, if it has one."""

    name: str
    title: str
    admin: str | None = None


@dataclass(frozen=True)
class Task:
    """A piece of work, by name."""

    id: str
    title: str


@dataclass(frozen=True)
class Paper:
    """The subject as HTML, and its tasks."""

    title: str
    html: str
    tasks: tuple[Task, ...]


def paper(place: Place, name: str) -> Paper | None:
    """The paper of a candidate of this name; None when it cannot be laid out (the log says why)."""
    stored, exam = place.opened.stored, place.exam
    drawn = exam.variants_seed, exam.slug, place.sitting.id
    try:
        return _paper(stored.lab_folder, stored.lab_hash, drawn, site().settings.data_dir, name)
    except EpreuveError as error:
        log.warning("%s: %s (%s)", stored.slug, error.what, error.where)
        return None


def tasks(place: Place) -> tuple[str, ...]:
    """The ids of the tasks."""
    lab = _lab_of(place.opened.stored)
    return () if lab is None else tuple(task.id for task in lab.tasks)


def machines(place: Place) -> tuple[Machine, ...]:
    """The machines whose console is the candidate's. Without the lab they are known by their names."""
    lab = _lab_of(place.opened.stored)
    if lab is None:
        return tuple(Machine(name, name) for name in place.machines)
    found = [(name, lab.virtual[name]) for name in place.machines]
    return tuple(Machine(name, one.title, one.admin) for name, one in found if one.console)


def titles(place: Place) -> dict[str, str]:
    """The machines' titles, by name."""
    lab = _lab_of(place.opened.stored)
    return {} if lab is None else {name: machine.title for name, machine in lab.machines.items()}


def _lab_of(stored: StoredSession) -> Lab | None:
    try:
        return session_lab(stored).lab
    except EpreuveError as error:
        log.warning("%s: %s (%s)", stored.slug, error.what, error.where)
        return None


@lru_cache(maxsize=128)
def _paper(folder: str, hash_: str, drawn: tuple[str, str, str], data_dir: Path, name: str) -> Paper:
    """drawn: from which seed, in which session, for which candidate."""
    lab, (_, slug, _) = lab_as_drawn(folder, hash_, *drawn), drawn
    secrets = load_session(data_dir, slug).secrets
    view = SubjectLab.of(lab.lab, points=False)
    html = render_part(lab.lab, lab.subject, secrets=secrets, variants=lab.values, candidate=name)
    return Paper(view.title, html, tuple(Task(task.id, task.title) for task in view.tasks))
