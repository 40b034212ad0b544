"""A trial that is under way, and its lab."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort

from labs.loader import LoadedLab
from orchestrator.catalog import find_entry, open_lab
from orchestrator.engine import jobs, trials
from orchestrator.engine.desk import Open
from orchestrator.engine.trials import BENCH
from orchestrator.exam import Sitting
from web.site import site


@dataclass(frozen=True)
class Trial:
    """A trial as its page shows it. ``preparation``: how the making of its bench goes."""

    opened: Open
    preparation: jobs.Progress | None

    @property
    def slug(self) -> str:
        """Its session."""
        return self.opened.exam.slug

    @property
    def sitting(self) -> Sitting:
        """The one at its bench."""
        return self.opened.exam.candidates[BENCH]

    @property
    def state(self) -> str:
        """Of its bench; what the page looks like follows from it."""
        return self.sitting.state

    @property
    def left_s(self) -> float:
        """Seconds on the clock."""
        return self.sitting.clock.remaining_s(self.opened.now)


def open_trial(slug: str) -> Trial:
    """The trial of a session; 404 when it is none, or ended."""
    opened = site().desk.open(slug)
    if not trials.is_trial(opened) or opened.exam.state == "purged":
        abort(404)
    return Trial(opened, jobs.preparation(site().settings, slug))


def trial_lab(trial: Trial) -> LoadedLab:
    """The lab that is tried. Raises LabError."""
    exam = trial.opened.exam
    entry = find_entry(site().settings.labs_dir, exam.lab, exam.lab_version)
    if entry is not None and entry.lab is not None and entry.lab.hash == exam.lab_hash:
        return entry.lab  # read already
    return open_lab(trial.opened.stored.lab_folder)
